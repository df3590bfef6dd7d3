import type { FastifyRequest } from 'fastify';
import { actorName } from '../../audit/audit-event.js';
import type { Caller } from '../../commands/builtin-command.js';
import type { RepeatableCreation } from '../../storage/creation-store.js';
import { Problem } from './problem.js';

const form = /^[!-~]{1,255}$/;

/**
 * The `Idempotency-Key` of a creation; undefined: the client sent none.
 *
 * @param resourceId - what it is about: the same key counts for another one anew
 * @throws Problem 400 for one of another form
 */
export function readIdempotencyKey(
  { method, routeOptions, headers }: FastifyRequest,
  caller: Caller,
  resourceId?: string,
): RepeatableCreation | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !form.test(header)) {
    const detail = 'Idempotency-Key: expected 1 to 255 printable ASCII characters without blanks';
    throw new Problem({ status: 400, reason: 'invalid_input', detail });
  }
  const { kind } = caller.actor;
  return {
    caller: `${kind}:${actorName(caller.actor)}`,
    key: [method, routeOptions.url ?? '', header, resourceId].filter((part) => part !== undefined).join(' '),
  };
}
