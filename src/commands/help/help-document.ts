import { builtinCommands, type CommandParts } from '../builtin-commands.js';
import { operatorOnlyCommands, type OperatorParts } from '../operator/operator-only-commands.js';
import { clientCommands } from './client-commands.js';
import { commandHelp, type CommandHelp } from './command-help.js';
import { helpText, section } from './help-text.js';

/** The help of the whole command line; `text` is what `--help` prints. Manual pages and completions are made of it. */
export interface HelpDocument {
  text: string;
  commands: readonly (CommandHelp & { text: string })[];
}

/** Of every command, in the order in which `hearthkey --help` lists them. */
export function helpDocument(): HelpDocument {
  // Their parts are asked for when they run; for the help none is needed.
  const own = operatorOnlyCommands({} as OperatorParts).map(commandHelp);
  const builtin = builtinCommands({} as CommandParts)
    .map(commandHelp)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const commands = [...clientCommands, ...own, ...builtin];
  return {
    text: overview(commands),
    commands: commands.map((help) => ({ ...help, text: helpText(help) })),
  };
}

function overview(commands: readonly CommandHelp[]): string {
  const rows = commands.map(({ name, info }) => [name, info] as const);
  return [
    'Usage: hearthkey COMMAND [ARGUMENT]…   (v-… commands also by their own name)',
    '',
    ...section('Commands:', rows, Math.max(...rows.map(([name]) => name.length)) + 4),
    '',
    'COMMAND --help says what each argument means, with exit codes and examples.',
    '',
  ].join('\n');
}
