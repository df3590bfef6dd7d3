import { denyReasons, type DenyReason } from '../../errors.js';
import type { AccessRequest } from '../access-request.js';
import { describeCommand, type CommandSpec } from '../../catalogue/command-spec.js';
import {
  admissionSteps,
  askAboutCommand,
  commandSteps,
  identificationSteps,
  keySteps,
  type StepName,
} from '../decision-steps.js';
import { grantWithin } from '../held-step.js';
import { mayBeUser } from '../named-users.js';
import { coverEverything } from '../../network/address-range.js';
import { tellStep, tellUnreached } from './explain-step.js';
import type {
  AccessQuestion,
  ExplainedFacts,
  ExplainedStep,
  Explanation,
  OpenPart,
  StepState,
  ToldFrom,
  Verdict,
} from './explanation.js';

/**
 * Walks the steps of the decision, also behind the first that denies, so that all that stands in the way is told at
 * once. The verdict is that of the first. What the question leaves open is asked for the worst that it could be: it is
 * never allowed as long as that would be denied.
 */
export function explain(asked: AccessQuestion, facts: ExplainedFacts): Explanation {
  const request = requestOf(asked);
  const { key } = facts;
  const steps: ExplainedStep[] = [];
  const from: ToldFrom = { request, asked, facts, key, question: undefined };
  const add = (step: StepName, reason: DenyReason | undefined): void => {
    const state = stateOf(step, reason, from);
    const told = tellStep(step, state, from);
    steps.push({ step, state, ...(state === 'denied' && reason && { reason }), ...told });
  };
  const skip = (names: readonly StepName[], why: Parameters<typeof tellUnreached>[0]): void => {
    for (const step of names) steps.push({ step, state: 'not reached', ...tellUnreached(why) });
  };

  for (const { name, denies } of admissionSteps) add(name, denies(request, facts, undefined));
  add('key', key === undefined ? 'key_unknown' : undefined);
  if (key === undefined) {
    skip(['weak secret', 'secret', ...keySteps.map(({ name }) => name)], 'key_unknown');
  } else {
    add('weak secret', facts.weakSecret === 'closed' ? 'too_many_attempts' : undefined);
    add('secret', key.isCanary === true ? 'secret_mismatch' : undefined);
    for (const { name, denies } of keySteps) add(name, denies(request, facts, key));
  }
  const isIdentification = asked.isIdentification === true;
  const command = isIdentification
    ? describeCommand(request.command, '', '')
    : facts.findCommand(request.command);
  const stepsOfCommand = isIdentification ? identificationSteps : commandSteps;
  add('command', command === undefined ? 'command_unknown' : undefined);
  if (key === undefined || command === undefined) {
    const why = key === undefined ? 'key_unknown' : 'command_not_there';
    skip(
      stepsOfCommand.map(({ name }) => name),
      why,
    );
  } else {
    const question = askAboutCommand(key, command, facts);
    from.question = question;
    const worst = { ...request, args: asked.args ?? worstArgs(facts, command) };
    // None at all is the worst that can be said of held ones.
    const none = { ...request, args: asked.args ?? [] };
    for (const { name, denies } of stepsOfCommand)
      add(name, denies(name === 'held arguments' ? none : worst, facts, question));
  }
  return { steps, verdict: verdictOf(steps) };
}

function requestOf({ accessKeyId, client, command, args }: AccessQuestion): AccessRequest {
  return {
    mode: 'enforce',
    client: client ?? { address: undefined, text: '' },
    accessKeyId,
    secretAccessKey: '',
    command,
    ...(args !== undefined && { args }),
  };
}

/** A request that says these changes the root user's way in, or ends it, and names no other user. */
function worstArgs({ rootUser }: ExplainedFacts, { argumentNames }: CommandSpec): string[] {
  const others = argumentNames.slice(1).map((name) => (mayBeUser(name) ? rootUser : undefined));
  return [
    rootUser,
    others[0] ?? 'ROLE',
    others[1] ?? 'none',
    ...others.slice(2).map((name) => name ?? 'none'),
  ];
}

/** What a question has to say for a step to be asked. */
const needs: Partial<Record<StepName, OpenPart>> = {
  address: 'address',
  'key addresses': 'address',
  'weak secret': 'address',
  'user named': 'arguments',
  'held arguments': 'arguments',
  'root user': 'arguments',
};

function stateOf(step: StepName, reason: DenyReason | undefined, from: ToldFrom): StepState {
  const { asked, facts, key } = from;
  const isSaid = needs[step] === 'address' ? asked.client !== undefined : asked.args !== undefined;
  if (needs[step] === undefined || isSaid) return reason === undefined ? 'ok' : 'denied';
  if (step === 'address') return facts.allowList.allowsEveryAddress() ? 'ok' : 'not asked';
  if (step === 'weak secret') {
    if (facts.weakSecret === 'somewhere') return 'not asked';
    return reason === undefined ? 'ok' : 'denied';
  }
  if (step === 'key addresses') {
    const lists = [key, ...(facts.makers ?? [])].map((each) => each?.allowedAddresses);
    return lists.every((list) => list === undefined || coverEverything(list)) ? 'ok' : 'not asked';
  }
  // Of arguments that are not known none is the held one; some may be.
  if (step === 'held arguments' && reason !== undefined && !couldBeWithin(from)) return 'denied';
  return reason === undefined ? 'ok' : 'not asked';
}

function couldBeWithin({ question, facts }: ToldFrom): boolean {
  return question !== undefined && grantWithin(question, facts, 'any') !== 'none';
}

function verdictOf(steps: readonly ExplainedStep[]): Verdict {
  const reason = steps.find(({ state }) => state === 'denied')?.reason;
  if (reason !== undefined) return { outcome: 'deny', reason, code: denyReasons[reason] };
  const open = steps.flatMap(({ step, state }) => (state === 'not asked' ? (needs[step] ?? []) : []));
  return open.length === 0 ? { outcome: 'allow' } : { outcome: 'depends', on: [...new Set(open)] };
}
