import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Allow } from '../../authorization/access-request.js';
import { Authorizer } from '../../authorization/authorize.js';
import type { ChangeOrigin } from '../../audit/audit-event.js';
import type { Caller } from '../../commands/builtin-command.js';
import { Dispatcher } from '../../commands/dispatch.js';
import { ReturnCode } from '../../errors.js';
import { callerOf } from '../caller.js';
import { principalOf } from './caller.guard.js';
import { problemOfDenial, problemOfResult } from './problem.js';

/** Who runs a use case, for what it checks and records. */
export interface UseCaseCaller {
  caller: Caller;
  origin: ChangeOrigin;
}

/** Runs the use cases of REST v1: allowed as the command of the same arguments is, and recorded as it is. */
@Injectable()
export class UseCases {
  constructor(
    @Inject(Authorizer) private readonly authorizer: Authorizer,
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
  ) {}

  /**
   * The user whom a list is about when none is named: of the root user's keys all, of another its own.
   */
  listedUser(request: FastifyRequest, named: string | undefined): string {
    const { user, isRootUser } = principalOf(request);
    return named ?? (isRootUser ? '' : user);
  }

  /**
   * Runs `work` by the permission for its command.
   *
   * @param args - what the command would be given: they are compared, and recorded
   * @throws Problem for a denial; what `work` throws
   */
  async run<T>(
    request: FastifyRequest,
    args: readonly string[],
    work: (by: UseCaseCaller) => Promise<T>,
  ): Promise<T> {
    const allow = await this.authorize(request, args);
    const caller = callerOf(allow, principalOf(request).request.client);
    const origin = { actor: caller.actor, clientAddress: caller.client.text, command: allow.command.name };
    return this.dispatcher.runUseCase(allow.command, args, caller, () => work({ caller, origin }));
  }

  /**
   * Runs the command itself, where it answers with nothing but its code.
   *
   * @throws Problem for a denial, and for any code but 0
   */
  async runCommand(request: FastifyRequest, args: readonly string[]): Promise<string> {
    const { command, ...allow } = await this.authorize(request, args);
    const caller = callerOf({ ...allow, command }, principalOf(request).request.client);
    const result = await this.dispatcher.dispatch(command, args, caller);
    if (result.code !== ReturnCode.OK) throw problemOfResult(command.name, result);
    return result.output;
  }

  private async authorize(fastifyRequest: FastifyRequest, args: readonly string[]): Promise<Allow> {
    const { request } = principalOf(fastifyRequest);
    // The guard has counted it.
    const decision = await this.authorizer.authorize({ ...request, args, isCounted: true });
    if (decision.outcome === 'deny') throw problemOfDenial(decision, request);
    return decision;
  }
}
