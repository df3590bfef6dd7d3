import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cleanUp } from '../test/support/clean-up.js';

/** Nothing that a bench started or wrote outlives it, also when it fails or is stopped. */
const children = new Set<ChildProcess>();
const folders = new Set<string>();

export function endAtExit<T extends ChildProcess>(child: T): T {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

export function removeAtExit(folder: string): string {
  folders.add(folder);
  return folder;
}

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
