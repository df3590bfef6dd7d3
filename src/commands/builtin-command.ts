import type { Actor, ChangeOrigin } from '../audit/audit-event.js';
import type { ClientAddress } from '../network/client-address.js';
import { AppError, ReturnCode } from '../errors.js';
import type { Authority } from '../keys/makers/authority.js';
import type { ArgumentHelp } from './help/argument-help.js';
import type { Table } from './tables/table.js';

/** Who runs a command, from where, and what at most may come of it. */
export interface Caller {
  actor: Actor;
  client: ClientAddress;
  /** `everything` for operators and for credentials that may run every command. */
  authority: Authority;
  /** Somebody at the admin socket, so the root user of the machine. */
  isOperator: boolean;
  /** An API of the key that runs it lists the command in SAFE: an operator has said that such a key may run it. */
  isSafe?: true;
}

/** What somebody at the command line has beside words and an answer: for commands that take their time. */
export interface Terminal {
  /** Prints on standard output, before what the command answers in the end; resolves when it is on its way. */
  print(text: string, isStyled?: boolean): Promise<void>;
  /** The same on standard error: how far it is. */
  say(text: string): void;
  /** Where relative paths start. */
  cwd: string | undefined;
  /** Cells of a line; undefined: what is printed goes into a pipe or a file, so it has the form that scripts know. */
  columns?: number | undefined;
  hasColour?: boolean | undefined;
  /** Aborted when nobody listens any more, and when the service stops: a long command ends at its next step. */
  signal: AbortSignal;
}

/** For adapters that have nothing but an answer. */
export const noTerminal: Terminal = {
  print: () => Promise.resolve(),
  say: () => undefined,
  cwd: undefined,
  signal: new AbortController().signal,
};

export interface Invocation {
  args: readonly string[];
  /** Values of long options by name, without the dashes; an option without a value is an empty text. */
  options: ReadonlyMap<string, readonly string[]>;
  caller: Caller;
  /** Where changes come from, for their audit events. */
  origin: ChangeOrigin;
  terminal: Terminal;
}

export interface CommandResult {
  code: number;
  output: string;
  /** What comes behind `output`, read only as it is taken: of lists that are too long for one text. */
  more?: AsyncGenerator<string, void>;
  /** What the output is, where that is known; otherwise it is told by its look. */
  outputType?: OutputType;
  /** What somebody at a terminal gets in place of the output. */
  table?: Table;
  /** The output has styles of ours in it (text/styles.ts). */
  isStyled?: boolean;
  /** A second person has to approve it: by that ID. */
  approvalId?: string;
  /** There is no such command where commands run. */
  isMissing?: true;
  /** It made its change, although its code says that something was not there: so it is recorded as done. */
  isDone?: true;
}

export type OutputType = 'json' | 'text';

export interface LongOption {
  name: string;
  /** What the value is called in the help; undefined: the option takes none. */
  value?: string;
  info: string;
  /** Stands in the usage line; the command refuses to run without it. */
  isRequired?: true;
}

/** A command of Hearthkey's own: the same one for the command line, the API and the console. */
export interface BuiltinCommand {
  name: string;
  /** One line for lists and the help. */
  info: string;
  /** Arguments as in Hestia's lists: `USER [PERMISSIONS]`; what is in brackets may be left out. */
  options: string;
  /** The code for too few arguments; absent: 1. */
  usageCode?: ReturnCode;
  longOptions?: readonly LongOption[];
  /** What an argument means here, by its name in `options`; absent: as `commonArguments` says. */
  argumentHelp?: Readonly<Record<string, ArgumentHelp>>;
  /** Exit codes besides those of every command of its kind; for the help. */
  exitCodes?: readonly ReturnCode[];
  examples: readonly string[];
  /** Its secret is read from standard input, several lines if need be, and refused among the words of a command line. */
  readsSecretLines?: true;
  /** What its help says below the examples. */
  notes?: readonly string[];
  /** Whether read-only mode refuses it; it may depend on what exactly is asked, and by whom. */
  changes:
    | boolean
    | ((args: readonly string[], caller: Caller, options: ReadonlyMap<string, readonly string[]>) => boolean);
  /** Whether that which runs it in the end has it; absent: it is Hearthkey's own. */
  isThere?(): boolean;
  /** A panel's command runs in the end: it gets the arguments as they are, and says itself what is wrong with them. */
  runsAtPanel?: boolean;
  run(invocation: Invocation): Promise<CommandResult>;
}

export function ok(output = '', table?: Table): CommandResult {
  return { code: ReturnCode.OK, output, ...(table !== undefined && { table }) };
}

/** Of commands that print a table. */
export const wide: LongOption = {
  name: 'wide',
  info: 'show all columns of the table, also where the terminal has no room for them',
};

/** For commands that could give a restricted key more than it has: only who may do everything may run them. */
export function requireEverything(caller: Caller): void {
  if (caller.authority === 'everything') return;
  throw new AppError(
    ReturnCode.FORBIDDEN,
    'a key with permissions or limits of its own can not run this command',
  );
}

/** The same, unless an API of the key says in SAFE that it may run the command all the same. */
export function requireEverythingOrSafe(caller: Caller): void {
  if (caller.isSafe !== true) requireEverything(caller);
}
