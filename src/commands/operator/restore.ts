import type { Restore } from '../../backup/restore.js';
import { AppError, ReturnCode } from '../../errors.js';
import { usageLine } from '../arguments.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';

/** `hearthkey restore`: the state of a copy, without what was revoked since. */
export function restoreCommand(restore: Restore): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'restore',
    info: 'replace the state with that of a copy; what was revoked since stays revoked',
    options: 'FILE',
    longOptions: [
      { name: 'dry-run', info: 'check the whole copy and print what would happen; change nothing' },
      {
        name: 'revive',
        value: 'WORD',
        info: 'bring back what was revoked: key:ID, user:NAME, … as printed; unrevoked; all',
      },
      { name: 'pepper-to', value: 'FILE', info: 'only write the pepper of the copy to a new file' },
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.LIMIT, ReturnCode.PARSING],
    examples: [
      'hearthkey restore monday.hkb --dry-run',
      'hearthkey restore monday.hkb',
      'hearthkey restore monday.hkb --revive user:bob --revive key:InNqgp01kO3v0W22eg6Z',
      'hearthkey restore monday.hkb --revive unrevoked   # on a new machine, with the old audit record',
    ],
    notes: [
      'Prints a line for each thing that was alive in the copy and is not now: keys and users come back suspended, everything else stays as narrow as it is now.',
    ],
    changes: (_args, _caller, options) => !options.has('dry-run') && !options.has('pepper-to'),
    async run({ args, options, origin, terminal }) {
      const [file = '', second] = args;
      const [pepperTo, otherPepper] = options.get('pepper-to') ?? [];
      if (second !== undefined || otherPepper !== undefined) {
        throw new AppError(ReturnCode.ARGS, 'expected one FILE', { usage: usageLine(command) });
      }
      const { cwd } = terminal;
      if (pepperTo !== undefined) {
        await restore.takePepper({ file, cwd }, pepperTo);
        return ok(`${pepperTo}: the pepper of the copy; nothing was restored\n`);
      }
      return ok(
        await restore.run({
          ...{ file, cwd, origin },
          isDryRun: options.has('dry-run'),
          revive: options.get('revive') ?? [],
          say: (text) => terminal.say(text),
        }),
      );
    },
  };
  return command;
}
