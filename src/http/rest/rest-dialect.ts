import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../../network/address-range.js';
import type { AddressGate } from '../../authorization/address-gate.js';
import type { DenyReason } from '../../errors.js';
import { routes } from '../routes.js';
import type { BodyBudget } from '../body/body-budget.js';
import { clientOf, registerDialect } from '../dialect-scope.js';
import type { BodyRefusal } from '../body/read-body.js';
import { answerError, type RestAnswer } from './rest-answer.js';
import { isJsonType, readJsonFields } from './rest-body.js';
import { readBearer } from './rest-credentials.js';
import type { RestRequests } from './rest-requests.js';
import type { RouteTable } from './routes/rest-route-table.js';

const { paths, bodyLimitBytes } = routes.rest;

export interface RestDialectParts {
  table: RouteTable;
  requests: RestRequests;
  addressGate: AddressGate;
  trustedProxies: readonly AddressRange[];
  bodyBudget: BodyBudget;
  onError: (error: unknown, requestId: string) => void;
}

/** `/api/server/…`, `/api/accounts…`: JSON over the routes of the table; see docs/rest-dialect.md. */
export class RestDialect {
  constructor(private readonly parts: RestDialectParts) {}

  /** Takes what is below `/api/` and not Hestia's dialect. */
  register(server: FastifyInstance): void {
    registerDialect(server, {
      paths,
      bodyRules: { limit: bodyLimitBytes, budget: this.parts.bodyBudget },
      answerHead: (request) => this.answerHead(request),
      answer: (request, body) => this.handle(request, body),
      answerRefusedBody: (request, refusal) => this.answerRefusedBody(request, refusal),
      answerBroken: () => answerError(500, 'the request could not be answered, see the log of the service'),
      send,
      onError: this.parts.onError,
    });
  }

  private async answerHead(request: FastifyRequest): Promise<RestAnswer | undefined> {
    const { requests, addressGate } = this.parts;
    const head = this.readHead(request);
    if ('allowed' in head) {
      await this.note(request, 'request_malformed');
      return answerNoRoute(head.allowed);
    }
    const reason = await addressGate.refusalOf({ client: head.client, canBeLegacy: false });
    if (reason !== undefined) return requests.refuse(head, reason);
    if (!(Number(request.headers['content-length']) > bodyLimitBytes)) return undefined;
    await this.note(request, 'request_too_large');
    return answerTooLong();
  }

  private async answerRefusedBody(
    request: FastifyRequest,
    { status, reason, message, code }: BodyRefusal,
  ): Promise<RestAnswer> {
    await this.note(request, reason);
    return status === 413 ? answerTooLong() : answerError(503, message, { code });
  }

  private async handle(request: FastifyRequest, body: Buffer): Promise<RestAnswer> {
    const head = this.readHead(request);
    if ('allowed' in head) return answerNoRoute(head.allowed);
    if (body.length > 0 && !isJsonType(request.headers['content-type'])) {
      return answerError(415, 'expected a body of the type application/json');
    }
    const fields = head.hasQuery
      ? { message: 'a query after ? is not taken here' }
      : await readJsonFields(body);
    return this.parts.requests.answer({ ...head, fields });
  }

  private readHead(request: FastifyRequest) {
    const [path = '', query = ''] = (request.raw.url ?? '').split('?', 2);
    // Node.js sends no body in answer to HEAD; everything else is as for GET.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const match = this.parts.table.find(method, path.replace(/^\/api/, ''));
    if ('allowed' in match) return { allowed: match.allowed };
    return {
      route: match.route,
      path: match.inputs,
      hasQuery: query !== '',
      credentials: readBearer(request.raw.headersDistinct['authorization']),
      client: clientOf(request, this.parts.trustedProxies),
    };
  }

  private note(request: FastifyRequest, reason: DenyReason): Promise<void> {
    const credentials = readBearer(request.raw.headersDistinct['authorization']);
    return this.parts.requests.note(clientOf(request, this.parts.trustedProxies), credentials, reason);
  }
}

/** For a path that is not even encoded as one: Fastify refuses it before it knows whose it is. */
export function answerBadUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  send(reply, answerError(400, 'the path can not be read'));
}

function answerTooLong(): RestAnswer {
  return answerError(413, `the body is longer than ${bodyLimitBytes} bytes`);
}

function answerNoRoute(allowed: readonly string[]): RestAnswer {
  if (allowed.length === 0) return answerError(404, 'there is no such route');
  const list = allowed.join(', ');
  return answerError(405, `this route is there for ${list}`, {}, { Allow: list });
}

function send(reply: FastifyReply, { status, body, headers = {} }: RestAnswer): void {
  void reply
    .code(status)
    .headers({
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    })
    .send(`${JSON.stringify(body)}\n`);
}
