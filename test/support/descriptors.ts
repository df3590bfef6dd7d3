/** File descriptors: how many a process may have, and a moment in which this one can open nothing. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';

/** Of a process that runs. What is open stays open, also beyond it. */
export function setDescriptorLimit(pid: number, limit: number): void {
  const args = ['--pid', String(pid), `--nofile=${String(limit)}:`];
  const { status, stderr } = spawnSync('prlimit', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

export function descriptorLimit(pid: number): number {
  const args = ['--pid', String(pid), '--nofile', '--output=SOFT', '--noheadings', '--raw'];
  return Number(spawnSync('prlimit', args, { encoding: 'utf8' }).stdout);
}

/** The lowest number that is free: with it as the limit, the process can open nothing more. */
export function lowestFreeDescriptor(pid: number): number {
  const open = new Set(readdirSync(`/proc/${String(pid)}/fd`));
  for (let number = 0; ; number++) if (!open.has(String(number))) return number;
}

/** Does it while this process can open no file. */
export function withoutDescriptors<T>(work: () => T): T {
  const before = descriptorLimit(process.pid);
  // Some more than are open, so that using them up takes no time.
  const numbers = readdirSync('/proc/self/fd').map(Number);
  setDescriptorLimit(process.pid, Math.min(before, Math.max(...numbers) + 100));
  const opened: number[] = [];
  try {
    for (;;) opened.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
    return work();
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
    setDescriptorLimit(process.pid, before);
  }
}
