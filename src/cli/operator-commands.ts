import type { AuditLog } from '../audit/audit-log.js';
import type { Actor } from '../audit/audit-event.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { helpText, parseCommandLine } from '../commands/arguments.js';
import {
  noTerminal,
  type BuiltinCommand,
  type Caller,
  type CommandResult,
  type Terminal,
} from '../commands/builtin-command.js';
import type { Completion } from '../commands/completion.js';
import type { CommandRegistry } from '../commands/registry.js';
import { AppError, ReturnCode } from '../errors.js';
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
    private readonly own: readonly BuiltinCommand[] = [],
  ) {}

  /** @param terminal - for what a command prints before it has ended */
  async run(request: OperatorRequest, terminal: Terminal = noTerminal): Promise<CommandResult> {
    try {
      return await this.runNamed(request, { ...terminal, cwd: request.cwd });
    } catch (error) {
      if (error instanceof AppError) return { code: error.code, output: `Error: ${error.message}\n` };
      throw error;
    }
  }

  private async runNamed(request: OperatorRequest, terminal: Terminal): Promise<CommandResult> {
    if (request.command === 'help') return { code: ReturnCode.OK, output: this.overview() };
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
      throw new AppError(ReturnCode.NOT_EXIST, `there is no command ${request.command}`);
    return this.runCommand(command, request, terminal);
  }

  private find(name: string): BuiltinCommand | undefined {
    return this.registry.find(name) ?? this.own.find((command) => command.name === name);
  }

  private async runCommand(
    command: BuiltinCommand,
    request: OperatorRequest,
    terminal: Terminal,
  ): Promise<CommandResult> {
    const wantsHelp = request.args.length === 1 && request.args[0] === '--help';
    // A command whose 0 means "this secret is right" must not answer 0 to a caller whose secret is "--help".
    const isCheck = command.name.startsWith('v-check-');
    if (wantsHelp && !isCheck) return { code: ReturnCode.OK, output: helpText(command) };
    const { args, options } = parseCommandLine(command, this.withSecretsFromStdin(command, request));
    const caller = callerOf(request);
    const result = await this.registry.run(command, args, options, caller, terminal);
    if (command.changes !== false && result.code !== ReturnCode.OK) {
      const event = {
        type: 'result',
        outcome: 'failed',
        actor: caller.actor,
        command: command.name,
        code: result.code,
      } as const;
      // The caller is told how it ended; the audit log has reported that it can't be recorded.
      await this.audit.append(event).catch(() => undefined);
    }
    return wantsHelp ? { code: result.code, output: helpText(command) } : result;
  }

  /** `-` in the place of a secret stands for what came on standard input. */
  private withSecretsFromStdin(command: BuiltinCommand, request: OperatorRequest): string[] {
    const places = this.catalogue.find(command.name)?.secretPositions ?? [];
    return request.args.map((arg, index) => {
      if (arg !== '-' || !places.includes(index + 1)) return arg;
      if (request.stdin === undefined || request.stdin === '') {
        throw new AppError(ReturnCode.ARGS, 'expected a secret on standard input in place of -');
      }
      return request.stdin;
    });
  }

  private overview(): string {
    const commands = [...this.own, ...this.registry.list()];
    const width = Math.max(...commands.map((command) => command.name.length)) + 2;
    const lines = commands.map((command) => `  ${command.name.padEnd(width)}${command.info}`);
    return [
      'Usage: hearthkey COMMAND [ARGUMENT]…   (or the command by its own name)',
      '',
      'Commands:',
      `  ${'serve'.padEnd(width)}run the service`,
      `  ${'setup'.padEnd(width)}set this machine up, or bring it back`,
      `  ${'completion bash'.padEnd(width)}print the completion for bash`,
      ...lines,
      '',
      'COMMAND --help tells more, with examples.',
      '',
    ].join('\n');
  }
}

function callerOf(request: OperatorRequest): Caller {
  const actor: Actor = { kind: 'operator' };
  if (request.sudoUser !== undefined && request.sudoUser !== '') actor.sudoUser = request.sudoUser;
  return { actor, client: { address: undefined, text: '' }, authority: 'everything', isOperator: true };
}
