import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { bytesOfText } from '../../text/byte-text.js';
import { isSameToDecide, type CommandSpec } from '../../catalogue/command-spec.js';
import type { CommandsDir } from '../../catalogue/commands-dir.js';
import type { FileTrust } from '../../catalogue/file-trust.js';
import { ReturnCode } from '../../errors.js';
import type { CommandResult } from '../builtin-command.js';
import type { Backend } from './backend.js';
import { passableCommandLine } from './byte-arguments.js';
import { callOf } from './secret-input.js';
import { Semaphore } from '../../concurrency/semaphore.js';

/** The user that executables run as, where it isn't the service's own. */
export interface SystemUser {
  uid: number;
  gid: number;
}

export interface ExecBackendOptions {
  timeoutMs: number;
  outputLimitBytes: number;
  runAs: SystemUser | undefined;
  /** Run commands through sudo, as a panel does whose own user is not root. */
  throughSudo: boolean;
  /** What others could change is not run. */
  trust: FileTrust;
  /** Variables that the panel's commands rely on, beside a clean environment. */
  environment: Readonly<Record<string, string>>;
  onProblem: (problem: string) => void;
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** Clients decide how many commands they ask for; the machine, how many processes it bears. */
const processLimits = { concurrency: 64, queueLength: 256 };
/** How long a command may wait for its turn. */
const patienceMs = 10_000;
/** As `timeout(1)` ends: Hestia has no code for a command that took too long. */
const timedOutCode = 124;
/** How long an answer waits for the end of what was stopped. */
const stopGraceMs = 1000;
const noPerl = 'an argument is not UTF-8, and /usr/bin/perl, which would pass it on, is not on this server';
/** Nothing of the service's own environment reaches a command. */
const environment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

/**
 * Runs commands from a directory of executables: no shell, arguments as an array, a clean environment, a limit on
 * time and on output. What is still running at a limit is ended with everything that it started.
 */
export class ExecBackend implements Backend {
  private readonly processes = new Semaphore(processLimits);

  constructor(
    private readonly commands: CommandsDir,
    private readonly options: ExecBackendOptions,
  ) {}

  has(name: string): boolean {
    return this.commands.find(name) !== undefined;
  }

  async run(name: string, args: readonly string[], decided?: CommandSpec): Promise<CommandResult> {
    const ran = await this.processes.run(() => this.startDecided(name, args, decided), patienceMs);
    return ran?.result ?? { code: ReturnCode.BUSY, output: 'Error: too many commands run at this moment\n' };
  }

  /** Runs the file that the decision was about, or a newer one that declares the same arguments. */
  private async startDecided(
    name: string,
    args: readonly string[],
    decided: CommandSpec | undefined,
  ): Promise<CommandResult> {
    const found = this.commands.findNow(name);
    if (found === undefined) {
      this.options.onProblem(`${name} could not be started: ENOENT`);
      return startFailure(name, { code: 'ENOENT' });
    }
    if (decided !== undefined && !isSameToDecide(decided, found.spec)) return changedMeanwhile(name);
    const problem = this.options.trust.problemOf(this.commands.executable(name));
    if (problem === undefined) return this.start(name, found, args);
    this.options.onProblem(`${name} was not run: ${problem}`);
    const output = `Error: ${name} is not run: users other than its owner can change it; the log names the file\n`;
    return { code: ReturnCode.FORBIDDEN, output };
  }

  private start(
    name: string,
    { spec, signature }: { spec: CommandSpec; signature: string },
    args: readonly string[],
  ): CommandResult | Promise<CommandResult> {
    const call = this.callFor(name, spec, args);
    if (typeof call === 'string') return { code: ReturnCode.INVALID, output: `Error: ${call}\n` };
    let child: Child;
    try {
      child = this.spawn(call.line, call.input !== undefined);
    } catch (error) {
      return startFailure(name, error as NodeJS.ErrnoException); // too long arguments are told by throwing
    }
    // It was replaced in this very moment: what began is ended.
    if (this.commands.findNow(name)?.signature !== signature) {
      endReplaced(child);
      return changedMeanwhile(name);
    }
    child.stdin?.on('error', () => undefined).end(call.input); // one that does not read it ends as it likes
    return this.resultOf(name, child);
  }

  private spawn([file, ...words]: [string, ...string[]], hasInput: boolean): Child {
    return spawn(file, words, {
      cwd: '/',
      env: { ...environment, ...this.options.environment },
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true, // a process group of its own, so that what the command starts can be ended with it
      ...this.options.runAs,
    }) as Child;
  }

  private resultOf(name: string, child: Child): Promise<CommandResult> {
    return new Promise((resolve) => {
      const { timeoutMs, outputLimitBytes, onProblem } = this.options;
      let stopped: CommandResult | undefined;
      const chunks: Buffer[] = [];
      let length = 0;
      const stop = (code: number, why: string): void => {
        if (stopped !== undefined) return;
        const answer = { code, output: `Error: ${name} ${why}\n` };
        stopped = answer;
        onProblem(answer.output.trim());
        if (child.pid !== undefined) killGroup(child.pid);
        // What has left the group may hold on to these; nobody waits for it.
        child.stdout.destroy();
        child.stderr.destroy();
        // What runs as another user, through sudo, can't be ended from here; it isn't waited for either.
        setTimeout(() => resolve(answer), stopGraceMs).unref();
      };
      const timer = setTimeout(() => {
        stop(timedOutCode, `did not end within ${String(timeoutMs / 1000)} s and was stopped`);
      }, timeoutMs);
      child.stdout.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > outputLimitBytes) stop(ReturnCode.LIMIT, 'printed more than is allowed and was stopped');
        else chunks.push(chunk);
      });
      child.stderr.resume(); // not for the client, as in Hestia; read so that the command never waits for it
      child.on('error', (error) => {
        clearTimeout(timer);
        onProblem(
          `${name} could not be started: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
        );
        resolve(startFailure(name, error as NodeJS.ErrnoException));
      });
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        resolve(
          stopped ?? { code: code ?? signalCode(signal), output: Buffer.concat(chunks).toString('utf8') },
        );
      });
    });
  }

  /** @returns the command line and what it reads on standard input, or why there is none */
  private callFor(
    name: string,
    spec: CommandSpec,
    args: readonly string[],
  ): { line: [string, ...string[]]; input: Buffer | undefined } | string {
    const call = callOf(spec, args);
    if (call === undefined) return 'a secret has to be one line';
    const line = passableCommandLine(this.commandLine(name, call.words));
    if (line === undefined) return noPerl;
    return { line, input: call.input === undefined ? undefined : bytesOfText(call.input) };
  }

  private commandLine(name: string, args: readonly string[]): [string, ...string[]] {
    const executable = this.commands.executable(name);
    if (!this.options.throughSudo) return [executable, ...args];
    // It never asks for a password, and takes nothing after the dashes for an option of its own.
    return ['/usr/bin/sudo', '-n', '--', executable, ...args];
  }
}

function changedMeanwhile(name: string): CommandResult {
  return { code: ReturnCode.BUSY, output: `Error: ${name} is being replaced, try again\n` };
}

function endReplaced(child: Child): void {
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  if (child.pid !== undefined) killGroup(child.pid);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

/** What a command that could not be started comes to. */
export function startFailure(name: string, error: Pick<NodeJS.ErrnoException, 'code'>): CommandResult {
  if (error.code === 'E2BIG') {
    return { code: ReturnCode.INVALID, output: 'Error: the arguments are too long to pass on\n' };
  }
  // No descriptors, processes or memory, and whatever else says nothing of the command itself.
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') {
    return { code: ReturnCode.BUSY, output: `Error: ${name} can't be run at this moment\n` };
  }
  const output = `Error: ${name} can't be run on this server\n`;
  return { code: ReturnCode.NOT_EXIST, output, isMissing: true };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended by itself in the meantime
  }
}

/** As a shell tells it: 128 and the signal's number. */
function signalCode(signal: NodeJS.Signals | null): number {
  const numbers: Partial<Record<NodeJS.Signals, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGKILL: 9,
    SIGSEGV: 11,
    SIGTERM: 15,
  };
  return 128 + (signal === null ? 0 : (numbers[signal] ?? 0));
}
