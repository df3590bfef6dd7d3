import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../config/config.module.js';
import { deny } from '../../authorization/access-request.js';
import { requireJson, safeHeaders } from './caller.guard.js';
import { Problem, problemOfSessionDenial } from './problem.js';
import { refuseUnexpectedInput } from './unexpected-input.js';
import { isFromOwnPage, transportOf } from './sessions/own-page.js';

/** Stands before the operations that log in: no page of another origin does so, and no password goes over an open network. */
@Injectable()
export class LoginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (transportOf(request, this.config) === 'open') {
      const detail =
        'Logging in needs HTTPS: set HEARTHKEY_TLS_CERT, or name the proxy in HEARTHKEY_TRUSTED_PROXIES and have it send X-Forwarded-Proto';
      throw new Problem({ status: 403, reason: 'insecure_transport', detail });
    }
    if (isFromOwnPage(request, this.config) === false)
      throw problemOfSessionDenial(deny('cross_site_request'), 'log-in');
    requireJson(request);
    refuseUnexpectedInput(context, request);
    void http.getResponse<FastifyReply>().headers(safeHeaders);
    return true;
  }
}
