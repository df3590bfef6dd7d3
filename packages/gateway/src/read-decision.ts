import { denyHere, isDenyReason, type AllowedDecision, type GateDecision } from './decision.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one decision, in the form of `/v1/authorize`. What is not exactly that denies: an allow with a field missing or
 * of another type is no allow.
 *
 * @param args - of the question. An allow whose user stands at another place belongs to another question.
 */
export function readDecision(answer: unknown, args: readonly string[] | undefined): GateDecision {
  if (!isObject(answer)) return denyHere('gateway_bad_answer', 'not an object');
  if (answer['allowed'] === true) return readAllowed(answer, args);
  if (answer['allowed'] === false) return readDenied(answer);
  return denyHere('gateway_bad_answer', 'no decision');
}

/**
 * Reads the answer to several questions (AuthZEN `evaluations`), each for itself. With another number of answers than
 * questions nobody can tell which is whose, so all are denied.
 */
export function readDecisions(
  answer: unknown,
  questions: readonly { args?: readonly string[] | undefined }[],
): GateDecision[] {
  const evaluations = isObject(answer) ? answer['evaluations'] : undefined;
  if (!Array.isArray(evaluations) || evaluations.length !== questions.length)
    return questions.map(() => denyHere('gateway_bad_answer', 'not as many decisions as questions'));
  return questions.map(({ args }, index) => readEvaluation(evaluations[index], args));
}

function readEvaluation(evaluation: unknown, args: readonly string[] | undefined): GateDecision {
  if (!isObject(evaluation) || !isObject(evaluation['context']))
    return denyHere('gateway_bad_answer', 'no decision');
  return readDecision({ ...evaluation['context'], allowed: evaluation['decision'] }, args);
}

function readAllowed(answer: Fields, args: readonly string[] | undefined): GateDecision {
  const { code, reason, user, isRootUser, permissions, userArgPosition, userArgPositions } = answer;
  if (code !== 0 || reason !== 'allowed') return denyHere('gateway_bad_answer', 'allow with another code');
  if (
    typeof user !== 'string' ||
    user === '' ||
    typeof isRootUser !== 'boolean' ||
    !isListOf(permissions, isText) ||
    !isPosition(userArgPosition) ||
    !isListOf(userArgPositions, isPosition)
  )
    return denyHere('gateway_bad_answer', 'allow with a field missing');
  const isOthers = args !== undefined && userArgPositions.some((place) => args[place - 1] !== user);
  if (isOthers && !isRootUser) return denyHere('gateway_bad_answer', "allow for another user's arguments");
  const allowed = { allowed: true, code, reason, user, isRootUser } satisfies Partial<AllowedDecision>;
  return { ...allowed, permissions, userArgPosition, userArgPositions };
}

function readDenied({ code, reason, user }: Fields): GateDecision {
  if (typeof code !== 'number' || !Number.isInteger(code) || code === 0 || typeof reason !== 'string')
    return denyHere('gateway_bad_answer', 'deny without a code or a reason');
  if (user !== undefined && typeof user !== 'string')
    return denyHere('gateway_bad_answer', 'deny with a user that is no text');
  // The code of a newer service still tells what kind of denial it is.
  if (!isDenyReason(reason)) return { ...denyHere('gateway_unknown_reason'), code };
  return { allowed: false, code, reason, ...(user !== undefined && { user }) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
