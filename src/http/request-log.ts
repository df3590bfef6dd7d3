import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../config/logger.js';

const ownPrefix = randomBytes(4).toString('hex');
let ownCount = 0;

/** The ID that a client or a proxy gave the request, if it is fit for a log, else one of our own. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && /^[\w.:+/=-]{1,128}$/.test(given)) return given;
  return `${ownPrefix}-${(++ownCount).toString(36)}`;
}

/** Whether each request is logged: at the levels `debug` and `trace`. */
export function logsRequests(logger: Logger): boolean {
  return logger.isLevelEnabled('debug');
}

/** What is logged of a request that was answered: its route, for in its path there may be anything, a secret too. */
export interface AnsweredRequest {
  requestId: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  peer: string;
}

export function logAnswered(logger: Logger, { ms, ...request }: AnsweredRequest): void {
  logger.debug({ ...request, ms: Math.round(ms * 1000) / 1000 }, 'answered');
}

/** Logs what the framework answers; the fast paths log their own requests. */
export function registerRequestLog(server: FastifyInstance, logger: Logger): void {
  if (!logsRequests(logger)) return;
  server.addHook('onResponse', (request, reply, done) => {
    logAnswered(logger, {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: reply.elapsedTime,
      peer: peerOf(request.socket),
    });
    done();
  });
}

export function peerOf({ remoteAddress }: { remoteAddress?: string | undefined }): string {
  return remoteAddress ?? 'unix';
}
