import { AppError, ReturnCode } from '../../errors.js';
import type { Importer } from '../../import/importer.js';
import { usageLine } from '../arguments.js';
import type { BuiltinCommand } from '../builtin-command.js';

/** `hearthkey import`: moving in from an existing Hestia tree. */
export function importCommand(importer: Importer): BuiltinCommand {
  const command: BuiltinCommand = {
    name: 'import',
    info: 'import access keys, API roles, users and switches of a Hestia tree',
    options: '',
    longOptions: [
      { name: 'from', value: 'DIR', isRequired: true, info: 'the tree: the directory with conf and data' },
      { name: 'dry-run', info: 'print what would happen; change nothing' },
      {
        name: 'revive',
        value: 'WORD',
        info: 'import again what was deleted here: the ID of an access key; legacy-keys; all',
      },
    ],
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.EXISTS, ReturnCode.PARSING],
    examples: [
      'hearthkey import --from /usr/local/hestia --dry-run',
      'hearthkey import --from /usr/local/hestia > import.txt   # what became of each file',
      'hearthkey import --from ./copy-of-hestia                 # again: what is here, or was deleted, stays so',
    ],
    notes: [
      'Ends with 0 when everything went in, 12 when something was skipped, 4 when something here was in the way.',
    ],
    changes: (_args, _caller, options) => !options.has('dry-run'),
    async run({ args, options, origin, terminal }) {
      const [from, second] = options.get('from') ?? [];
      if (args.length > 0 || from === undefined || second !== undefined) {
        throw new AppError(ReturnCode.ARGS, 'expected one --from DIR', { usage: usageLine(command) });
      }
      const { cwd, signal } = terminal;
      const isDryRun = options.has('dry-run');
      const revive = options.get('revive') ?? [];
      const say = (text: string) => terminal.say(text);
      const { code, summary } = await importer.run({ from, cwd, isDryRun, revive, origin, say, signal });
      return { code, output: summary };
    },
  };
  return command;
}
