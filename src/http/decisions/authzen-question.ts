import type { MalformedQuestion } from './decision-answer.js';

/** One question of AuthZEN 1.0, as far as the schema has looked at it: whatever is in there may be missing. */
export interface Evaluation {
  subject?: Entity;
  action?: { name?: unknown };
  resource?: Entity;
  context?: { clientIp?: unknown };
}

interface Entity {
  type?: unknown;
  id?: unknown;
  properties?: Readonly<Record<string, unknown>>;
}

const limits = {
  accessKeyId: 100,
  secretAccessKey: 200,
  command: 65_536,
  clientIp: 100,
  arg: 65_536,
  args: 100,
};

/**
 * What is asked. A subject that is no access key has no credentials; what else can't be asked (an action other than
 * `run`, a resource that is no command, arguments that are no texts) is malformed.
 *
 * @param defaults - what counts for a part that is missing
 */
export function readEvaluation(asked: Evaluation, defaults: Evaluation = asked): MalformedQuestion {
  const { subject = defaults.subject, action = defaults.action } = asked;
  const { resource = defaults.resource, context = defaults.context } = asked;
  const isCommand = resource?.type === 'command' && text(resource.id, limits.command) !== undefined;
  const args = readArgs(resource?.properties?.['args']);
  const question: MalformedQuestion = {
    accessKeyId: readAccessKeyId(subject) ?? '',
    secretAccessKey: text(subject?.properties?.['secretAccessKey'], limits.secretAccessKey) ?? '',
    command: isCommand ? String(resource.id) : '',
    // Who reads only `decision` compares nothing himself: where no arguments are named there are none.
    args: args ?? [],
    isMalformed: action?.name !== 'run' || args === undefined || (resource !== undefined && !isCommand),
  };
  if (context?.clientIp !== undefined)
    question.clientIp = text(context.clientIp, limits.clientIp) ?? 'unknown';
  return question;
}

/** The ID may stand in both places, and then it is the same: else it would be unclear who is meant. */
function readAccessKeyId(subject: Entity | undefined): string | undefined {
  if (subject?.type !== 'access_key') return undefined;
  const id = text(subject.id, limits.accessKeyId);
  const named = subject.properties?.['accessKeyId'];
  return named === undefined || named === id ? id : undefined;
}

/** @returns undefined for what is no list of texts */
function readArgs(value: unknown): string[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > limits.args) return undefined;
  const args = value.map((item: unknown) => text(item, limits.arg));
  return args.includes(undefined) ? undefined : (args as string[]);
}

function text(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' && value.length <= maxLength ? value : undefined;
}
