/** npm run leaks [-- --count N] [--gigabytes G] [--seed S]: does the scan find each secret that was laid, and no other? */
import { parseArgs } from 'node:util';
import { cleanUp } from '../support/clean-up.js';
import { findPlanted } from './find-planted.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { count: text, gigabytes: text, seed: text } });
const count = Number(values.count ?? 1000);
const gigabytes = Number(values.gigabytes ?? 5);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (![count, seed].every(Number.isSafeInteger) || count < 1 || !(gigabytes > 0))
  throw new Error('--count and --seed are whole numbers, --gigabytes is above 0');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print('A scan finds each secret that was laid, at its line, and reports nothing else.');
print(`count ${String(count)}, gigabytes ${String(gigabytes)}, seed ${String(seed)}`);
try {
  const result = await findPlanted(count, gigabytes * 1e9, seed);
  for (const name of result.missed.slice(0, 20)) print(`MISSED ${name}`);
  for (const { file, line, state } of result.false.slice(0, 20))
    print(`FALSE ${file}:${String(line)} (${state})`);
  const { planted, found, bytes, seconds } = result;
  print(
    `${String(planted)} laid in ${(bytes / 1e9).toFixed(2)} GB: found ${String(found)}, false ${String(result.false.length)} (${seconds.toFixed(0)} s)`,
  );
  const holds = found === planted && result.false.length === 0;
  if (!holds) print(result.notes.slice(-2000));
  print(holds ? 'It holds.' : 'It does not hold.');
  if (!holds) process.exitCode = 1;
} finally {
  await cleanUp();
}
