import type { AccessKeys } from '../../../keys/access-keys.js';
import type { BuiltinCommand } from '../../builtin-command.js';

/** Commands that end a user, with all of its access keys. */
const endsUser = (name: string, [, key = '']: readonly string[]): boolean =>
  name === 'v-delete-user' ||
  name === 'v-suspend-user' ||
  (name === 'v-change-user-config-value' && /SUSPENDED/i.test(key));

/** The user family, in which nobody ends a stronger key by ending its user. */
export function withAuthorityOverKeys(
  commands: readonly BuiltinCommand[],
  keys: AccessKeys,
): BuiltinCommand[] {
  return commands.map((command) => ({
    ...command,
    async run(invocation) {
      const { args, caller } = invocation;
      if (endsUser(command.name, args)) await keys.requireMayEndUser(args[0] ?? '', caller.authority);
      return command.run(invocation);
    },
  }));
}
