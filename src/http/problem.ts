import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { endConnection } from './early-answer.js';

/** The one shape of an error that is no decision (RFC 9457). */
export interface Problem {
  status: number;
  detail: string;
  /** Members of its own. */
  more?: Readonly<Record<string, string | number>>;
}

export function sendProblem(reply: FastifyReply, { status, detail, more }: Problem): FastifyReply {
  return reply
    .code(status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...more });
}

export const notForYou: Problem = {
  status: 403,
  detail:
    'Decisions are told to gateways alone: on this machine, or at an address of HEARTHKEY_TRUSTED_PROXIES',
};

/** A body of bytes that are no text. */
export class NotUtf8Error extends Error {
  readonly statusCode = 400;

  constructor() {
    super('the body is not UTF-8');
  }
}

/** What can't be read, and what broke. The texts of the first name fields and never repeat what stood in them. */
export function answerErrors(
  scope: FastifyInstance,
  onError: (error: unknown, requestId: string) => void,
): void {
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    if (!request.raw.complete) endConnection(request.raw, reply.raw);
    const status = error.statusCode ?? 500;
    if (status >= 500) onError(error, request.id);
    const detail = status >= 500 ? 'The service could not do that, see its log' : error.message;
    return sendProblem(reply, { status, detail });
  });
}
