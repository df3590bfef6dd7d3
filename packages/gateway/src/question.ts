/** May this key run this command with these arguments? */
export interface GateQuestion {
  accessKeyId: string;
  secretAccessKey: string;
  command: string;
  /** Left out, the answer holds for the key and the command only, and the caller has to check the arguments. */
  args?: readonly string[] | undefined;
  /** The client that the gateway asks for; left out: the gateway itself. */
  clientIp?: string | undefined;
}

/** The longest that `/v1/authorize` takes, in characters. */
const plainLimits = { accessKeyId: 100, secretAccessKey: 200, clientIp: 100, args: 100 };
/** Six bytes for each character (an escape), and the question is still shorter than the service's 256 KiB. */
const plainLength = 32_768;
/** The same for the 1 MiB of all questions in a bundle. */
export const bundleLength = 131_072;
/** So many questions the service takes at once. */
export const bundleSize = 100;

/** Checks what only the program can have got wrong; the message has nothing of the values. */
export function copyQuestion(question: GateQuestion): GateQuestion {
  const { accessKeyId, secretAccessKey, command, args, clientIp } = question;
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey, command }))
    if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
  if (clientIp !== undefined && typeof clientIp !== 'string')
    throw new TypeError('clientIp must be a string');
  if (args !== undefined && !isTexts(args)) throw new TypeError('args must be an array of strings');
  // A copy: the caller may change its array while the question waits.
  return { accessKeyId, secretAccessKey, command, args: args && [...args], clientIp };
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function lengthOf({
  accessKeyId,
  secretAccessKey,
  command,
  args,
  clientIp = '',
}: GateQuestion): number {
  const own = accessKeyId.length + secretAccessKey.length + command.length + clientIp.length;
  return (args ?? []).reduce((sum, arg) => sum + arg.length, own);
}

/**
 * Whether `/v1/authorize` takes it. It refuses the whole request where a field is too long; AuthZEN's `evaluations`
 * decides about such a question (and denies it), so that it is recorded.
 */
export function isPlain(question: GateQuestion): boolean {
  const { accessKeyId, secretAccessKey, clientIp = '', args = [] } = question;
  return (
    accessKeyId.length <= plainLimits.accessKeyId &&
    secretAccessKey.length <= plainLimits.secretAccessKey &&
    clientIp.length <= plainLimits.clientIp &&
    args.length <= plainLimits.args &&
    lengthOf(question) <= plainLength
  );
}

/** The body of `POST /v1/authorize`. */
export function renderQuestion(question: GateQuestion): string {
  return JSON.stringify(question);
}

/** The body of `POST /access/v1/evaluations`. A question without `args` would be one with no arguments there. */
export function renderBundle(questions: readonly GateQuestion[]): string {
  return JSON.stringify({ action: { name: 'run' }, evaluations: questions.map(evaluationOf) });
}

function evaluationOf({ accessKeyId, secretAccessKey, command, args, clientIp }: GateQuestion) {
  return {
    subject: { type: 'access_key', id: accessKeyId, properties: { secretAccessKey } },
    resource: { type: 'command', id: command, properties: { args } },
    ...(clientIp !== undefined && { context: { clientIp } }),
  };
}
