import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendProblem } from '../problem.js';
import { frameworkBodyLimit } from '../routes.js';

/** What the server needs to know of REST v1 and the console before Nest adds its routes: limits of bodies, and merge patches. */
export function prepareAdministration(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const limit = frameworkBodyLimit(route.url);
    // 0 is no limit that Fastify knows; such a route reads no body.
    if (limit !== undefined && limit > 0) route.bodyLimit = limit;
  });
  server.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );
}

/** A path that is not encoded as one, or has too long a part. */
export function answerUnreadablePath(reply: FastifyReply): void {
  const detail = 'The path can not be read';
  sendProblem(reply, { status: 400, detail, more: { reason: 'unreadable_request' } });
}
