import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, ReturnCode, type DenyReason } from '../../errors.js';
import type { BodyBudget } from './body-budget.js';
import { beginBody } from '../early-answer.js';
import { ReceivedBytes } from './received-bytes.js';

/** A body may come in that many pieces, and in one more for each of these bytes: each piece is work. */
const maxPieces = 16_384;
const bytesPerPiece = 64;

export interface BodyRules {
  /** Bytes. */
  limit: number;
  budget: BodyBudget;
}

/** A body that is not read to its end. */
export class BodyRefusal extends AppError {
  constructor(
    readonly status: 413 | 503,
    /** What has come of it. */
    readonly received: Buffer,
  ) {
    super(
      status === 503 ? ReturnCode.BUSY : ReturnCode.INVALID,
      status === 503 ? 'The server is too busy, try again' : 'the request could not be read',
    );
  }

  get reason(): DenyReason {
    return this.status === 503 ? 'overloaded' : 'request_too_large';
  }
}

/**
 * Reads the body. What it takes of the budget is given back when the request has been answered, or has ended otherwise.
 *
 * @param onEnd - never called for a request that is cut off: nobody is there to be answered
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { limit, budget }: BodyRules,
  onEnd: (body: Buffer | BodyRefusal) => void,
): void {
  const received = new ReceivedBytes(Number(request.headers['content-length']));
  let pieces = 0;
  let taken = 0;
  const refuse = (status: 413 | 503): void => {
    request.off('data', onData).off('end', onWhole);
    onEnd(new BodyRefusal(status, received.bytes));
  };
  const onData = (chunk: Buffer): void => {
    pieces += 1;
    const length = received.bytes.length + chunk.length;
    if (length > limit || pieces > maxPieces + length / bytesPerPiece) {
      refuse(413);
      return;
    }
    received.add(chunk);
    if (budget.change(taken, received.capacity)) taken = received.capacity;
    else refuse(503);
  };
  const onWhole = (): void => onEnd(received.bytes);
  response.once('close', () => {
    budget.change(taken, 0);
    taken = 0;
  });
  beginBody(request, response);
  request.on('data', onData).on('end', onWhole);
}
