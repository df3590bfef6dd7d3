import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { CommandsDir } from '../../catalogue/commands-dir.js';
import { ReturnCode } from '../../errors.js';
import type { CommandResult } from '../builtin-command.js';
import type { Backend } from './backend.js';

/** The user that executables run as, where it isn't the service's own. */
export interface SystemUser {
  uid: number;
  gid: number;
}

export interface ExecBackendOptions {
  timeoutMs: number;
  outputLimitBytes: number;
  runAs: SystemUser | undefined;
  onProblem: (problem: string) => void;
}

/** As `timeout(1)` ends: Hestia has no code for a command that took too long. */
const timedOutCode = 124;
/** Nothing of the service's own environment reaches a command. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

/**
 * Runs commands from a directory of executables: no shell, arguments as an array, a clean environment, a limit on
 * time and on output. What is still running at a limit is ended with everything that it started.
 */
export class ExecBackend implements Backend {
  constructor(
    private readonly commands: CommandsDir,
    private readonly options: ExecBackendOptions,
  ) {}

  has(name: string): boolean {
    return this.commands.find(name) !== undefined;
  }

  run(name: string, args: readonly string[]): Promise<CommandResult> {
    return new Promise((resolve) => {
      const { timeoutMs, outputLimitBytes, runAs, onProblem } = this.options;
      let stopped: CommandResult | undefined;
      const chunks: Buffer[] = [];
      let length = 0;
      // A process group of its own, so that what the command starts can be ended with it.
      let child: ChildProcessByStdio<null, Readable, Readable>;
      try {
        child = spawn(this.commands.executable(name), [...args], {
          cwd: '/',
          env: environment,
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true,
          ...runAs,
        });
      } catch (error) {
        resolve(startFailure(name, error as NodeJS.ErrnoException)); // too long arguments are told by throwing
        return;
      }
      const stop = (code: number, why: string): void => {
        stopped ??= { code, output: `Error: ${name} ${why}\n` };
        if (child.pid !== undefined) killGroup(child.pid);
        // What has left the group may hold on to these; nobody waits for it.
        child.stdout.destroy();
        child.stderr.destroy();
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
        resolve(startFailure(name, error));
      });
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        if (stopped !== undefined) onProblem(stopped.output.trim());
        resolve(
          stopped ?? { code: code ?? signalCode(signal), output: Buffer.concat(chunks).toString('utf8') },
        );
      });
    });
  }
}

function startFailure(name: string, error: NodeJS.ErrnoException): CommandResult {
  if (error.code === 'E2BIG') {
    return { code: ReturnCode.INVALID, output: 'Error: the arguments are too long to pass on\n' };
  }
  return { code: ReturnCode.NOT_EXIST, output: `Error: ${name} can't be run on this server\n` };
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
