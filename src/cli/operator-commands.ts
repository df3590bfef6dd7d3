import type { AuditLog } from '../audit/audit-log.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { parseCommandLine, wordsOf } from '../commands/arguments.js';
import {
  noTerminal,
  type BuiltinCommand,
  type Caller,
  type CommandResult,
  type Terminal,
} from '../commands/builtin-command.js';
import type { Completion } from '../commands/completion.js';
import { commandHelp } from '../commands/help/command-help.js';
import { helpText } from '../commands/help/help-text.js';
import type { KnownNames } from '../commands/known-names.js';
import type { CommandRegistry } from '../commands/registry.js';
import { renderTable } from '../commands/tables/table.js';
import { AppError, ReturnCode } from '../errors.js';
import { didYouMean } from '../text/nearest-name.js';
import { shortened } from '../text/visible-text.js';
import { argumentHints, refuseMistypedSecretOption } from './argument-hints.js';
import { failedTarget } from './failed-target.js';
import { operatorOf } from './operator.js';
import type { OperatorRequest } from './operator-request.js';

/**
 * What somebody at the machine's own command line may run: every built-in command, those that only `hearthkey` knows
 * (no adapter over the network has them), help and completion.
 */
export class OperatorCommands {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly catalogue: Catalogue,
    private readonly completion: Completion,
    private readonly audit: AuditLog,
    private readonly names: KnownNames,
    private readonly own: readonly BuiltinCommand[] = [],
  ) {}

  /** @param terminal - for what a command prints before it has ended */
  async run(request: OperatorRequest, terminal: Terminal = noTerminal): Promise<CommandResult> {
    try {
      const { cwd, columns, hasColour } = request;
      return await this.runNamed(request, { ...terminal, cwd, columns, hasColour });
    } catch (error) {
      if (error instanceof AppError) return { code: error.code, output: `Error: ${error.message}\n` };
      throw error;
    }
  }

  private async runNamed(request: OperatorRequest, terminal: Terminal): Promise<CommandResult> {
    if (request.command === 'complete') {
      const words = await this.completion.candidates(request.args);
      return { code: ReturnCode.OK, output: words.map((word) => `${word}\n`).join('') };
    }
    if (request.command === 'completion') {
      if (request.args[0] === 'bash') return { code: ReturnCode.OK, output: this.completion.bashScript() };
      throw new AppError(ReturnCode.ARGS, 'Usage: hearthkey completion bash');
    }
    const command = this.find(request.command);
    if (command === undefined)
      throw new AppError(
        ReturnCode.NOT_EXIST,
        `there is no command ${shortened(request.command)}${didYouMean(request.command, this.commandNames())}`,
      );
    return this.runCommand(command, request, terminal);
  }

  private find(name: string): BuiltinCommand | undefined {
    return this.registry.find(name) ?? this.own.find((command) => command.name === name);
  }

  private commandNames(): string[] {
    return [...this.registry.list(), ...this.own]
      .map((command) => command.name)
      .concat('serve', 'setup', 'leak-scan', 'help');
  }

  private async runCommand(
    command: BuiltinCommand,
    request: OperatorRequest,
    terminal: Terminal,
  ): Promise<CommandResult> {
    const wantsHelp = asksForHelp(command, request.args);
    // A command whose 0 means "this secret is right" must not answer 0 to a caller whose secret is "--help".
    const isCheck = command.name.startsWith('v-check-');
    if (wantsHelp && !isCheck) return { code: ReturnCode.OK, output: helpText(commandHelp(command)) };
    const secretPlaces = this.catalogue.find(command.name)?.secretPositions ?? [];
    refuseMistypedSecretOption(request.args, secretPlaces);
    const { args, options } = parseCommandLine(command, withSecretFromStdin(request, command, secretPlaces));
    if (command.readsSecretLines === true && !wantsHelp) requireFromStdin(args, request);
    const caller = callerOf(request);
    if (!wantsHelp)
      for (const hint of argumentHints(command, args, secretPlaces.length > 0)) terminal.say(`${hint}\n`);
    const result = await this.registry.run(command, args, options, caller, terminal);
    const hasFailed = result.code !== ReturnCode.OK && result.isDone !== true;
    if (hasFailed && command.changes !== false && !options.has('dry-run')) {
      const target = await failedTarget(command, args, this.names).catch(() => undefined);
      const event = {
        type: 'result',
        outcome: 'failed',
        actor: caller.actor,
        command: command.name,
        code: result.code,
        ...(target !== undefined && { target }),
      } as const;
      // The caller is told how it ended; the audit log has reported that it can't be recorded.
      await this.audit.append(event).catch(() => undefined);
    }
    if (wantsHelp) return { code: result.code, output: helpText(commandHelp(command)) };
    return forTerminal(result, terminal, options.has('wide'));
  }
}

/**
 * `--help` alone, or as the last word where the command would ignore it or refuse it as an option: never where it may
 * be the value of an argument.
 */
function asksForHelp(command: BuiltinCommand, args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const place = args.slice(0, end === -1 ? undefined : end).indexOf('--help');
  if (place === -1 || place < args.length - 1) return false;
  return args.length === 1 || command.longOptions !== undefined || place >= wordsOf(command).length;
}

/** `-` in the place of a secret stands for what came on standard input. */
function withSecretFromStdin(
  { args, stdin }: OperatorRequest,
  { readsSecretLines }: BuiltinCommand,
  secretPlaces: readonly number[],
): string[] {
  return args.map((arg, index) => {
    if (arg !== '-' || !(readsSecretLines === true || secretPlaces.includes(index + 1))) return arg;
    if (stdin === undefined || stdin === '')
      throw new AppError(ReturnCode.ARGS, 'expected a secret on standard input in place of -');
    return stdin;
  });
}

/** @throws AppError 1 for a secret among the words, which everybody on the machine could read */
function requireFromStdin([secret]: readonly string[], { stdin }: OperatorRequest): void {
  if (secret === undefined || secret === stdin) return;
  throw new AppError(
    ReturnCode.ARGS,
    'a secret is no argument here, where every process could read it: give - to be asked for it, or send it on standard input',
  );
}

function callerOf(request: OperatorRequest): Caller {
  const actor = operatorOf(request);
  return { actor, client: { address: undefined, text: '' }, authority: 'everything', isOperator: true };
}

/** A table that fits the terminal, where there is one. */
function forTerminal(result: CommandResult, terminal: Terminal, isWide: boolean): CommandResult {
  const { columns, hasColour = false } = terminal;
  if (result.table === undefined || columns === undefined) return result;
  const view = { columns: isWide ? Infinity : columns, hasColour };
  return {
    ...result,
    output: renderTable(result.table, view, (text) => terminal.say(text)),
    isStyled: hasColour,
  };
}
