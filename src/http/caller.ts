import type { Allow } from '../authorization/access-request.js';
import type { ClientAddress } from '../network/client-address.js';
import type { Caller } from '../commands/builtin-command.js';
import { authorityOf } from '../keys/makers/authority.js';

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
