import type { Allow, ClientAddress } from '../authorization/access-request.js';
import type { Caller } from '../commands/builtin-command.js';

/** Who runs a command that a key was allowed. */
export function callerOf(
  { accessKeyId, user, isRootUser, permissions }: Allow,
  client: ClientAddress,
): Caller {
  return {
    actor: { kind: 'access_key', accessKeyId, user },
    client,
    authority: isRootUser && permissions.length === 0 ? 'everything' : { user, isRootUser, permissions },
    isOperator: false,
  };
}
