import type { Allow, ClientAddress } from '../authorization/access-request.js';
import type { Caller } from '../commands/builtin-command.js';
import { authorityOf } from '../keys/authority.js';

/** Who runs a command that a key was allowed. */
export function callerOf(allow: Allow, client: ClientAddress): Caller {
  const { accessKeyId, user, isRootUser, permissions, limits, isSafe } = allow;
  return {
    actor: { kind: 'access_key', accessKeyId, user },
    client,
    authority: authorityOf({ user, isRootUser, permissions, ...limits }),
    isOperator: false,
    ...(isSafe && { isSafe }),
  };
}
