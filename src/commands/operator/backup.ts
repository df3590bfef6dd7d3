import type { Backup } from '../../backup/backup.js';
import { AppError, ReturnCode } from '../../errors.js';
import { usageLine } from '../arguments.js';
import type { BuiltinCommand } from '../builtin-command.js';

/** `hearthkey backup`: a copy of the whole state, while the service goes on. */
export function backupCommand(backup: Backup): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'backup',
    info: 'copy the whole state into a new file: users, keys, API roles, allowed addresses, switches',
    options: 'FILE',
    longOptions: [{ name: 'with-pepper', info: "put the service's own secret into the copy too" }],
    exitCodes: [ReturnCode.EXISTS, ReturnCode.DISK],
    examples: [
      'hearthkey backup /var/backups/hearthkey-$(date +%F).hkb',
      'hearthkey restore /var/backups/hearthkey-2026-01-31.hkb --dry-run   # is it whole, what would it do',
      'hearthkey backup --with-pepper safe.hkb',
    ],
    notes: [
      'The copy has slow hashes of secrets, and none of the secrets. It belongs to the user the service runs as.',
    ],
    changes: false,
    async run({ args, options, origin, terminal }) {
      const [file = '', second] = args;
      if (second !== undefined)
        throw new AppError(ReturnCode.ARGS, 'expected one FILE', { usage: usageLine(command) });
      const { summary, leftOut } = await backup.run({
        ...{ file, origin, cwd: terminal.cwd },
        withPepper: options.has('with-pepper'),
      });
      for (const api of leftOut) terminal.say(`left out: the API role file ${api} can't be read as one\n`);
      return { code: ReturnCode.OK, output: `${summary}\n` };
    },
  };
  return command;
}
