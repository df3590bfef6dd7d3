/**
 * `npm run faults -- NAME`: breaks the real service on purpose and sees what is left; usage.ts has the options. It ends
 * with a code of outcome.ts.
 */
import { parseArgs } from 'node:util';
import { database } from './database.js';
import { disk } from './disk.js';
import { doors, type DoorName } from './doors.js';
import { escalation } from './escalation.js';
import { forms, redisKinds, type Fault, type FaultOptions, type Form } from './fault.js';
import { firstUse } from './first-use.js';
import { flood } from './flood.js';
import { kill } from './kill.js';
import { limits } from './limits.js';
import { Machine } from './machine.js';
import { findMutants, mutants } from './mutants.js';
import { ExitCode, outcomeWithout } from './outcome.js';
import { cleanUp } from '../support/clean-up.js';
import { redis } from './redis.js';
import { tampering } from './tampering.js';
import { sessions } from './sessions.js';
import { connections } from './strangers/connections.js';
import { revocation } from './revocation.js';
import { switchover } from './switchover.js';
import { upgrade } from './upgrade.js';
import { usage } from './usage.js';

/** Each has a promise, how many rounds show it, and how many are enough where there is little time. */
const faults: Readonly<Record<string, Fault>> = {
  revocation,
  sessions,
  kill,
  disk,
  redis,
  database,
  flood,
  connections,
  'first-use': firstUse,
  upgrade,
  tampering,
  limits,
  switchover,
  escalation,
};

interface SmallRun {
  name: string;
  count?: number;
  on?: Form | undefined;
  through?: DoorName;
}

/** `all`: each of them once, in little time. */
const smallRuns: readonly SmallRun[] = [
  { name: 'revocation', count: 60 },
  { name: 'sessions', count: 60 },
  { name: 'kill', count: 2, on: 'embedded' },
  { name: 'kill', count: 2, on: 'nodes' },
  { name: 'disk', count: 3 },
  { name: 'redis', count: 6 },
  { name: 'database', count: 1 },
  { name: 'flood', count: 1, through: 'direct' },
  { name: 'connections', count: 1 },
  { name: 'first-use', count: 30 },
  { name: 'upgrade', count: 1 },
  { name: 'tampering', count: 8 },
  { name: 'limits', count: 1 },
  { name: 'switchover', count: 2 },
  { name: 'escalation', count: 8 },
];

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
      only: { type: 'string' },
      on: { type: 'string' },
      kind: { type: 'string' },
      through: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [name = ''] = positionals;
  if (values.help === true) {
    print(usage(faults));
    return;
  }
  if (name === 'mutants') {
    if ((await findMutants(print)) > 0) process.exitCode = ExitCode.found;
    return;
  }
  const isAll = name === 'all';
  if ((!isAll && faults[name] === undefined) || positionals.length > 1)
    throw new Error(
      `NAME is one of ${[...Object.keys(faults), 'all', 'mutants'].join(', ')}; --help says more`,
    );
  const runs: readonly SmallRun[] = isAll ? smallRuns : [{ name, on: oneOf('--on', forms, values.on) }];
  for (const each of runs) {
    const code = await runOne(faults[each.name]!, {
      count: wholeNumber('--count', values.count) ?? each.count,
      seed: wholeNumber('--seed', values.seed) ?? Date.now() % 1_000_000,
      decisions: wholeNumber('--decisions', values.decisions),
      without: values.without,
      only: values.only,
      finds: values.without === undefined ? undefined : whatItFinds(name, values.without),
      on: each.on,
      through: oneOf('--through', doors, values.through) ?? each.through,
      kind: oneOf('--kind', redisKinds, values.kind),
    });
    if (code !== ExitCode.holds) process.exitCode = code;
    await cleanUp();
  }
}

type Wanted = Omit<FaultOptions, 'print' | 'count' | 'machine'> & {
  count: number | undefined;
  /** What it has to find, where a part is left out. */
  finds: RegExp | undefined;
};

/** @returns the exit code */
async function runOne(fault: Fault, wanted: Wanted): Promise<number> {
  const count = wanted.count ?? (process.env['CI'] ? fault.countInCi : fault.count);
  print(fault.promise);
  print(`count ${String(count)}, seed ${String(wanted.seed)}`);
  const beganMs = performance.now();
  const machine = await Machine.measure(print);
  const findings = await fault.run({ ...wanted, count, machine, print });
  const { wrong, slow } = findings;
  for (const problem of wrong.slice(0, problemsTold)) print(`DOES NOT HOLD: ${problem}`);
  for (const what of slow.slice(0, problemsTold)) print(`too slow to judge: ${what}`);
  const told = wrong.length === 0 ? 'It holds.' : `${String(wrong.length)} problems.`;
  const besides =
    slow.length === 0 ? '' : ` ${String(slow.length)} times this machine was too slow to judge.`;
  print(`${told}${besides} (${((performance.now() - beganMs) / 1000).toFixed(0)} s)`);
  if (wanted.finds !== undefined) {
    const { code, line } = outcomeWithout(findings, wanted.finds, machine.isSlow);
    print(line);
    return code;
  }
  return wrong.length === 0 ? ExitCode.holds : ExitCode.found;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number`);
  return Number(text);
}

function oneOf<T extends string>(option: string, all: readonly T[], text: string | undefined): T | undefined {
  const found = all.find((name) => name === text);
  if (text !== undefined && found === undefined) throw new Error(`${option} is one of ${all.join(', ')}`);
  return found;
}

/** @returns what this harness has to say when the part is left out */
function whatItFinds(harness: string, part: string): RegExp {
  const found = mutants[part]?.finds[harness];
  if (found !== undefined) return found;
  const parts = Object.keys(mutants).filter((name) => mutants[name]?.finds[harness] !== undefined);
  throw new Error(`--without of ${harness} is one of: ${parts.join(', ') || 'none'}`);
}

/** Nothing that was started outlives this process, however it ends. */
for (const reason of ['uncaughtException', 'SIGINT', 'SIGTERM'] as const) {
  process.once(reason, (error: unknown) => {
    process.stderr.write(`ended by ${error instanceof Error ? (error.stack ?? error.message) : reason}\n`);
    void cleanUp().finally(() => process.exit(ExitCode.failed));
  });
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = ExitCode.failed;
});
await cleanUp();
process.exit();
