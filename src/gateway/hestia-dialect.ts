import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import type { Logger } from '../config/logger.js';
import type { BodyBudget } from './body-budget.js';
import { bodyOf, clientOf, registerDialect } from './dialect-scope.js';
import { answerBusy, answerNotARequest, answerUnreadable, type HestiaAnswer } from './hestia-answer.js';
import { readCredentials } from './hestia-credentials.js';
import { readHestiaFields } from './hestia-fields.js';
import type { HestiaRequests } from './hestia-requests.js';
import { rateHeaders } from './rate-headers.js';
import { logsRequests, requestIdOf } from './request-log.js';
import { answerShortRequests, type ReadRequest, type WholeAnswer } from './short-requests.js';

/** Large enough for thirteen long arguments; the exec backend can't pass on more anyway. */
const bodyLimitBytes = 2_097_152;
const paths = ['/api', '/api/', '/api/index.php'] as const;

/** The same with slashes too many, as web servers read it, and as some clients put it together. */
const pathWithSlashes = /^\/+api(?:\/+(?:index\.php)?)?(?=\?|$)/;

/** The path under which this dialect is found; any other stays as it is. */
export function routeHestia(url: string): string {
  return url.replace(pathWithSlashes, '/api/');
}

/** `POST /api/` and `/api/index.php`: the API that clients of a Hestia server know. */
export class HestiaDialect {
  constructor(
    private readonly requests: HestiaRequests,
    private readonly trustedProxies: readonly AddressRange[],
    private readonly onError: (error: unknown, requestId: string) => void,
    private readonly bodyBudget: BodyBudget,
  ) {}

  register(server: FastifyInstance, logger: Logger): void {
    registerDialect(server, {
      paths,
      bodyLimit: bodyLimitBytes,
      bodyBudget: this.bodyBudget,
      answer: (request) => this.handle({ ...partsOf(request), body: bodyOf(request) }),
      answerUnreadable,
      answerBusy: ({ message }) => answerBusy(message),
      send,
      onError: this.onError,
    });
    // The log of requests is kept on the usual way.
    if (!logsRequests(logger))
      answerShortRequests(server, new Set(paths), (request, message) => this.answerShort(request, message));
  }

  private async answerShort(request: ReadRequest, message: IncomingMessage): Promise<WholeAnswer> {
    const answer = await this.handle(request).catch((error: unknown) => {
      this.onError(error, requestIdOf(message));
      return answerUnreadable(500);
    });
    return { status: answer.status, headers: headersOf(answer), body: answer.body };
  }

  private async handle(request: ReadRequest): Promise<HestiaAnswer> {
    if (request.method !== 'POST') return answerNotARequest();
    const fields = await readHestiaFields(request.headers['content-type'], request.body);
    const credentials = fields && readCredentials(fields);
    if (fields === undefined || credentials === undefined) return answerNotARequest();
    const client = clientOf(request, this.trustedProxies);
    if (credentials.kind === 'access_key') return this.requests.runWithAccessKey(fields, credentials, client);
    return this.requests.runWithLegacyCredential(fields, credentials, client);
  }
}

function partsOf({ method, headers, socket }: FastifyRequest): Omit<ReadRequest, 'body'> {
  return { method, headers, socket };
}

function send(reply: FastifyReply, answer: HestiaAnswer): void {
  void reply.code(answer.status).headers(headersOf(answer)).send(answer.body);
}

function headersOf({ exitCode, rate, contentType }: HestiaAnswer): Record<string, string> {
  const headers: Record<string, string> = {};
  if (exitCode !== undefined) headers['hestia-exit-code'] = String(exitCode);
  for (const [name, value] of Object.entries(rateHeaders(rate))) headers[name.toLowerCase()] = value;
  headers['content-type'] = contentType;
  headers['x-content-type-options'] = 'nosniff';
  headers['cache-control'] = 'no-store';
  return headers;
}
