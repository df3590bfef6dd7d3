import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import { BodyBudgetError, type BodyBudget } from './body-budget.js';
import { resolveClientAddress } from './client-address.js';
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
  onError: (error: unknown) => void;
}

/** `/api/server/…`, `/api/accounts…`: JSON over the routes of the table; see docs/rest-dialect.md. */
export class RestDialect {
  constructor(private readonly parts: RestDialectParts) {}

  /** Takes what is below `/api/` and not Hestia's dialect, in a scope of its own: here a body is bytes. */
  register(server: FastifyInstance): void {
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
        parsed(null, body);
      });
      this.parts.bodyBudget.guard(scope);
      scope.setErrorHandler((error: FastifyError | BodyBudgetError, _request, reply) => {
        send(reply, this.answerUnreadable(error));
      });
      scope.all('/api/*', { bodyLimit: restBodyLimitBytes }, async (request, reply) => {
        send(reply, await this.handle(request));
        return reply;
      });
      done();
    });
  }

  private async handle(request: FastifyRequest): Promise<RestAnswer> {
    const { routes, requests, trustedProxies } = this.parts;
    const [path = '', query = ''] = (request.raw.url ?? '').split('?', 2);
    const match = routes.find(request.method, path.replace(/^\/api/, ''));
    if ('allowed' in match) return answerNoRoute(match.allowed);
    const { headers } = request;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (body.length > 0 && !isJsonType(headers['content-type'])) {
      return answerError(415, 'expected a body of the type application/json');
    }
    const client = resolveClientAddress(
      {
        socketAddress: request.socket.remoteAddress,
        forwardedFor: [headers['x-forwarded-for'] ?? []].flat().join(','),
      },
      trustedProxies,
    );
    return requests.answer({
      route: match.route,
      path: match.inputs,
      fields: query === '' ? readJsonFields(body) : { message: 'a query after ? is not taken here' },
      credentials: readBearer(headers.authorization),
      client,
    });
  }

  /** What Fastify itself refuses, and what broke. */
  private answerUnreadable(error: FastifyError | BodyBudgetError): RestAnswer {
    if (error instanceof BodyBudgetError) return answerError(503, error.message, { code: error.code });
    const status = error.statusCode ?? 500;
    if (status === 413) return answerError(413, `the body is longer than ${restBodyLimitBytes} bytes`);
    if (status < 500) return answerError(400, 'the request could not be read');
    this.parts.onError(error);
    return answerError(500, 'the request could not be answered, see the log of the service');
  }
}

/** For a path that is not even encoded as one: Fastify refuses it before it knows whose it is. */
export function answerBadUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  send(reply, answerError(400, 'the path can not be read'));
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
