/** npm run explain [-- --count N] [--trees N] [--seed S]: do decisions and explanations say what the documents say? */
import { parseArgs } from 'node:util';
import { possibleVerdicts } from './by-the-book.js';
import { compareMany } from './disagreements.js';
import { growTrees } from './trees.js';

/** In so many cases each verdict is met. */
const enoughForAll = 20_000;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { count: text, trees: text, seed: text } });
const count = Number(values.count ?? (process.env['CI'] ? enoughForAll : 1_000_000));
const trees = Number(values.trees ?? Math.ceil(count / 10));
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (![count, trees, seed].every(Number.isSafeInteger) || count < 1 || trees < 1)
  throw new Error('--count, --trees and --seed are whole numbers');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(
  'A decision and its explanation have the verdict and the reason that the documents give to the same facts.',
);
print(`count ${String(count)}, seed ${String(seed)}`);
const beganMs = performance.now();
const { disagreements, comparisons, met } = compareMany(count, seed);
for (const [verdict, times] of [...met].sort(([, one], [, other]) => other - one))
  print(`${String(times).padStart(9)}  ${verdict}`);
const unmet = possibleVerdicts.filter((verdict) => !met.has(verdict));
const grown = growTrees(trees, seed);
const problems = [
  ...disagreements,
  ...grown.problems,
  ...(count < enoughForAll ? [] : unmet.map((verdict) => `no case had the verdict "${verdict}"`)),
];
for (const problem of problems.slice(0, 20)) print(`DOES NOT HOLD: ${problem}`);
const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
print(
  `${String(comparisons)} answers compared with the documents, ${String(disagreements.length)} disagreements (${seconds} s)`,
);
print(
  `${String(trees)} trees of ${String(grown.derived)} derived keys (${String(grown.refused)} refused): ${String(grown.compared)} questions to a child and its parent, ${String(grown.allowed)} allowed, ${String(grown.problems.length)} violations`,
);
print(problems.length === 0 ? 'It holds.' : `${String(problems.length)} problems.`);
if (problems.length > 0) process.exitCode = 1;
