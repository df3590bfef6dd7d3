import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessRequest } from '../../authorization/access-request.js';
import { Authorizer } from '../../authorization/authorize.js';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { restRateLimit } from '../../keys/limits/rate-limit.js';
import { clientOf } from '../dialect-scope.js';
import { rateHeaders } from '../rate-headers.js';
import { readBearer } from '../rest/rest-credentials.js';
import { COMMAND_OF_OPERATION, whoAmI } from './command-of-operation.js';
import { Problem, problemOfDenial } from './problem.js';
import { refuseUnexpectedInput } from './unexpected-input.js';

/** Who calls an operation, once the guard has let the request in. */
export interface Principal {
  request: AccessRequest;
  user: string;
  isRootUser: boolean;
  /** Names of APIs; empty for a root user's key that may do everything. */
  permissions: readonly string[];
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** @throws Error where the guard has not run: an operation without it is a mistake, and no way in */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('an operation was reached without its guard');
  return principal;
}

const safeHeaders = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** @throws Problem 415 */
function requireJson({ headers }: FastifyRequest): void {
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
    @Inject(Authorizer) private readonly authorizer: Authorizer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const fastifyRequest = http.getRequest<FastifyRequest>();
    const command = this.reflector.get<string | undefined>(COMMAND_OF_OPERATION, context.getHandler());
    if (command === undefined) throw new Error('an operation names no command');
    const request: AccessRequest = {
      mode: 'enforce',
      client: clientOf(fastifyRequest, this.config.trustedProxies),
      ...readBearer(fastifyRequest.raw.headersDistinct['authorization']),
      command,
      defaultRateLimit: restRateLimit,
      ...(command === whoAmI && { isIdentification: true as const }),
    };
    // Nothing is asked again where nothing runs: that decision is recorded, whichever it is.
    const decision = await (command === whoAmI
      ? this.authorizer.authorize(request)
      : this.authorizer.precheck(request));
    if (decision.outcome === 'deny') throw problemOfDenial(decision, request);
    requireJson(fastifyRequest);
    refuseUnexpectedInput(context, fastifyRequest);
    void http.getResponse<FastifyReply>().headers({ ...safeHeaders, ...rateHeaders(decision.rate) });
    const { user, isRootUser, permissions } = decision;
    principals.set(fastifyRequest, { request, user, isRootUser, permissions });
    return true;
  }
}
