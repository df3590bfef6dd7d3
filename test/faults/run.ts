/** npm run faults -- NAME [--count N] [--seed S] [--on FORM]: breaks the real service on purpose and sees what is left. */
import { parseArgs } from 'node:util';
import { database } from './database.js';
import { disk } from './disk.js';
import { forms, type Fault, type FaultOptions, type Form } from './fault.js';
import { firstUse } from './first-use.js';
import { flood } from './flood.js';
import { kill } from './kill.js';
import { cleanUp } from '../support/clean-up.js';
import { redis } from './redis.js';
import { revocation } from './revocation.js';

/** Each has a promise, how many rounds show it, and how many are enough where there is little time. */
const faults: Readonly<Record<string, Fault>> = {
  revocation,
  kill,
  disk,
  redis,
  database,
  flood,
  'first-use': firstUse,
};

/** The first of them say enough. */
const problemsTold = 20;

async function main(words: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      seed: { type: 'string' },
      decisions: { type: 'string' },
      without: { type: 'string' },
      on: { type: 'string' },
    },
  });
  const fault = faults[positionals[0] ?? ''];
  if (fault === undefined || positionals.length > 1) {
    throw new Error(
      `npm run faults -- ${Object.keys(faults).join(' | ')} [--count N] [--seed S] [--on ${forms.join('|')}]`,
    );
  }
  const options: FaultOptions = {
    count: wholeNumber('--count', values.count) ?? (process.env['CI'] ? fault.countInCi : fault.count),
    seed: wholeNumber('--seed', values.seed) ?? Date.now() % 1_000_000,
    decisions: wholeNumber('--decisions', values.decisions),
    without: values.without,
    on: formNamed(values.on),
    print: (line) => process.stdout.write(`${line}\n`),
  };
  options.print(fault.promise);
  options.print(`count ${String(options.count)}, seed ${String(options.seed)}`);
  const problems = await fault.run(options);
  for (const problem of problems.slice(0, problemsTold)) options.print(`DOES NOT HOLD: ${problem}`);
  options.print(problems.length === 0 ? 'It holds.' : `${String(problems.length)} problems.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number`);
  return Number(text);
}

function formNamed(text: string | undefined): Form | undefined {
  const form = forms.find((name) => name === text);
  if (text !== undefined && form === undefined) throw new Error(`--on is one of ${forms.join(', ')}`);
  return form;
}

/** Nothing that was started outlives this process, however it ends. */
for (const reason of ['uncaughtException', 'SIGINT', 'SIGTERM'] as const) {
  process.once(reason, (error: unknown) => {
    process.stderr.write(`ended by ${error instanceof Error ? (error.stack ?? error.message) : reason}\n`);
    void cleanUp().finally(() => process.exit(1));
  });
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
await cleanUp();
process.exit();
