import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, ReturnCode } from '../errors.js';

/** For all bodies together: 32 of the longest. */
const totalBytes = 67_108_864;
/** What each request has beside that, so that whoever uses the budget up can't shut out requests of a usual size. */
const ownBytes = 16_384;
/** What a piece takes beside its bytes: a body may come in pieces of one. */
const pieceBytes = 256;
const bodylessMethods: readonly string[] = ['GET', 'HEAD', 'TRACE'];

/**
 * Bytes of bodies that are in memory at a time, over all connections: they are kept before anybody knows who sent them.
 * What a request has taken is given back when it has been answered or has ended otherwise.
 */
export class BodyBudget {
  private left = totalBytes;

  /** Bodies of this scope count; what is too much is refused with 503 by the scope's own handler of errors. */
  guard(scope: FastifyInstance): void {
    scope.addHook('preParsing', (request, reply, payload, next) => {
      if (staysSmall(request)) {
        next(null, payload);
        return;
      }
      let taken = 0;
      const counted = new Transform({
        transform: (chunk: Buffer, _encoding, passOn) => {
          const before = Math.max(taken - ownBytes, 0);
          taken += chunk.length + pieceBytes;
          this.left -= Math.max(taken - ownBytes, 0) - before;
          if (this.left >= 0) {
            passOn(null, chunk);
            return;
          }
          void reply.header('Connection', 'close');
          passOn(new BodyBudgetError());
        },
      });
      reply.raw.once('close', () => {
        this.left += Math.max(taken - ownBytes, 0);
        taken = 0;
        payload.unpipe(counted).resume(); // of a body that was refused the rest is read, and lost
        counted.destroy();
      });
      payload.on('error', (error) => counted.destroy(error));
      next(null, payload.pipe(counted));
    });
  }
}

/** Too many bodies at this moment. */
export class BodyBudgetError extends AppError {
  readonly statusCode = 503;

  constructor() {
    super(ReturnCode.BUSY, 'The server is too busy, try again');
  }
}

/** A length that is announced is held to by the parser of HTTP. */
function staysSmall({ method, headers }: FastifyRequest): boolean {
  return bodylessMethods.includes(method) || Number(headers['content-length']) <= ownBytes;
}
