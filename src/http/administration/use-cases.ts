import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ChangeOrigin } from '../../audit/audit-event.js';
import type { Caller } from '../../commands/builtin-command.js';
import { Dispatcher } from '../../commands/dispatch.js';
import { ReturnCode } from '../../errors.js';
import { principalOf } from './callers/principal.js';
import { problemOfResult } from './problem.js';

/** Who runs a use case, for what it checks and records. */
export interface UseCaseCaller {
  caller: Caller;
  origin: ChangeOrigin;
}

/** Runs the use cases of REST v1: allowed as the command of the same arguments is, and recorded as it is. */
@Injectable()
export class UseCases {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

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
   * @param further - where it does in one step what takes several commands: what each of them would be given
   * @throws Problem for a denial; what `work` throws
   */
  async run<T>(
    request: FastifyRequest,
    args: readonly string[],
    work: (by: UseCaseCaller) => Promise<T>,
    further?: readonly (readonly string[])[],
  ): Promise<T> {
    const { command, caller } = await principalOf(request).authorize(args, further);
    const origin = { actor: caller.actor, clientAddress: caller.client.text, command: command.name };
    return this.dispatcher.runUseCase(command, args, caller, () => work({ caller, origin }));
  }

  /**
   * Runs the command itself, where it answers with nothing but its code.
   *
   * @throws Problem for a denial, and for any code but 0
   */
  async runCommand(request: FastifyRequest, args: readonly string[]): Promise<string> {
    const { command, caller } = await principalOf(request).authorize(args);
    const result = await this.dispatcher.dispatch(command, args, caller);
    if (result.code !== ReturnCode.OK) throw problemOfResult(command.name, result);
    return result.output;
  }
}
