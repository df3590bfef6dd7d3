import { bytesOfText, loneSurrogatePattern } from '../text/byte-text.js';
import { ApprovalRequired } from '../approvals/approval.js';
import { AppError, READ_ONLY_MESSAGE, ReturnCode } from '../errors.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { describeCommand } from '../catalogue/command-spec.js';
import { requiredCount, usageLine } from './arguments.js';
import { shortened, visible } from '../text/visible-text.js';
import { protectionRule } from '../users/protected-users.js';
import {
  noTerminal,
  requireEverything,
  type BuiltinCommand,
  type Caller,
  type CommandResult,
  type Terminal,
} from './builtin-command.js';

export interface RegistryOptions {
  rootUser: string;
  isReadOnly: () => Promise<boolean>;
  onError: (error: unknown) => void;
}

/** The built-in commands, by name, and the one way to run one. */
export class CommandRegistry {
  private readonly commands = new Map<string, BuiltinCommand>();

  constructor(
    commands: readonly BuiltinCommand[],
    catalogue: Catalogue,
    private readonly options: RegistryOptions,
  ) {
    for (const command of commands) {
      this.commands.set(command.name, command);
      catalogue.addBuiltIn(describeCommand(command.name, command.info, command.options));
    }
  }

  find(name: string): BuiltinCommand | undefined {
    return this.commands.get(name);
  }

  list(): BuiltinCommand[] {
    return [...this.commands.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /**
   * What stands in the way of a command that names the root user, over every adapter and at every backend. A
   * decision about an access key has asked the same; other credentials and the command line come here alone.
   *
   * @throws AppError 10
   */
  requireMayTouchRootUser(name: string, args: readonly string[], caller: Caller): void {
    // Administrators are protected from keys, of which a decision was made; people are not held from their own way in.
    const isAdministrator = (): boolean => false;
    const rule = protectionRule(name, args, { rootUser: this.options.rootUser, isAdministrator });
    if (rule === 'with_everything') requireEverything(caller);
    if (rule === 'never')
      throw new AppError(ReturnCode.FORBIDDEN, 'the root user can be neither deleted, suspended nor renamed');
  }

  isReadOnly(): Promise<boolean> {
    return this.options.isReadOnly();
  }

  /** Runs a command; what it refuses, and what breaks in it, becomes a code and a text. */
  async run(
    command: BuiltinCommand,
    args: readonly string[],
    options: ReadonlyMap<string, readonly string[]>,
    caller: Caller,
    terminal: Terminal = noTerminal,
  ): Promise<CommandResult> {
    if (args.length < requiredCount(command))
      return { code: command.usageCode ?? ReturnCode.ARGS, output: `${usageLine(command)}\n` };
    const isUnfit = (text: string): boolean =>
      command.runsAtPanel === true ? bytesOfText(text) === undefined : loneSurrogatePattern.test(text);
    if ([...args, ...[...options.values()].flat()].some(isUnfit)) return notText();
    const origin = { actor: caller.actor, clientAddress: caller.client.text, command: command.name };
    try {
      this.requireMayTouchRootUser(command.name, args, caller);
      const changes =
        typeof command.changes === 'function' ? command.changes(args, caller, options) : command.changes;
      if (changes && (await this.isReadOnly())) return readOnlyRefusal();
      return withShortArguments(
        await command.run({ args, options, caller, origin, terminal }),
        args,
        options,
      );
    } catch (error) {
      return withShortArguments(this.refusal(error), args, options);
    }
  }

  /** What an error comes to; what is more than a refusal is logged. */
  refusal(error: unknown): CommandResult {
    if (error instanceof AppError) {
      if (error.cause !== undefined) this.options.onError(error.cause);
      const approval = error instanceof ApprovalRequired ? { approvalId: error.approvalId } : {};
      return { code: error.code, output: `Error: ${error.message}\n`, ...approval };
    }
    this.options.onError(error);
    return { code: ReturnCode.DATABASE, output: 'Error: the store could not be used, see the log\n' };
  }
}

/** An error that repeats a long argument is hard to find before it: its beginning is enough. */
function withShortArguments(
  result: CommandResult,
  args: readonly string[],
  options: ReadonlyMap<string, readonly string[]>,
): CommandResult {
  if (result.code === ReturnCode.OK || !result.output.startsWith('Error: ')) return result;
  let { output } = result;
  for (const arg of [...args, ...[...options.values()].flat()]) {
    const short = shortened(arg);
    if (short !== visible(arg)) output = output.replaceAll(visible(arg), () => short);
  }
  return { ...result, output };
}

/** What is answered to an argument that is not UTF-8. It may be a secret, so it is not repeated. */
export function notText(): CommandResult {
  return { code: ReturnCode.INVALID, output: 'Error: an argument is not UTF-8\n' };
}

/** What read-only mode answers to every change. */
export function readOnlyRefusal(): CommandResult {
  return { code: ReturnCode.ARGS, output: `ERROR: ${READ_ONLY_MESSAGE}\n` };
}
