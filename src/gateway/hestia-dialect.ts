import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import { BodyBudgetError, type BodyBudget } from './body-budget.js';
import { forwardedFor, resolveClientAddress } from './client-address.js';
import { answerBusy, answerNotARequest, answerUnreadable, type HestiaAnswer } from './hestia-answer.js';
import { readCredentials } from './hestia-credentials.js';
import { readHestiaFields } from './hestia-fields.js';
import type { HestiaRequests } from './hestia-requests.js';
import { rateHeaders } from './rate-headers.js';

/** Large enough for thirteen long arguments; the exec backend can't pass on more anyway. */
const bodyLimitBytes = 2_097_152;

/** `POST /api/` and `/api/index.php`: the API that clients of a Hestia server know. */
export class HestiaDialect {
  constructor(
    private readonly requests: HestiaRequests,
    private readonly trustedProxies: readonly AddressRange[],
    private readonly onError: (error: unknown) => void,
    private readonly bodyBudget: BodyBudget,
  ) {}

  /** Adds the routes, in a scope of their own: here a body is bytes, whatever its type says. */
  register(server: FastifyInstance): void {
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
        parsed(null, body);
      });
      this.bodyBudget.guard(scope);
      // What Fastify itself refuses, such as a body that is too large, gets an answer of this dialect too.
      scope.setErrorHandler((error: FastifyError | BodyBudgetError, _request, reply) => {
        if (error instanceof BodyBudgetError) {
          send(reply, answerBusy(error.message));
          return;
        }
        const status = error.statusCode ?? 500;
        if (status >= 500) this.onError(error);
        send(reply, answerUnreadable(status));
      });
      for (const url of ['/api', '/api/', '/api/index.php']) {
        scope.all(url, { bodyLimit: bodyLimitBytes }, async (request, reply) => {
          send(reply, await this.handle(request));
          return reply;
        });
      }
      done();
    });
  }

  private async handle(request: FastifyRequest): Promise<HestiaAnswer> {
    if (request.method !== 'POST') return answerNotARequest();
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const fields = await readHestiaFields(request.headers['content-type'], body);
    const credentials = fields && readCredentials(fields);
    if (fields === undefined || credentials === undefined) return answerNotARequest();
    const client = resolveClientAddress(
      {
        socketAddress: request.socket.remoteAddress,
        forwardedFor: forwardedFor(request.headers),
      },
      this.trustedProxies,
    );
    if (credentials.kind === 'access_key') return this.requests.runWithAccessKey(fields, credentials, client);
    return this.requests.runWithLegacyCredential(fields, credentials, client);
  }
}

function send(reply: FastifyReply, answer: HestiaAnswer): void {
  if (answer.exitCode !== undefined) void reply.header('Hestia-Exit-Code', String(answer.exitCode));
  void reply
    .code(answer.status)
    .headers(rateHeaders(answer.rate))
    .header('Content-Type', answer.contentType)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Cache-Control', 'no-store')
    .send(answer.body);
}
