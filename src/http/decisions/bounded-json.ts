import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isWithinBounds, usualBounds, type JsonBounds } from '../body/json-bounds.js';
import { NotUtf8Error } from '../problem.js';

/** A hundred questions with a hundred arguments each. */
const bounds: JsonBounds = { ...usualBounds, values: 20_000 };

/** Has JSON bodies parsed that are UTF-8 and keep within the bounds; others are refused with 400. */
export function parseBoundedJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, parsed) => {
    // Read as text, bytes that are not UTF-8 would be others than those that the gateway meant.
    if (!isUtf8(body)) {
      parsed(new NotUtf8Error());
      return;
    }
    void Promise.resolve(isWithinBounds(body, bounds)).then((isWithin) => {
      if (isWithin) void parse(request, body.toString(), parsed);
      else parsed(new OutOfBoundsError());
    });
  });
}

class OutOfBoundsError extends Error {
  readonly statusCode = 400;

  constructor() {
    super('body must have at most 64 members, 20000 values and a depth of 8');
  }
}
