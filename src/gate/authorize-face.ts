import type { FastifyInstance } from 'fastify';
import type { Authorizer } from '../authorization/authorize.js';
import { answerDecision, decideFor, decisionProperties, type GateQuestion } from './decision-answer.js';

/** Large enough for the longest arguments that a gateway would look at. */
const bodyLimitBytes = 262_144;

const body = {
  type: 'object',
  required: ['accessKeyId', 'secretAccessKey', 'command'],
  // A misspelt clientIp must not turn into "the gateway itself".
  additionalProperties: false,
  properties: {
    accessKeyId: { type: 'string', maxLength: 100 },
    secretAccessKey: { type: 'string', maxLength: 200 },
    command: { type: 'string', maxLength: 200 },
    args: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 65_536 } },
    clientIp: { type: 'string', maxLength: 100 },
  },
} as const;

const answer = {
  type: 'object',
  required: ['allowed', 'code', 'reason'],
  properties: decisionProperties,
} as const;

/** `POST /v1/authorize`: one question, one decision. */
export function registerAuthorize(scope: FastifyInstance, authorizer: Authorizer): void {
  scope.post<{ Body: GateQuestion }>(
    '/v1/authorize',
    { schema: { body, response: { 200: answer } }, bodyLimit: bodyLimitBytes },
    async (request) =>
      answerDecision(await decideFor(authorizer, request.body, request.socket.remoteAddress)),
  );
}
