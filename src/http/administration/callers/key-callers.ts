import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessRequest } from '../../../authorization/access-request.js';
import { Authorizer } from '../../../authorization/authorize.js';
import type { Config } from '../../../config/config.js';
import { CONFIG } from '../../../config/config.module.js';
import { restRateLimit } from '../../../keys/limits/rate-limit.js';
import { callerOf } from '../../caller.js';
import { clientOf } from '../../dialect-scope.js';
import { rateHeaders } from '../../rate-headers.js';
import { readBearer } from '../../rest/rest-credentials.js';
import { whoAmI } from '../command-of-operation.js';
import { problemOfDenial } from '../problem.js';
import type { Principal } from './principal.js';

/** Programs, with an access key. */
@Injectable()
export class KeyCallers {
  constructor(
    @Inject(Authorizer) private readonly authorizer: Authorizer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem for a denial */
  async admit(fastifyRequest: FastifyRequest, reply: FastifyReply, command: string): Promise<Principal> {
    const client = clientOf(fastifyRequest, this.config.trustedProxies);
    const request: AccessRequest = {
      mode: 'enforce',
      client,
      ...readBearer(fastifyRequest.raw.headersDistinct['authorization']),
      command,
      defaultRateLimit: restRateLimit,
      ...(command === whoAmI && { isIdentification: true as const }),
    };
    // Nothing is asked again where nothing runs: that decision is recorded, whichever it is.
    const decision = await (command === whoAmI
      ? this.authorizer.authorize(request)
      : // The operation says what the arguments are.
        this.authorizer.precheck({ ...request, areArgsToCome: true }));
    if (decision.outcome === 'deny') throw problemOfDenial(decision, request);
    void reply.headers(rateHeaders(decision.rate));
    const { user, isRootUser, permissions, accessKeyId, mayRunEverything = false } = decision;
    let asked: Pick<AccessRequest, 'args' | 'areArgsToCome'> = { areArgsToCome: true };
    const authorize: Principal['authorize'] = async (args, further = []) => {
      asked = { args };
      for (const each of further) {
        const foreseen = await this.authorizer.precheck({ ...request, args: each, isCounted: true });
        if (foreseen.outcome === 'deny') throw problemOfDenial(foreseen, request);
      }
      // The guard has counted it.
      const allowed = await this.authorizer.authorize({ ...request, args, isCounted: true });
      if (allowed.outcome === 'deny') throw problemOfDenial(allowed, request);
      return { command: allowed.command, caller: callerOf(allowed, client) };
    };
    const isStillAllowed = async (): Promise<boolean> =>
      (await this.authorizer.precheck({ ...request, ...asked, isCounted: true })).outcome === 'allow';
    const only = decision.limits?.only;
    const key = { user, isRootUser, permissions, mayRunEverything, accessKeyId };
    return { ...key, ...(only !== undefined && { only }), client, authorize, isStillAllowed };
  }
}
