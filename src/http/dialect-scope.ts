import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../network/address-range.js';
import type { ClientAddress } from '../network/client-address.js';
import { forwardedFor, isUnixPeer, resolveClientAddress } from '../network/client-address.js';
import { endConnection } from './early-answer.js';
import { BodyRefusal, readBody, type BodyRules } from './body/read-body.js';

/** What makes one dialect differ from another. */
export interface Dialect<Answer> {
  paths: readonly string[];
  bodyRules: BodyRules;
  /** Decides about the head alone; undefined: the body has to be read. */
  answerHead: (request: FastifyRequest) => Promise<Answer | undefined>;
  answer: (request: FastifyRequest, body: Buffer) => Promise<Answer>;
  answerRefusedBody: (request: FastifyRequest, refusal: BodyRefusal) => Promise<Answer>;
  /** For what broke. */
  answerBroken: (request: FastifyRequest) => Answer;
  send: (reply: FastifyReply, answer: Answer) => void;
  /** Told what broke. */
  onError: (error: unknown, requestId: string) => void;
}

/**
 * Adds the routes of a dialect. They are answered before the framework looks at the body or at its type: here a body is
 * bytes, whatever its type says, and it is read only once the head was looked at.
 */
export function registerDialect<Answer>(server: FastifyInstance, dialect: Dialect<Answer>): void {
  const { paths, answerBroken, send, onError } = dialect;
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      const answer = await answerRequest(request, reply, dialect);
      if (!request.raw.complete) endConnection(request.raw, reply.raw);
      send(reply, answer);
      return reply;
    });
    scope.setErrorHandler((error, request, reply) => {
      onError(error, request.id);
      if (!request.raw.complete) endConnection(request.raw, reply.raw);
      send(reply, answerBroken(request));
    });
    for (const path of paths) scope.all(path, () => undefined);
    done();
  });
}

async function answerRequest<Answer>(
  request: FastifyRequest,
  reply: FastifyReply,
  { bodyRules, answerHead, answer, answerRefusedBody }: Dialect<Answer>,
): Promise<Answer> {
  const early = await answerHead(request);
  if (early !== undefined) return early;
  const body = await new Promise<Buffer | BodyRefusal>((resolve) =>
    readBody(request.raw, reply.raw, bodyRules, resolve),
  );
  return body instanceof BodyRefusal ? answerRefusedBody(request, body) : answer(request, body);
}

/** Who asks, as the socket and the trusted proxies have it. */
export function clientOf(
  request: Pick<FastifyRequest, 'socket' | 'headers'>,
  trustedProxies: readonly AddressRange[],
): ClientAddress {
  return resolveClientAddress(
    {
      socketAddress: request.socket.remoteAddress,
      isUnixPeer: isUnixPeer(request.socket),
      forwardedFor: forwardedFor(request.headers),
    },
    trustedProxies,
  );
}
