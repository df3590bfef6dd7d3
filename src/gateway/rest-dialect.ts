import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import type { BodyBudget } from './body-budget.js';
import { bodyOf, clientOf, registerDialect } from './dialect-scope.js';
import { answerError, type RestAnswer } from './rest-answer.js';
import { isJsonType, readJsonFields, restBodyLimitBytes } from './rest-body.js';
import { readBearer } from './rest-credentials.js';
import type { RestRequests } from './rest-requests.js';
import type { RouteTable } from './rest-route-table.js';

export interface RestDialectParts {
  routes: RouteTable;
  requests: RestRequests;
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
      paths: ['/api/*'],
      bodyLimit: restBodyLimitBytes,
      bodyBudget: this.parts.bodyBudget,
      answer: (request) => this.handle(request),
      answerUnreadable,
      answerBusy: ({ message, code }) => answerError(503, message, { code }),
      send,
      onError: this.parts.onError,
    });
  }

  private async handle(request: FastifyRequest): Promise<RestAnswer> {
    const { routes, requests, trustedProxies } = this.parts;
    const [path = '', query = ''] = (request.raw.url ?? '').split('?', 2);
    // Node.js sends no body in answer to HEAD; everything else is as for GET.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const match = routes.find(method, path.replace(/^\/api/, ''));
    if ('allowed' in match) return answerNoRoute(match.allowed);
    const { headers } = request;
    const body = bodyOf(request);
    if (body.length > 0 && !isJsonType(headers['content-type'])) {
      return answerError(415, 'expected a body of the type application/json');
    }
    return requests.answer({
      route: match.route,
      path: match.inputs,
      fields: query === '' ? readJsonFields(body) : { message: 'a query after ? is not taken here' },
      credentials: readBearer(request.raw.headersDistinct['authorization']),
      client: clientOf(request, trustedProxies),
    });
  }
}

/** For a path that is not even encoded as one: Fastify refuses it before it knows whose it is. */
export function answerBadUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  send(reply, answerError(400, 'the path can not be read'));
}

function answerUnreadable(status: number): RestAnswer {
  if (status === 413) return answerError(413, `the body is longer than ${restBodyLimitBytes} bytes`);
  if (status < 500) return answerError(400, 'the request could not be read');
  return answerError(500, 'the request could not be answered, see the log of the service');
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
