/**
 * npm run canaries [-- --count N] [--decisions N] [--seed S] [--only TEXT]: can a canary, an unknown ID or a suspended
 * owner be told from a key with a wrong secret?
 */
import { parseArgs } from 'node:util';
import { Random } from '../faults/random.js';
import { cleanUp } from '../support/clean-up.js';
import { CanaryUses } from '../../src/keys/canaries/canary-uses.js';
import { commandsDirectory } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';
import { command } from './adapters.js';
import { compareAnswers } from './answers.js';
import { decideMany } from './false-alerts.js';
import { addresses, compareDecisions, isApart } from './decisions.js';
import { makeKey, makePairs } from './pairs.js';

/** Beyond that chance alone gives it once in two million comparisons. */
const mostDeviations = 5;
const decisionPairs = 4000;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { count: text, decisions: text, seed: text, only: text } });
const count = Number(values.count ?? (process.env['CI'] ? 2000 : 100_000));
const decisions = Number(values.decisions ?? (process.env['CI'] ? 10_000 : 1_000_000));
const only = values.only ?? '';
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (![count, decisions, seed].every(Number.isSafeInteger) || count < 1 || decisions < 1)
  throw new Error('--count, --decisions and --seed are whole numbers');
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function compareAll(): Promise<number> {
  print('Each of these and a wrong secret of another key get the same bytes in the same time.');
  print(`count ${String(count)}, seed ${String(seed)}`);
  const service = await ServiceProcess.start({ COMMANDS_DIR, FAILURE_LIMIT: '0' });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  for (const user of ['alice', 'bob']) await service.addUser(user);
  const random = new Random(seed);
  let problems = 0;
  for (const { name, alike, adapters } of await makePairs(service)) {
    if (!name.includes(only)) continue;
    print(name);
    const pairs = Math.ceil(count / Object.keys(adapters).length);
    for (const [adapter, ask] of Object.entries(adapters)) {
      // The first answers of a process are slower than all others.
      await compareAnswers(service, ask, alike, Math.min(200, pairs), random);
      const compared = await compareAnswers(service, ask, alike, pairs, random);
      const { z, medianUs, slowerShare, different } = compared;
      const holds = different === 0 && Math.abs(z) < mostDeviations;
      if (!holds) problems++;
      print(
        `${holds ? 'holds        ' : 'DOES NOT HOLD'} ${adapter.padEnd(36)} ${String(pairs)} pairs: ` +
          `medians ${medianUs.map((us) => us.toFixed(1)).join(' and ')} us, slower in ${(slowerShare * 100).toFixed(2)} %, ` +
          `z ${z.toFixed(2)}, other bytes ${String(different)}`,
      );
    }
  }
  return problems;
}

/** What HTTP hides on a busy machine. */
async function compareAllDecisions(): Promise<number> {
  const service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR, FAILURE_LIMIT: '0' });
  const random = new Random(seed);
  let problems = 0;
  for (const { name, alike } of (await makePairs(service)).filter((pair) => pair.name.includes(only)))
    for (const address of addresses) {
      await compareDecisions(service, alike, address, 1000, random);
      const compared = await compareDecisions(service, alike, address, decisionPairs, random);
      if (isApart(compared)) problems++;
      print(
        `${isApart(compared) ? 'DOES NOT HOLD' : 'holds        '} the decision itself, from ${address.padEnd(12)} ${name}: ` +
          `medians ${compared.medianUs.map((us) => us.toFixed(2)).join(' and ')} us`,
      );
    }
  return problems;
}

async function countFalseAlerts(): Promise<number> {
  const service = await TestService.startOpen(['alice'], { COMMANDS_DIR, FAILURE_LIMIT: '0' });
  const canaries = await Promise.all(Array.from({ length: 5 }, () => makeKey(service, 'alice', '--canary')));
  const others = await Promise.all(Array.from({ length: 5 }, () => makeKey(service, 'alice')));
  const allowed = await decideMany(service, { canaries, others }, decisions, new Random(seed));
  const alerts = service.part(CanaryUses).count;
  print(
    `alerts in ${String(decisions)} other decisions, ${String(allowed)} of them allowed: ${String(alerts)}`,
  );
  return alerts === 0 && allowed > 0 ? 0 : 1;
}

async function run(): Promise<number> {
  const told = (await compareAllDecisions()) + (await compareAll());
  return only === '' ? told + (await countFalseAlerts()) : told;
}

let problems = 1;
try {
  problems = await run();
} finally {
  await cleanUp();
}
print(problems === 0 ? 'It holds.' : `${String(problems)} problems.`);
if (problems > 0) process.exitCode = 1;
