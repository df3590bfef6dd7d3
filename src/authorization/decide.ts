import type { DenyReason } from '../errors.js';
import { hasLimits, limitsOf } from '../keys/limits/key-limits.js';
import { limitsWithin, noMakers } from '../keys/makers/makers.js';
import { deny, type AccessRequest, type Allow, type Decision, type Deny } from './access-request.js';
import { grantWithin } from './held-step.js';
import { describeCommand } from '../catalogue/command-spec.js';
import type { DecisionFacts, KeyFacts } from './facts/decision-facts.js';
import {
  admissionSteps,
  askAboutCommand,
  commandSteps,
  identificationSteps,
  keySteps,
  mayNameOthers,
  triedCommandSteps,
  triedKeySteps,
  type AdmissionFacts,
  type CommandQuestion,
  type Step,
} from './decision-steps.js';

/**
 * The decision is made from facts alone, a clock reading among them: no store, no waiting. What is asked, and in which
 * order, stands in `decision-steps.ts`. This is everything that is asked before the secret, so that who isn't let in at
 * all costs nothing.
 */
export function decideAdmission(request: AccessRequest, facts: AdmissionFacts): Deny | undefined {
  if (request.mode === 'inspect') return undefined;
  const reason = firstDenial(admissionSteps, request, facts, undefined);
  return reason && deny(reason);
}

/**
 * The rest of the decision, about somebody who was let in by these facts.
 *
 * @param isSecretRight - whether the secret that was sent is the one that `facts.key` has now
 */
export function decideAboutKey(
  request: AccessRequest,
  facts: DecisionFacts,
  isSecretRight: boolean,
): Decision {
  const { key } = facts;
  if (key === undefined) return deny('key_unknown');
  if (!isSecretRight || key.isCanary === true) return deny('secret_mismatch');
  const ofKey = firstDenial(keySteps, request, facts, key);
  if (ofKey !== undefined) return deny(ofKey, key.user);
  if (request.isIdentification === true) return identify(request, facts, key);
  if (request.command === '') return { ...deny('command_missing', key.user), code: 10 };
  const command = facts.findCommand(request.command);
  if (command === undefined) return deny('command_unknown', key.user);
  const question = askAboutCommand(key, command, facts);
  const ofCommand = firstDenial(commandSteps, request, facts, question);
  return ofCommand === undefined
    ? allow(question, facts, request, safeOf(question, request, facts))
    : deny(ofCommand, key.user);
}

/**
 * Why a request that is allowed would be denied if its key, or a maker of it, were as it is tried.
 *
 * @param facts - those of the decision, with what is tried in place
 */
export function reasonOfTrial(
  request: AccessRequest,
  facts: DecisionFacts,
  key: KeyFacts,
): DenyReason | undefined {
  const ofKey = firstDenial(triedKeySteps, request, facts, key);
  // Who only asks whose key it is needs no permission.
  if (ofKey !== undefined || request.isIdentification === true) return ofKey;
  const command = facts.findCommand(request.command);
  if (command === undefined) return 'command_unknown';
  return firstDenial(triedCommandSteps, request, facts, askAboutCommand(key, command, facts));
}

/** A key that may be used over the API at all may ask whose it is. */
function identify(request: AccessRequest, facts: DecisionFacts, key: KeyFacts): Decision {
  const question = askAboutCommand(key, describeCommand(request.command, '', ''), facts);
  const reason = firstDenial(identificationSteps, request, facts, question);
  if (reason !== undefined) return deny(reason, key.user);
  // Nothing may be left of its permissions: no command is allowed then, but the question is.
  const mayRunEverything = question.isRootUser && question.permissions === 'everything';
  return { ...allow(question, facts, request), mayRunEverything };
}

export function firstDenial<Facts, About>(
  steps: readonly Step<Facts, About>[],
  request: AccessRequest,
  facts: Facts,
  about: About,
): DenyReason | undefined {
  for (const { denies } of steps) {
    const reason = denies(request, facts, about);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Whether a role that grants it has it in SAFE. */
function safeOf(question: CommandQuestion, request: AccessRequest, facts: DecisionFacts): boolean {
  if (!question.isHeld || question.grant !== 'safe') return question.grant === 'safe';
  const { args, areArgsToCome = false } = request;
  return grantWithin(question, facts, areArgsToCome ? 'any' : args) === 'safe';
}

function allow(
  question: CommandQuestion,
  { makers = noMakers }: DecisionFacts,
  request: AccessRequest,
  isSafe = false,
): Allow {
  const { key, isRootUser, command, permissions } = question;
  const isHeldToNobody = mayNameOthers(request, question);
  const decision: Allow = {
    outcome: 'allow',
    accessKeyId: key.id,
    user: key.user,
    isRootUser,
    permissions: permissions === 'everything' ? [] : permissions,
    command,
    userArgPosition: isHeldToNobody ? 0 : (command.userPositions[0] ?? 0),
  };
  if (isHeldToNobody && !isRootUser) decision.namesOthers = true;
  if (isSafe) decision.isSafe = true;
  const limits = makers.length === 0 ? key : limitsWithin(key, makers);
  if (hasLimits(limits)) decision.limits = limitsOf(limits);
  return decision;
}
