/** Every process and folder that the harness makes is gone when it ends, however it ends. */
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<ChildProcess>();
let folder: string | undefined;

/** One folder for the whole run; short, because the path of a Unix socket has at most 107 bytes. */
export function temporaryFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'hk-conf-'));
  return folder;
}

/** Starts a process that doesn't outlive the harness. */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  const forget = () => running.delete(child);
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
    process.on(signal, () => process.exit(code));
  }
}
