import type { AuditLog } from '../audit/audit-log.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import { bytesOfText } from '../text/byte-text.js';
import { AppError, READ_ONLY_MESSAGE, ReturnCode } from '../errors.js';
import { withKnownFormat } from './arguments.js';
import type { Backend } from './backends/backend.js';
import type { Caller, CommandResult } from './builtin-command.js';
import { wholeResult } from './long-output.js';
import { notText, readOnlyRefusal, type CommandRegistry } from './registry.js';
import type { TemporaryFiles } from './temporary-files.js';

/** Runs a command that was allowed: a built-in one here, any other in the backend. Its result is recorded. */
export class Dispatcher {
  /** With the moment at which each began, by `performance.now`. */
  private readonly running = new Map<Promise<unknown>, number>();

  constructor(
    private readonly registry: CommandRegistry,
    private readonly backend: Backend | undefined,
    private readonly audit: AuditLog,
    /** Undefined: they are made where the commands run. */
    private readonly temporaryFiles?: TemporaryFiles,
  ) {}

  dispatch(command: CommandSpec, args: readonly string[], caller: Caller): Promise<CommandResult> {
    return this.inOneGo(async () =>
      wholeResult(await this.recorded(command, caller, this.run(command, args, caller, false))),
    );
  }

  /**
   * The same; what is long has `more` behind its output.
   *
   * @param isCodeOnly - its output goes nowhere, so that a listing's FORMAT says nothing
   */
  dispatchInParts(
    command: CommandSpec,
    args: readonly string[],
    caller: Caller,
    isCodeOnly: boolean,
  ): Promise<CommandResult> {
    return this.inOneGo(() => this.recorded(command, caller, this.run(command, args, caller, isCodeOnly)));
  }

  /** What a command that `has` doesn't know ends with, recorded as any other; nothing is run. */
  refuseLacking(command: CommandSpec, caller: Caller): Promise<CommandResult> {
    return this.inOneGo(() => this.recorded(command, caller, Promise.resolve(notAvailable(command))));
  }

  /**
   * Runs the use case of a command for an adapter that needs more of it than a text; recorded as the command is.
   *
   * @throws AppError, and whatever `work` throws
   */
  runUseCase<T>(
    command: CommandSpec,
    args: readonly string[],
    caller: Caller,
    work: () => Promise<T>,
  ): Promise<T> {
    return this.inOneGo(async () => {
      let code: number = ReturnCode.OK;
      try {
        this.registry.requireMayTouchRootUser(command.name, args, caller);
        if (!command.onlyReads && (await this.registry.isReadOnly()))
          throw new AppError(ReturnCode.ARGS, READ_ONLY_MESSAGE);
        return await work();
      } catch (error) {
        code = error instanceof AppError ? error.code : ReturnCode.DATABASE;
        throw error;
      } finally {
        await this.recordResult(command, caller, code);
      }
    });
  }

  /** Work of several commands that should come to its end once it was begun, also when the service stops. */
  inOneGo<T>(work: () => Promise<T>): Promise<T> {
    const run = work().finally(() => this.running.delete(run));
    this.running.set(run, performance.now());
    return run;
  }

  /** Whether there is such a command to run, as far as that can be told without running it. */
  has(name: string): boolean {
    const builtIn = this.registry.find(name);
    if (builtIn !== undefined) return builtIn.isThere?.() ?? true;
    return this.backend?.has(name) === true;
  }

  /** When the commands that run now began, by `performance.now`. */
  runningSinceMs(): number[] {
    return [...this.running.values()];
  }

  /** Resolves when no command runs any more; for an orderly end. */
  async idle(): Promise<void> {
    // What runs may begin more.
    while (this.running.size > 0) await Promise.allSettled(this.running.keys());
  }

  private async recorded(
    command: CommandSpec,
    caller: Caller,
    run: Promise<CommandResult>,
  ): Promise<CommandResult> {
    const result = await run.catch((error: unknown) => this.registry.refusal(error));
    await this.recordResult(command, caller, result.code, result.isDone);
    return result;
  }

  private async recordResult(
    command: CommandSpec,
    caller: Caller,
    code: number,
    isDone: boolean = code === ReturnCode.OK,
  ): Promise<void> {
    const event = {
      type: 'result',
      outcome: isDone ? 'done' : 'failed',
      actor: caller.actor,
      clientAddress: caller.client.text,
      command: command.name,
      code,
    } as const;
    // The command has run, so its caller is told how it ended; the audit log has reported that it can't be recorded.
    await this.audit.append(event).catch(() => undefined);
  }

  private async run(
    command: CommandSpec,
    args: readonly string[],
    caller: Caller,
    isCodeOnly: boolean,
  ): Promise<CommandResult> {
    const builtIn = this.registry.find(command.name);
    if (builtIn !== undefined) {
      const asked = isCodeOnly ? withKnownFormat(builtIn, args) : args;
      // Long options are for the command line: a client's text that looks like one stays an argument.
      return this.registry.run(builtIn, asked, new Map(), caller);
    }
    this.registry.requireMayTouchRootUser(command.name, args, caller);
    if (args.some((arg) => bytesOfText(arg) === undefined)) return notText();
    if (!command.onlyReads && (await this.registry.isReadOnly())) return readOnlyRefusal();
    if (this.backend?.has(command.name) !== true) return notAvailable(command);
    const located = (await this.temporaryFiles?.locate(args, caller)) ?? args;
    return this.backend.run(command.name, located, command);
  }
}

function notAvailable({ name }: CommandSpec): CommandResult {
  const output = `Error: ${name} is not available on this server\n`;
  return { code: ReturnCode.NOT_EXIST, output, isMissing: true };
}
