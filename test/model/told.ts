/** What traced nodes have told (test/faults/trace.mjs), of one run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Said {
  start: object;
  /** A change that is about to commit, and what it touches. */
  prepare: { number: number; mark: string; touched: string[] };
  /** A command settles up to that number; with a mark where that is its own change. */
  settle: { command: number; number: number; mark?: string };
  settled: { command: number };
  died: { command: number };
  look: { command: number };
  looked: { command: number; hasSeen: boolean };
  /** The command removes a row that stood still. */
  remove: { command: number; id: string };
  removed: { command: number; id: string };
  join: { id: string };
  joined: { id: string; number: number; mark: string };
  /** A renewal of the lease. */
  ask: { id: string };
  /** Without a number where the node has no row. */
  answer: { id: string; number?: number; mark?: string };
  extended: { id: string; number: number; untilMs: number };
  lost: { id: string };
  anew: { id: string };
  stop: { id: string };
  /** The node removes its own row. */
  leave: { id: string };
  left: { id: string };
  /** Facts were read as of that number. */
  read: { reading: number; number: number; things: string[] };
  /** Allowed, by facts from these readings. */
  allow: { by: Record<string, number> };
}

/** A line that a node has written. */
export type Line<S extends keyof Said = keyof Said> = {
  [Step in S]: Said[Step] & {
    step: Step;
    atMs: number;
    /** The process that told it. */
    process: Process;
  };
}[S];

/** A node, from one start to its end. */
export interface Process {
  /** The same for each start of that node. */
  node: string;
  lines: Line[];
}

/** All lines, in the order of the machine's clock. */
export function readTold(folder: string): Line[] {
  const lines = readdirSync(folder).flatMap((file) => {
    const process: Process = { node: file.replace(/-\d+\.jsonl$/, ''), lines: [] };
    const texts = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
    process.lines = texts.map((text) => ({ ...(JSON.parse(text) as Line), process }));
    return process.lines;
  });
  return lines.sort((one, other) => one.atMs - other.atMs);
}

export function of<S extends keyof Said>(lines: readonly Line[], ...steps: S[]): Line<S>[] {
  return lines.filter(({ step }) => (steps as string[]).includes(step)) as Line<S>[];
}
