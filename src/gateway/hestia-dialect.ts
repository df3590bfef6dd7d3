import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import type { BodyBudget } from './body-budget.js';
import { bodyOf, clientOf, registerDialect } from './dialect-scope.js';
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
    private readonly onError: (error: unknown, requestId: string) => void,
    private readonly bodyBudget: BodyBudget,
  ) {}

  register(server: FastifyInstance): void {
    registerDialect(server, {
      paths: ['/api', '/api/', '/api/index.php'],
      bodyLimit: bodyLimitBytes,
      bodyBudget: this.bodyBudget,
      answer: (request) => this.handle(request),
      answerUnreadable,
      answerBusy: ({ message }) => answerBusy(message),
      send,
      onError: this.onError,
    });
  }

  private async handle(request: FastifyRequest): Promise<HestiaAnswer> {
    if (request.method !== 'POST') return answerNotARequest();
    const fields = await readHestiaFields(request.headers['content-type'], bodyOf(request));
    const credentials = fields && readCredentials(fields);
    if (fields === undefined || credentials === undefined) return answerNotARequest();
    const client = clientOf(request, this.trustedProxies);
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
