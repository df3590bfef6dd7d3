/** npm run approvals [-- --count N] [--seed S]: does anything that widens the most count without a second person? */
import { parseArgs } from 'node:util';
import { tryApprovals } from './random-approvals.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { count: text, seed: text } });
const count = Number(values.count ?? 5_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (![count, seed].every(Number.isSafeInteger) || count < 1)
  throw new Error('--count and --seed are whole numbers');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print('What widens the most counts once another person has approved exactly that, over every adapter.');
print(`count ${String(count)}, seed ${String(seed)}`);
const beganMs = performance.now();
const { problems, steps, made, approved, asked, refused } = await tryApprovals(count, seed);
for (const [name, times] of asked)
  print(`${String(times).padStart(7)} asked, ${String(refused.get(name) ?? 0)} approvals refused: ${name}`);
for (const problem of problems.slice(0, 20)) print(`DOES NOT HOLD: ${problem}`);
const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
print(
  `${String(steps)} steps, ${String(approved)} approvals, ${String(made)} changes made, ${String(problems.length)} violations (${seconds} s)`,
);
print(problems.length === 0 ? 'It holds.' : 'It does not hold.');
process.exit(problems.length === 0 ? 0 : 1);
