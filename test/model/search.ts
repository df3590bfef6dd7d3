import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const model = join(import.meta.dirname, 'settling.pml');

export interface Search {
  /** What is defined for the model: `NODES=3`, `GOES_BACK`, `WITHOUT_MARGIN` … */
  defines: readonly string[];
}

export interface Found {
  states: number;
  /** Steps of the longest order that was tried. */
  depth: number;
  /** Whether an order of steps was found in which a node allows what was revoked. */
  isBroken: boolean;
  seconds: number;
}

/** The guards that the model can leave out, and the search that shows what each is for. */
export const guards: readonly (Search & { guard: string })[] = [
  ['the margin of the wait, for clocks of different speed', 'WITHOUT_MARGIN'],
  ['reading the clocks before the statement', 'WITHOUT_READING_THE_CLOCK_FIRST'],
  ['the lock, so that numbers commit in order', 'WITHOUT_THE_LOCK'],
  ['counting the wait from the confirmed commit', 'WITHOUT_WAITING_FOR_THE_CONFIRMATION'],
  ['comparing snapshot numbers before a fact is kept', 'WITHOUT_SNAPSHOT_NUMBERS'],
  ['the last look at facts and lease', 'WITHOUT_LAST_LOOK'],
  ['forgetting the facts on joining anew', 'WITHOUT_FORGETTING'],
  ['settling what was so already', 'WITHOUT_SETTLING_WHAT_WAS_SO'],
  ['ending the lease before the row goes', 'WITHOUT_STOPPING_IN_ORDER'],
  ['comparing renewals before a row is removed', 'WITHOUT_COMPARING_RENEWALS'],
  ['a whole wait before a row is removed', 'WITHOUT_A_WHOLE_WAIT'],
  ['the marks of changes', 'WITHOUT_MARKS', 'GOES_BACK', 'NODES=1'],
  ['waiting for unknown leases after the database went back', 'WITHOUT_DOUBT', 'GOES_BACK', 'NODES=1'],
].map(([guard = '', ...defines]) => ({
  guard,
  defines: defines.includes('NODES=1') ? defines : [...defines, 'NODES=2'],
}));

/** The searches that must find nothing. */
export const wholeProtocol: readonly (Search & { what: string })[] = [
  { what: 'three nodes', defines: ['NODES=3'] },
  { what: 'one node, and a database that goes back in time', defines: ['NODES=1', 'GOES_BACK'] },
];

/** Searches all orders of the model's steps, until the first one that breaks the promise. Spin and gcc do the work. */
export async function search({ defines }: Search, folder: string): Promise<Found> {
  const startedAtMs = performance.now();
  const cwd = { cwd: folder, maxBuffer: 16_777_216 };
  await run('spin', ['-a', ...defines.map((define) => `-D${define}`), model], cwd);
  const endsEarly = defines.some((define) => define.startsWith('WITHOUT_'));
  // The compiler, and a large table of states, take longer than a search that ends soon.
  const [speed, table] = endsEarly ? ['-O0', '-w21'] : ['-O2', '-w24'];
  const options = ['-DSAFETY', '-DNOREDUCE', '-DMEMLIM=6000', '-w'];
  await run('gcc', [speed, ...options, '-o', 'pan', 'pan.c'], cwd);
  const { stdout } = await run(join(folder, 'pan'), ['-m1000000', table], cwd);
  const states = /([\d.e+]+) states, stored/.exec(stdout)?.[1];
  const [, depth, errors] = /depth reached (\d+), errors: (\d+)/.exec(stdout) ?? [];
  const isWhole = !/search not completed|max search depth too small|out of memory/i.test(stdout);
  const isBroken = errors === '1';
  if (states === undefined || depth === undefined || !(isWhole || isBroken))
    throw new Error(`the search has not ended:\n${stdout}`);
  return {
    states: Number(states),
    depth: Number(depth),
    isBroken,
    seconds: (performance.now() - startedAtMs) / 1000,
  };
}
