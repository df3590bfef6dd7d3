import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import type { ClientAddress } from '../authorization/access-request.js';
import { BodyBudgetError, type BodyBudget } from './body-budget.js';
import { forwardedFor, resolveClientAddress } from './client-address.js';

/** What makes one dialect differ from another. */
export interface Dialect<Answer> {
  paths: readonly string[];
  /** Bytes. */
  bodyLimit: number;
  bodyBudget: BodyBudget;
  answer: (request: FastifyRequest) => Promise<Answer>;
  /** For what Fastify itself refuses, such as a body that is too large, and, with a status of 500, for what broke. */
  answerUnreadable: (status: number) => Answer;
  answerBusy: (error: BodyBudgetError) => Answer;
  send: (reply: FastifyReply, answer: Answer) => void;
  /** Told what broke. */
  onError: (error: unknown, requestId: string) => void;
}

/** Adds the routes of a dialect, in a scope of their own: here a body is bytes, whatever its type says. */
export function registerDialect<Answer>(server: FastifyInstance, dialect: Dialect<Answer>): void {
  const { paths, bodyLimit, bodyBudget, answer, answerUnreadable, answerBusy, send, onError } = dialect;
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    ignoreTypes(scope);
    bodyBudget.guard(scope);
    scope.setErrorHandler((error: FastifyError | BodyBudgetError, request, reply) => {
      if (error instanceof BodyBudgetError) {
        send(reply, answerBusy(error));
        return;
      }
      const status = error.statusCode ?? 500;
      if (status >= 500) onError(error, request.id);
      send(reply, answerUnreadable(status));
    });
    for (const path of paths) {
      scope.all(path, { bodyLimit }, async (request, reply) => {
        send(reply, await answer(request));
        return reply;
      });
    }
    done();
  });
}

/** Fastify refuses a type that is none; here the dialect looks at what was sent, whatever it is. */
function ignoreTypes(scope: FastifyInstance): void {
  const sent = new WeakMap<FastifyRequest, string>();
  scope.addHook('onRequest', (request, _reply, next) => {
    const { 'content-type': type } = request.headers;
    if (type !== undefined) {
      sent.set(request, type);
      request.headers['content-type'] = 'application/octet-stream';
    }
    next();
  });
  scope.addHook('preValidation', (request, _reply, next) => {
    const type = sent.get(request);
    if (type !== undefined) request.headers['content-type'] = type;
    next();
  });
}

/** The bytes of the body; none where it was not read. */
export function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Who asks, as the socket and the trusted proxies have it. */
export function clientOf(
  request: Pick<FastifyRequest, 'socket' | 'headers'>,
  trustedProxies: readonly AddressRange[],
): ClientAddress {
  return resolveClientAddress(
    {
      socketAddress: request.socket.remoteAddress,
      forwardedFor: forwardedFor(request.headers),
    },
    trustedProxies,
  );
}
