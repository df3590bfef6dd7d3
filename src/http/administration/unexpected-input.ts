import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/**
 * An operation that takes no query, or no body, gets none: what a client sends is refused by its name, and never passed
 * over. (Where an operation takes one, its DTO knows the names.)
 *
 * @throws Problem 400
 */
export function refuseUnexpectedInput(context: ExecutionContext, request: FastifyRequest): void {
  const { query } = request;
  // No body says as much as an empty object: then its DTO knows which fields it needs.
  if (takes(context, RouteParamtypes.BODY) && request.body === undefined) request.body = {};
  const { body } = request;
  const unexpected = [
    ...namesIn(query).filter((name) => !takes(context, RouteParamtypes.QUERY) || isOfEveryObject(name)),
    ...(body === null ? ['body'] : []),
    ...namesIn(body).filter((name) => !takes(context, RouteParamtypes.BODY) || isOfEveryObject(name)),
  ];
  if (unexpected.length === 0) return;
  const errors = unexpected.slice(0, 20).map((field) => ({ field, message: 'should not exist' }));
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new Problem({ status: 400, reason: 'invalid_input', detail: detail.slice(0, 500), errors });
}

function takes(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const handler = context.getHandler().name;
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${String(kind)}:`));
}

/** The list of known names of a DTO has `toString` and the like, too: it would pass them over. */
function isOfEveryObject(name: string): boolean {
  return name in Object.prototype;
}

/** An empty object says nothing, and some clients send one always. */
function namesIn(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : ['body'];
}
