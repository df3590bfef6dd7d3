import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  SessionAuthorizer,
  actorOfSession,
  type SessionAllow,
  type SessionRequest,
} from '../../../authorization/authorize-session.js';
import type { Caller } from '../../../commands/builtin-command.js';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import type { ClientAddress } from '../../../network/client-address.js';
import { SessionTokens } from '../../../sessions/session-tokens.js';
import { clientOf } from '../../dialect-scope.js';
import { whoAmI, type Operation } from '../command-of-operation.js';
import { problemOfSessionDenial } from '../problem.js';
import { isFromOwnPage } from '../sessions/own-page.js';
import type { Principal } from './principal.js';

export const pageTokenHeader = 'x-csrf-token';

/** People, with the session of their browser. */
@Injectable()
export class SessionCallers {
  constructor(
    @Inject(SessionAuthorizer) private readonly authorizer: SessionAuthorizer,
    @Inject(SessionTokens) private readonly tokens: SessionTokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param secret - the value of the cookie
   * @throws Problem for a denial
   */
  async admit(
    fastifyRequest: FastifyRequest,
    secret: string,
    { command, ofUsers }: Operation,
  ): Promise<Principal> {
    const client = clientOf(fastifyRequest, this.config.trustedProxies);
    const isForgeable = this.isForgeable(fastifyRequest, secret);
    const request: SessionRequest = { client, secret, isForgeable, command, ofUsers };
    // Nothing is asked again where nothing runs: that decision is recorded, whichever it is.
    const decision = await (command === whoAmI
      ? this.authorizer.authorize(request)
      : this.authorizer.precheck(request));
    if (decision.outcome === 'deny') throw problemOfSessionDenial(decision, command);
    const { session, isRootUser } = decision;
    const authorize: Principal['authorize'] = async (args) => {
      const allowed = await this.authorizer.authorize({ ...request, args });
      if (allowed.outcome === 'deny') throw problemOfSessionDenial(allowed, command);
      return { command: allowed.command, caller: callerOf(allowed, client) };
    };
    const isStillAllowed = async (): Promise<boolean> =>
      (await this.authorizer.precheck({ ...request, isUnattended: true })).outcome === 'allow';
    const person = { user: session.user, isRootUser, permissions: [], mayRunEverything: isRootUser };
    return { ...person, client, session, authorize, isStillAllowed };
  }

  /** A browser sends the cookie along with what any page asks of it: a change needs signs that ours asked. */
  private isForgeable(request: FastifyRequest, secret: string): boolean {
    if (request.method === 'GET' || request.method === 'HEAD') return false;
    const token = request.headers[pageTokenHeader];
    const hasToken = typeof token === 'string' && this.tokens.isPageToken(secret, token);
    return !hasToken || isFromOwnPage(request, this.config) !== true;
  }
}

function callerOf({ session, isRootUser }: SessionAllow, client: ClientAddress): Caller {
  const { user } = session;
  return {
    actor: actorOfSession(session),
    client,
    authority: isRootUser ? 'everything' : { user, isRootUser, permissions: [], isOwner: true },
    isOperator: false,
  };
}
