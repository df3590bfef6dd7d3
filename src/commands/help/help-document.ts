import { builtinCommands, type CommandParts } from '../builtin-commands.js';
import { operatorOnlyCommands, type OperatorParts } from '../operator/operator-only-commands.js';
import { commandHelp, type CommandHelp } from './command-help.js';
import { helpText, section } from './help-text.js';

/** The help of the whole command line; `text` is what `--help` prints. Manual pages and completions are made of it. */
export interface HelpDocument {
  text: string;
  commands: readonly (CommandHelp & { text: string })[];
}

/** What the command line does by itself, without asking the service. */
const clientCommands: readonly CommandHelp[] = [
  {
    name: 'serve',
    program: 'hearthkey serve',
    info: 'run the service until SIGTERM or SIGINT; settings are variables HEARTHKEY_…, see docs/configuration.md',
    usage: 'hearthkey serve',
    arguments: [],
    options: [],
    exitCodes: [
      { code: 0, meaning: 'stopped in order' },
      { code: 1, meaning: "a setting is not valid, or something that is needed can't be used" },
    ],
    examples: ['hearthkey serve', 'HEARTHKEY_LISTEN=127.0.0.1:8183 hearthkey serve'],
    notes: [
      'SIGHUP reads the TLS certificate anew. At a terminal, a second Ctrl-C ends the service at once, while commands still run.',
    ],
  },
  {
    name: 'help',
    program: 'hearthkey help',
    info: 'print the help of a command, or list all commands; needs no running service',
    usage: 'hearthkey help [COMMAND] [--json]',
    arguments: [{ name: 'COMMAND', isRequired: false, info: 'the name of a command; empty: list all' }],
    options: [{ name: 'json', isRequired: false, info: 'print the help as JSON, for programs' }],
    exitCodes: [
      { code: 0, meaning: 'done' },
      { code: 3, meaning: 'there is no such command' },
    ],
    examples: ['hearthkey help', 'hearthkey help v-add-access-key', 'hearthkey help --json'],
    notes: [],
  },
  {
    name: 'completion',
    program: 'hearthkey completion',
    info: 'print the completion for a shell',
    usage: 'hearthkey completion SHELL',
    arguments: [{ name: 'SHELL', isRequired: true, info: 'the shell', values: ['bash'] }],
    options: [],
    exitCodes: [
      { code: 0, meaning: 'done' },
      { code: 1, meaning: 'arguments are missing' },
      { code: 15, meaning: 'the service does not answer' },
    ],
    examples: ['source <(hearthkey completion bash)'],
    notes: [],
  },
];

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
