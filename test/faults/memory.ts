/** How much of a process is in memory. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Node } from './nodes.js';

/** The most that the node had in memory since it was started, or since forgetMost(). */
export function mostMemoryOf({ pid }: Node): number {
  return read(pid, 'VmHWM');
}

/** What it has now. */
export function memoryOf({ pid }: Node): number {
  return read(pid, 'VmRSS');
}

/** The most begins anew with what it has now. */
export function forgetMost({ pid }: Node): void {
  writeFileSync(`/proc/${String(pid)}/clear_refs`, '5');
}

export function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

function read(pid: number, name: string): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
