import compile, { type ObjectSchema } from 'fast-json-stringify';
import { parseAddress, formatAddress } from '../../network/address-range.js';
import type { AccessRequest, Decision } from '../../authorization/access-request.js';
import type { ClientAddress } from '../../network/client-address.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { loneSurrogatePattern } from '../../text/byte-text.js';
import type { DenyReason } from '../../errors.js';
import type { GateCaller } from './gate-callers.js';

/** A decision as a gateway reads it. It is trusted, so it gets the exact reason. */
export interface DecisionAnswer {
  allowed: boolean;
  code: number;
  /** `allowed`, or one of docs/codes.md. */
  reason: string;
  /** The key's owner, once the secret was right. */
  user?: string;
  isRootUser?: boolean;
  permissions?: readonly string[];
  /** Where `user` has to stand among the arguments, counted from 1; 0: nowhere. */
  userArgPosition?: number;
  /** The same for a command with more than one such place. */
  userArgPositions?: readonly number[];
}

/** The schema that answers are written with. */
export const decisionProperties = {
  allowed: { type: 'boolean' },
  code: { type: 'integer' },
  reason: { type: 'string' },
  user: { type: 'string' },
  isRootUser: { type: 'boolean' },
  permissions: { type: 'array', items: { type: 'string' } },
  userArgPosition: { type: 'integer' },
  userArgPositions: { type: 'array', items: { type: 'integer' } },
} as const;

/** Of `/v1/authorize`. */
export const decisionAnswerSchema = {
  type: 'object',
  required: ['allowed', 'code', 'reason'],
  properties: decisionProperties,
} satisfies ObjectSchema;

/** The answer as JSON, as the schema writes it. */
export const renderAnswer: (answer: DecisionAnswer) => string = compile(decisionAnswerSchema);

export function answerDecision(decision: Decision): DecisionAnswer {
  if (decision.outcome === 'deny') {
    const { code, reason, user } = decision;
    return user === undefined ? { allowed: false, code, reason } : { allowed: false, code, reason, user };
  }
  const { user, isRootUser, namesOthers, permissions, userArgPosition, command } = decision;
  return {
    allowed: true,
    code: 0,
    reason: 'allowed',
    user,
    isRootUser,
    permissions,
    userArgPosition,
    userArgPositions: isRootUser || namesOthers === true ? [] : command.userPositions,
  };
}

/** What a gateway asks. */
export interface GateQuestion {
  accessKeyId: string;
  secretAccessKey: string;
  command: string;
  args?: readonly string[];
  /** The client that the gateway asks for; undefined: it asks for itself. */
  clientIp?: string;
}

/** A question that is no question about a command: it is denied, and recorded like every other denial. */
export type MalformedQuestion = GateQuestion & { isMalformed: boolean };

export function decideFor(
  authorizer: Authorizer,
  question: GateQuestion | MalformedQuestion,
  caller: GateCaller,
): Promise<Decision> {
  const asked = requestOf(question, caller);
  const refusal = refusalOf(question, asked);
  return refusal === undefined ? authorizer.authorize(asked) : authorizer.refuse(asked, refusal);
}

/** The same for several questions at once: by themselves, and in their order. */
export function decideForAll(
  authorizer: Authorizer,
  questions: readonly MalformedQuestion[],
  caller: GateCaller,
): Promise<Decision[]> {
  const asked = questions.map((question) => requestOf(question, caller));
  if (questions.some((question, index) => refusalOf(question, asked[index]) !== undefined))
    return Promise.all(questions.map((question) => decideFor(authorizer, question, caller)));
  return authorizer.authorizeAll(asked);
}

function requestOf(question: GateQuestion, caller: GateCaller): AccessRequest {
  const { accessKeyId, secretAccessKey, command, args, clientIp } = question;
  const client = clientAt(clientIp ?? caller.address ?? '');
  const asked: AccessRequest = { mode: 'enforce', client, accessKeyId, secretAccessKey, command };
  if (args !== undefined) asked.args = args;
  if (clientIp !== undefined && !caller.isTrusted) asked.addressClaimedBy = caller.address ?? 'unknown';
  return asked;
}

/** Why it can't even be asked. */
function refusalOf(
  question: GateQuestion | MalformedQuestion,
  asked?: AccessRequest,
): DenyReason | undefined {
  if (question.clientIp !== undefined && asked?.client.address === undefined) return 'address_malformed';
  const isMalformed = 'isMalformed' in question && question.isMalformed;
  return isMalformed || question.args?.some(isNoArgument) === true ? 'command_malformed' : undefined;
}

/** No process can be given NUL in an argument, or half a character. */
function isNoArgument(text: string): boolean {
  return text.includes('\0') || loneSurrogatePattern.test(text);
}

function clientAt(text: string): ClientAddress {
  const address = parseAddress(text);
  return { address, text: address === undefined ? '' : formatAddress(address) };
}
