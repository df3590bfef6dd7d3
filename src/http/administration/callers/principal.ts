import type { FastifyRequest } from 'fastify';
import type { HeldArguments } from '../../../catalogue/held-arguments.js';
import type { CommandSpec } from '../../../catalogue/command-spec.js';
import type { Caller } from '../../../commands/builtin-command.js';
import type { ClientAddress } from '../../../network/client-address.js';
import type { Session } from '../../../sessions/session.js';

/** Who calls an operation, once the guard has let the request in. */
export interface Principal {
  user: string;
  isRootUser: boolean;
  client: ClientAddress;
  /** Of an access key: names of APIs. */
  permissions: readonly string[];
  /** Of an access key, where the caller asks who he is: whether no permissions narrow it. */
  mayRunEverything?: boolean;
  /** What arguments of its commands may be; absent: it is not held. */
  only?: HeldArguments;
  /** Undefined: somebody who has logged in calls. */
  accessKeyId?: string;
  /** Undefined: an access key calls. */
  session?: Session;
  /**
   * Decides about the command of the operation with these arguments, and records it.
   *
   * @param further - arguments with which it has to be allowed too, where it does several things in one step; of these
   *   only a denial is recorded
   * @throws Problem for a denial
   */
  authorize(
    args: readonly string[],
    further?: readonly (readonly string[])[],
  ): Promise<{ command: CommandSpec; caller: Caller }>;
  /**
   * Whether the command is still allowed, for an answer that goes on. Only a denial is recorded; a rate limit does not
   * count it.
   */
  isStillAllowed(): Promise<boolean>;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** @throws Error where the guard has not run: an operation without it is a mistake, and no way in */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('an operation was reached without its guard');
  return principal;
}

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}
