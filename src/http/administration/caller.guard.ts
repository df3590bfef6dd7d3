import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { needsSession } from '../../authorization/session-commands.js';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { KeyCallers } from './callers/key-callers.js';
import { setPrincipal, type Principal } from './callers/principal.js';
import { SessionCallers } from './callers/session-callers.js';
import { OPERATION, type Operation } from './command-of-operation.js';
import { Problem } from './problem.js';
import { transportOf } from './sessions/own-page.js';
import { readSessionCookie } from './sessions/session-cookie.js';
import { refuseUnexpectedInput } from './unexpected-input.js';

export const safeHeaders = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** @throws Problem 415 */
export function requireJson({ headers }: FastifyRequest): void {
  const type = headers['content-type'];
  if (type === undefined || /^application\/(?:merge-patch\+)?json\s*(?:;|$)/i.test(type)) return;
  const detail = 'Expected a body of the type application/json';
  throw new Problem({ status: 415, reason: 'unsupported_media_type', detail });
}

/**
 * Asks whether the caller may run the command of the operation at all, before its input is looked at: a caller who is
 * refused does not learn what is wrong with the request. The use case asks again with the arguments (use-cases.ts),
 * and that decision is the one that it runs by.
 */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(KeyCallers) private readonly keys: KeyCallers,
    @Inject(SessionCallers) private readonly sessions: SessionCallers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const operation = this.reflector.get<Operation | undefined>(OPERATION, context.getHandler());
    if (operation === undefined) throw new Error('an operation names no command');
    setPrincipal(request, await this.admit(request, reply, operation));
    requireJson(request);
    refuseUnexpectedInput(context, request);
    void reply.headers(safeHeaders);
    return true;
  }

  /** By an access key, or by a session: two that differ would leave open who it is. */
  private async admit(
    request: FastifyRequest,
    reply: FastifyReply,
    operation: Operation,
  ): Promise<Principal> {
    const secret = readSessionCookie(request.headers, transportOf(request, this.config));
    const hasKey = request.headers.authorization !== undefined;
    if (secret !== undefined && hasKey) {
      const detail = 'Expected an access key or the cookie of a session, not both';
      throw new Problem({ status: 400, reason: 'two_credentials', detail });
    }
    if (secret !== undefined) return this.sessions.admit(request, secret, operation);
    if (!needsSession(operation.command)) return this.keys.admit(request, reply, operation.command);
    const detail = 'This is about the session of a browser: log in first';
    throw new Problem({ status: 401, reason: 'session_required', detail }, { 'WWW-Authenticate': 'Bearer' });
  }
}
