/** Every process and folder that the harness makes is gone when it ends, however it ends. */
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<ChildProcess>();
let folder: string | undefined;
let guard: ChildProcess | undefined;

/** One folder for the whole run; short, because the path of a Unix socket has at most 107 bytes. */
export function temporaryFolder(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'hk-conf-'));
    tellGuard(`folder ${folder}`);
  }
  return folder;
}

/** Starts a process that doesn't outlive the harness. */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  tellGuard(`+${child.pid}`);
  const forget = () => {
    running.delete(child);
    tellGuard(`-${child.pid}`);
  };
  child.once('exit', forget);
  child.once('error', forget);
  return child;
}

/** Ends what is left and removes the folder; also called when the harness is interrupted or fails. */
export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folder = undefined;
}

export function cleanUpAtExit(): void {
  process.on('exit', cleanUp);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      console.error(`ended by ${signal}`);
      process.exit(code);
    });
  }
}

/** The guard does what `cleanUp` can't do any more once the harness was killed (guard.ts). */
function tellGuard(line: string): void {
  guard ??= startGuard();
  guard.stdin?.write(`${line}\n`);
}

function startGuard(): ChildProcess {
  const file = join(import.meta.dirname, 'guard.ts');
  // Not in the process group of the harness, so that Ctrl-C doesn't end it together with the harness.
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: join(import.meta.dirname, '../..'), // where tsx is found
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  (child.stdin as Socket).unref();
  child.stdin.on('error', () => undefined);
  return child;
}
