import { denyReasons, type DenyReason } from '../../errors.js';
import type { AccessRequest } from '../access-request.js';
import { describeCommand } from '../../catalogue/command-spec.js';
import {
  admissionSteps,
  askAboutCommand,
  commandSteps,
  identificationSteps,
  keySteps,
  type StepName,
} from '../decision-steps.js';
import { tellStep } from './explain-step.js';
import type { AccessQuestion, ExplainedFacts, ExplainedStep, Explanation, ToldFrom } from './explanation.js';

/**
 * Walks the steps of the decision, also behind the first that denies, so that all that stands in the way is told at
 * once. The verdict is that of the first.
 */
export function explain(asked: AccessQuestion, facts: ExplainedFacts): Explanation {
  const request = requestOf(asked);
  const { key } = facts;
  const steps: ExplainedStep[] = [];
  const from: ToldFrom = { request, asked, facts, key, question: undefined };
  const add = (step: StepName, reason: DenyReason | undefined): void => {
    const state = isAsked(step, from) ? (reason === undefined ? 'ok' : 'denied') : 'not asked';
    const told = tellStep(step, state, from);
    steps.push({ step, state, ...(state === 'denied' && reason && { reason }), ...told });
  };
  const skip = (names: readonly StepName[], why: string): void => {
    for (const step of names) steps.push({ step, state: 'not reached', why, source: '-' });
  };

  for (const { name, denies } of admissionSteps) add(name, denies(request, facts, undefined));
  add('key', key === undefined ? 'key_unknown' : undefined);
  if (key === undefined) {
    skip(['weak secret', 'secret', ...keySteps.map(({ name }) => name)], 'there is no such key');
  } else {
    add('weak secret', facts.weakSecret === 'closed' ? 'too_many_attempts' : undefined);
    add('secret', undefined);
    for (const { name, denies } of keySteps) add(name, denies(request, facts, key));
  }
  const isIdentification = asked.isIdentification === true;
  const command = isIdentification
    ? describeCommand(request.command, '', '')
    : facts.findCommand(request.command);
  const stepsOfCommand = isIdentification ? identificationSteps : commandSteps;
  add('command', command === undefined ? 'command_unknown' : undefined);
  if (key === undefined || command === undefined) {
    const why = key === undefined ? 'there is no such key' : 'there is no such command';
    skip(
      stepsOfCommand.map(({ name }) => name),
      why,
    );
  } else {
    const question = askAboutCommand(key, command, facts);
    from.question = question;
    for (const { name, denies } of stepsOfCommand) add(name, denies(request, facts, question));
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

/** Whether the question was put so that this step has something to ask. */
function isAsked(step: StepName, { asked, question }: ToldFrom): boolean {
  if (step === 'address' || step === 'key addresses') return asked.client !== undefined;
  if (step !== 'user named' || question === undefined) return true;
  return asked.args !== undefined || question.isRootUser || question.command.userPositions.length === 0;
}

function verdictOf(steps: readonly ExplainedStep[]): Explanation['verdict'] {
  const reason = steps.find(({ state }) => state === 'denied')?.reason;
  if (reason === undefined) return { outcome: 'allow' };
  return { outcome: 'deny', reason, code: denyReasons[reason] };
}
