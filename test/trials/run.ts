/** npm run trials [-- --count N] [--seed S]: is what a trial would deny what it denies once it is enforced? */
import { parseArgs } from 'node:util';
import { compareTrials } from './compare.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { count: text, seed: text } });
const count = Number(values.count ?? (process.env['CI'] ? 20_000 : 1_000_000));
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (![count, seed].every(Number.isSafeInteger) || count < 1)
  throw new Error('--count and --seed are whole numbers');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print('A trial changes no decision, and denies once it is enforced what it said that it would deny.');
print(`count ${String(count)}, seed ${String(seed)}`);
const beganMs = performance.now();
const { decisions, verdicts, denials, differences } = await compareTrials(count, seed);
for (const [reason, times] of [...denials].sort(([, one], [, other]) => other - one))
  print(`${String(times).padStart(9)}  would be denied: ${reason}`);
for (const difference of differences) print(`DOES NOT HOLD: ${difference}`);
const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
print(
  `${String(decisions)} decisions with and without a trial, ${String(verdicts)} verdicts compared with enforcement, ${String(differences.length)} differences (${seconds} s)`,
);
print(differences.length === 0 ? 'It holds.' : 'It does not hold.');
if (differences.length > 0) process.exitCode = 1;
