import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authorizer } from '../../authorization/authorize.js';
import { answerDecision, decideFor, decisionAnswerSchema, type GateQuestion } from './decision-answer.js';
import { routes } from '../routes.js';
import type { GateCaller } from './gate-callers.js';

const { paths, bodyLimitBytes } = routes.authorize;

export const authorizeBodySchema = {
  type: 'object',
  required: ['accessKeyId', 'secretAccessKey', 'command'],
  // A misspelt clientIp must not turn into "the gateway itself".
  additionalProperties: false,
  properties: {
    accessKeyId: { type: 'string', maxLength: 100 },
    secretAccessKey: { type: 'string', maxLength: 200 },
    // However long it is, it is a command that there isn't.
    command: { type: 'string', maxLength: 65_536 },
    args: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 65_536 } },
    clientIp: { type: 'string', maxLength: 100 },
  },
} as const;

/** `POST /v1/authorize`: one question, one decision. */
export function registerAuthorize(
  scope: FastifyInstance,
  authorizer: Authorizer,
  callerOf: (request: FastifyRequest) => GateCaller,
): void {
  scope.post<{ Body: GateQuestion }>(
    paths[0],
    {
      schema: { body: authorizeBodySchema, response: { 200: decisionAnswerSchema } },
      bodyLimit: bodyLimitBytes,
    },
    (request) => decideFor(authorizer, request.body, callerOf(request)).then(answerDecision),
  );
}

/**
 * Reads a question that nothing is wrong with.
 *
 * @returns undefined for what the schema above has to look at: it may still be a question
 */
export function readPlainQuestion(text: Buffer): GateQuestion | undefined {
  let question: GateQuestion;
  try {
    if (!isUtf8(text)) return undefined;
    question = JSON.parse(text.toString()) as GateQuestion;
  } catch {
    return undefined;
  }
  return isPlain(question) ? question : undefined;
}

function isPlain(question: unknown): question is GateQuestion {
  if (typeof question !== 'object' || question === null || Array.isArray(question)) return false;
  const { accessKeyId, secretAccessKey, command, args, clientIp } = question as Record<string, unknown>;
  let known = 3;
  if (args !== undefined) {
    if (!Array.isArray(args) || args.length > authorizeBodySchema.properties.args.maxItems) return false;
    if (!args.every((arg) => typeof arg === 'string')) return false;
    known++;
  }
  if (clientIp !== undefined) {
    if (!isText(clientIp, authorizeBodySchema.properties.clientIp)) return false;
    known++;
  }
  return (
    isText(accessKeyId, authorizeBodySchema.properties.accessKeyId) &&
    isText(secretAccessKey, authorizeBodySchema.properties.secretAccessKey) &&
    isText(command, authorizeBodySchema.properties.command) &&
    Object.keys(question).length === known
  );
}

/** Of code units at most as many as characters may be. */
function isText(value: unknown, { maxLength }: { maxLength: number }): boolean {
  return typeof value === 'string' && value.length <= maxLength;
}
