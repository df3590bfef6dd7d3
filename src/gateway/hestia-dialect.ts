import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../addresses/address-range.js';
import type { AccessRequest, Allow, ClientAddress, Deny } from '../authorization/access-request.js';
import type { Authorizer } from '../authorization/authorize.js';
import { denyText } from '../authorization/deny-text.js';
import type { Caller } from '../commands/builtin-command.js';
import type { Dispatcher } from '../commands/dispatch.js';
import { resolveClientAddress } from './client-address.js';
import { answerDenial, answerNotARequest, answerResult, type HestiaAnswer } from './hestia-answer.js';
import { argNames, readHestiaFields, type HestiaFields } from './hestia-fields.js';

/** Hestia's way to send a key in one field: the ID, a colon, the secret. */
const accessKeyHash = /^([A-Za-z0-9]{20}):(.{40})$/;

/** `POST /api/` and `/api/index.php`: the API that clients of a Hestia server know. */
export class HestiaDialect {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly dispatcher: Dispatcher,
    private readonly trustedProxies: readonly AddressRange[],
  ) {}

  /** Adds the routes, in a scope of their own: here a body is bytes, whatever its type says. */
  register(server: FastifyInstance): void {
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
        parsed(null, body);
      });
      for (const url of ['/api', '/api/', '/api/index.php']) {
        scope.all(url, async (request, reply) => {
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
    const fields = readHestiaFields(request.headers['content-type'], body);
    const credentials = fields && readAccessKey(fields);
    if (fields === undefined || credentials === undefined) return answerNotARequest();
    const client = resolveClientAddress(
      {
        socketAddress: request.socket.remoteAddress,
        forwardedFor: [request.headers['x-forwarded-for'] ?? []].flat().join(','),
      },
      this.trustedProxies,
    );
    return this.runWithAccessKey(fields, credentials, client);
  }

  private async runWithAccessKey(
    fields: HestiaFields,
    credentials: { accessKeyId: string; secretAccessKey: string },
    client: ClientAddress,
  ): Promise<HestiaAnswer> {
    const request: AccessRequest = {
      face: 'gateway',
      client,
      ...credentials,
      command: fields.text('cmd'),
      args: fields.args(),
    };
    const wantsCodeOnly = fields.text('returncode') === 'yes';
    const decision = await this.decide(fields, request);
    if (decision.outcome === 'deny') {
      return answerDenial(decision.reason, decision.code, denyText(decision, request), wantsCodeOnly);
    }
    const args = (request.args ?? []).filter((arg) => arg !== undefined);
    const result = await this.dispatcher.dispatch(decision.command, args, callerOf(decision, client));
    return answerResult(result.code, result.output, wantsCodeOnly);
  }

  private async decide(fields: HestiaFields, request: AccessRequest): Promise<Allow | Deny> {
    if (fields.anyStructured(['access_key', 'secret_key', 'hash'])) {
      return this.authorizer.refuse(request, 'credentials_malformed');
    }
    const hasNul = request.args?.some((arg) => arg?.includes('\0') === true) === true;
    if (hasNul || fields.anyStructured(['cmd', 'returncode', ...argNames])) {
      return this.authorizer.refuse(request, 'command_malformed');
    }
    return this.authorizer.authorize(request);
  }
}

/** `access_key` and `secret_key`, or else a `hash` of both. */
function readAccessKey(fields: HestiaFields): { accessKeyId: string; secretAccessKey: string } | undefined {
  const isGiven = (name: string): boolean => fields.text(name) !== '' || fields.anyStructured([name]);
  if (isGiven('access_key') && isGiven('secret_key')) {
    return { accessKeyId: fields.text('access_key'), secretAccessKey: fields.text('secret_key') };
  }
  const match = fields.has('access_key') ? null : accessKeyHash.exec(fields.text('hash'));
  if (match === null) return undefined;
  return { accessKeyId: match[1] ?? '', secretAccessKey: match[2] ?? '' };
}

function callerOf({ accessKeyId, user, isRootUser, permissions }: Allow, client: ClientAddress): Caller {
  return {
    actor: { kind: 'access_key', accessKeyId, user },
    client,
    authority: isRootUser && permissions.length === 0 ? 'everything' : { user, isRootUser, permissions },
    isOperator: false,
  };
}

function send(reply: FastifyReply, answer: HestiaAnswer): void {
  void reply
    .code(answer.status)
    .header('Hestia-Exit-Code', String(answer.exitCode))
    .header('Content-Type', answer.contentType)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Cache-Control', 'no-store')
    .send(answer.body);
}
