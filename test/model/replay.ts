/** Asks Spin whether what real nodes have done is a path of the model. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/folders.js';
import { look } from './look-ahead.js';
import { steps, type Trace, type TraceLine } from './trace.js';

const run = promisify(execFile);
const model = join(import.meta.dirname, 'replay.pml');
/** So much longer than a lease a command waits, as in src/storage/cluster/first-look.ts. */
const margin = 1.1;
/** More milliseconds than that pass in several steps. */
const longestSpan = 10_000;
/** In minutes, as an option of the search. */
const longestSearch = '-Q10';

export interface Replayed {
  isPath: boolean;
  /** The line that no order of the database's steps leads over; undefined: there is none. */
  rejected: TraceLine | undefined;
  /** How many lines the model has taken, and of how many. */
  taken: number;
  lines: number;
  states: number;
  seconds: number;
}

/** The model with as many changes as a trace has; it takes this trace, and what is made of it by few more lines. */
export class Replayer {
  private constructor(private readonly folder: string) {}

  static async for({ leaseMs, changes, lines }: Trace): Promise<Replayer> {
    const replayer = new Replayer(temporaryFolder());
    const named = (names: readonly [string, number][]): [string, number][] =>
      names.map(([name, number]) => [`T_${name.toUpperCase()}`, number]);
    const defines: [string, number][] = [
      ...named(steps.map((step, index) => [step, index])),
      ...named(Object.entries(look)),
      ['LEASE', leaseMs],
      ['WAIT', Math.round(leaseMs * margin)],
      ['CHANGES', Math.max(changes, 1)],
      ['KEYS', Math.max(changes, 1)],
      ['LINES', 2 * lines.length + 100],
    ];
    const cwd = { cwd: replayer.folder };
    await run('spin', ['-a', ...defines.map(([name, value]) => `-D${name}=${String(value)}`), model], cwd);
    // Marks of states in place of the states: a trace has few, and each is large.
    const options = ['-DSAFETY', '-DNOREDUCE', '-DHC4', '-DVECTORSZ=262144', '-DMEMLIM=3000'];
    await run('gcc', ['-O1', ...options, '-w', '-o', 'pan', 'pan.c'], cwd);
    return replayer;
  }

  async replay(trace: Trace): Promise<Replayed> {
    const startedAtMs = performance.now();
    const lines = withTime(withoutNeedless(trace.lines));
    const rows = lines.map(({ step, who, key, value, span, needs }) =>
      [steps.indexOf(step), who, key, value, span, needs].join(' '),
    );
    writeFileSync(join(this.folder, 'trace'), `${rows.join('\n')}\n`);
    const cwd = { cwd: this.folder, maxBuffer: 16_777_216 };
    const { stdout } = await run(join(this.folder, 'pan'), ['-E', '-m3000000', '-w20', longestSearch], cwd);
    const taken = Number(/furthest line (\d+)/.exec(stdout)?.[1] ?? NaN);
    const isPath = taken === lines.length - 1 && stdout.includes('assertion violated');
    const isWhole = !/search not completed|max search depth too small|out of memory|time limit/i.test(stdout);
    if (!isPath && (!isWhole || !stdout.includes('errors: 0')))
      throw new Error(`the search has not ended:\n${stdout}`);
    return {
      isPath,
      rejected: isPath ? undefined : lines[taken],
      taken: isPath ? lines.length : taken,
      lines: lines.length,
      states: Number(/([\d.e+]+) states, stored/.exec(stdout)?.[1]),
      seconds: (performance.now() - startedAtMs) / 1000,
    };
  }
}

/**
 * Of decisions that one node takes one after the other by the same facts, the last one is the one that might be wrong:
 * a lease only gets shorter until the node's next step, and only a command's return forbids something.
 */
function withoutNeedless(lines: readonly TraceLine[]): TraceLine[] {
  const kept: (TraceLine | undefined)[] = [];
  const last = new Map<string, number>();
  for (const line of lines) {
    if (line.step === 'ALLOW') {
      const name = `${String(line.who)} ${String(line.key)}`;
      const before = last.get(name);
      if (before !== undefined) kept[before] = undefined;
      last.set(name, kept.length);
    } else if (line.step === 'SETTLED') {
      last.clear();
    } else {
      for (const other of last.keys()) if (other.startsWith(`${String(line.who)} `)) last.delete(other);
    }
    kept.push(line);
  }
  return kept.filter((line) => line !== undefined);
}

/** With a line wherever milliseconds have passed. */
function withTime(lines: readonly TraceLine[]): TraceLine[] {
  const timed: TraceLine[] = [];
  let nowMs = Math.floor(lines[0]?.atMs ?? 0);
  for (const line of lines) {
    while (nowMs < Math.floor(line.atMs)) {
      const span = Math.min(Math.floor(line.atMs) - nowMs, longestSpan);
      timed.push({ atMs: line.atMs, step: 'TIME', who: 0, key: 0, value: 0, span, needs: 0 });
      nowMs += span;
    }
    timed.push(line);
  }
  return timed;
}
