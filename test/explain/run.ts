/** npm run explain [-- --count N] [--seed S]: does v-explain-access say what is decided? */
import { parseArgs } from 'node:util';
import { compareMany } from './disagreements.js';

const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } });
const count = Number(values.count ?? (process.env['CI'] ? 20_000 : 1_000_000));
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed))
  throw new Error('--count and --seed are whole numbers');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print('An explanation has the verdict and the reason of the decision about the same facts.');
print(`count ${String(count)}, seed ${String(seed)}`);
const beganMs = performance.now();
const { disagreements, met } = compareMany(count, seed);
for (const [outcome, times] of [...met].sort(([, one], [, other]) => other - one))
  print(`${String(times).padStart(9)}  ${outcome}`);
for (const problem of disagreements.slice(0, 20)) print(`DOES NOT HOLD: ${problem}`);
const told = disagreements.length === 0 ? 'It holds.' : `${String(disagreements.length)} disagreements.`;
print(`${told} (${((performance.now() - beganMs) / 1000).toFixed(0)} s)`);
if (disagreements.length > 0) process.exitCode = 1;
