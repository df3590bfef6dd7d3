import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AddressRange } from '../../network/address-range.js';
import type { AccessRequest, Allow, Decision, Deny } from '../../authorization/access-request.js';
import type { Authorizer } from '../../authorization/authorize.js';
import { denyText, shownReason } from '../../authorization/deny-text.js';
import { ReturnCode } from '../../errors.js';
import { announcesBody, endConnection } from '../early-answer.js';
import { forwardedFor, resolveForwarded } from '../../network/client-address.js';
import { forwardAuthPath, readAuthorization, readCommand } from './forward-auth-question.js';
import type { GateRoute } from './gate-routes.js';
import type { GateCaller } from './gate-callers.js';
import { notForYou, sendProblem } from '../problem.js';

export interface ForwardAuthParts {
  authorizer: Authorizer;
  /** Undefined: commands are named by header. */
  routes: (() => readonly GateRoute[]) | undefined;
  trustedProxies: readonly AddressRange[];
  callerOf: (request: FastifyRequest) => GateCaller;
  onError: (error: unknown, requestId: string) => void;
}

/** Whatever stands behind the path of this adapter comes here, also where it is no path that a router would read. */
export function routeForwardAuth({ url = '' }: { url?: string | undefined }): string {
  return url.startsWith(`${forwardAuthPath}/`) ? forwardAuthPath : url;
}

/** What a proxy asks before it lets a request through: 200, 401 or 403, and never anything else. */
export function registerForwardAuth(server: FastifyInstance, parts: ForwardAuthParts): void {
  void server.register((scope, _options, done) => {
    // A body says nothing here, whatever it is said to be.
    scope.removeAllContentTypeParsers();
    scope.addHook('onRequest', (request, _reply, next) => {
      request.headers['content-type'] = 'application/octet-stream';
      next();
    });
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    // Proxies hand on the length of a body that they don't send, so none is waited for. What comes behind the head may
    // be that body or another request: nobody can tell, and the connection ends with the answer.
    scope.addHook('onSend', (request, reply, _payload, next) => {
      if (announcesBody(request.raw)) endConnection(request.raw, reply.raw);
      next();
    });
    scope.setErrorHandler((error, request, reply) => {
      parts.onError(error, request.id);
      return sendProblem(reply, { status: 403, detail: 'The question could not be answered' });
    });
    for (const method of METHODS) {
      if (!scope.supportedMethods.includes(method)) scope.addHttpMethod(method, { hasBody: true });
    }
    scope.all(forwardAuthPath, async (request, reply) => {
      const { isGateway, isTrusted, address = 'unknown' } = parts.callerOf(request);
      if (!isGateway) return sendProblem(reply, notForYou);
      const asked = readQuestion(request, parts);
      if (!isTrusted) asked.request.addressClaimedBy = address;
      const decision = await decide(asked, parts.authorizer);
      return decision.outcome === 'allow'
        ? letThrough(reply, decision)
        : refuse(reply, decision, asked.request);
    });
    done();
  });
}

interface Question {
  request: AccessRequest;
  isMalformed: boolean;
}

function readQuestion(request: FastifyRequest, { routes, trustedProxies }: ForwardAuthParts): Question {
  const { command, args, isMalformed } = readCommand(request, routes?.());
  // Who asks is the proxy, never the client: without its header nobody knows the client's address.
  const client = resolveForwarded(forwardedFor(request.headers), trustedProxies);
  return { request: { mode: 'enforce', client, command, args, ...readAuthorization(request) }, isMalformed };
}

async function decide({ request, isMalformed }: Question, authorizer: Authorizer): Promise<Decision> {
  return isMalformed ? authorizer.refuse(request, 'command_malformed') : authorizer.authorize(request);
}

/** All of these are always sent, so that a proxy that copies them writes over what the client sent by these names. */
function letThrough(reply: FastifyReply, { user, accessKeyId, command, isRootUser }: Allow): FastifyReply {
  return reply
    .header('X-Hearthkey-User', user)
    .header('X-Hearthkey-Access-Key', accessKeyId)
    .header('X-Hearthkey-Command', command.name)
    .header('X-Hearthkey-Root-User', isRootUser ? 'yes' : 'no')
    .header('Cache-Control', 'no-store')
    .send();
}

/** Proxies hand this on to the client, so it says no more than the API itself does. */
function refuse(reply: FastifyReply, denial: Deny, request: AccessRequest): FastifyReply {
  const { code } = denial;
  const reason = shownReason(denial.reason);
  void reply.header('X-Hearthkey-Reason', reason);
  if (isPassing(denial)) void reply.header('Retry-After', String(denial.rate?.resetSeconds ?? 1));
  // Other credentials could help.
  const status = code === ReturnCode.PASSWORD ? 401 : 403;
  if (status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="Hearthkey"');
  return sendProblem(reply, { status, detail: denyText(denial, request), more: { code, reason } });
}

/** The same request may be allowed a moment later. */
function isPassing({ code }: Deny): boolean {
  return code === ReturnCode.BUSY || code === ReturnCode.DATABASE || code === ReturnCode.DISK;
}
