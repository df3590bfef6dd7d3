import { setTimeout as sleep } from 'node:timers/promises';
import { generateAccessKeyId, generateSecretAccessKey } from '../src/secrets/generated-secret.js';
import { median, row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { inTurns } from './side-by-side.js';
import { SteadyLoad } from './steady-load.js';
import { authorizeRequest, question, user, withWarmService } from './warm-service.js';
import type { WrkRequest } from './wrk.js';

const wanted = 5000;
const measured = 200;
const keysInUse = 10;
/** Different wrong secrets, asked in turn. */
const guesses = 20_000;
/** Until the load beside runs evenly, and for which it goes on after the measurement. */
const marginMs = 500;

/** How long a valid key waits beside a flood of wrong secrets, against beside as many requests that are right. */
export async function benchFlood(isQuick: boolean): Promise<Row[]> {
  const [rounds, seconds] = isQuick ? [3, 2] : [7, 6];
  const service = new BenchService();
  const ids = await seedKeys(service.dataDir, user, 2 * keysInUse);
  const unused = ids.slice(keysInUse);
  return withWarmService(service, ids.slice(0, keysInUse), async (used) => {
    const valid = authorizeRequest(used);
    const wrong: WrkRequest = { ...valid, bodies: guessesAt([...used, ...unused]) };
    const reached: number[] = [];
    const p99Beside = (beside: WrkRequest) => async (): Promise<number> => {
      const { p99Ms, besidePerSecond } = await measure(service.port, valid, beside, seconds);
      reached.push(besidePerSecond);
      return p99Ms;
    };
    const ratio = await inTurns(rounds, 'ms', p99Beside(wrong), p99Beside(valid));
    const usual = median(reached);
    process.stderr.write(`  beside ${usual.toFixed(0)} a second, where ${String(wanted)} were wanted\n`);
    const count = usual >= 0.95 * wanted ? wanted : Math.round(usual / 100) * 100;
    const name = `p99 of a valid key beside ${String(count)} wrong secrets/s / beside as many valid ones`;
    return [row(name, ratio, 1.2, 'lower')];
  });
}

async function measure(port: number, valid: WrkRequest, beside: WrkRequest, seconds: number) {
  const load = SteadyLoad.start(port, beside, wanted, seconds + (2 * marginMs) / 1000);
  try {
    await sleep(marginMs);
    const client = SteadyLoad.start(port, valid, measured, seconds);
    try {
      const { p99Ms } = await client.result();
      return { p99Ms, besidePerSecond: (await load.result()).perSecond };
    } finally {
      await client.stop();
    }
  } finally {
    await load.stop();
  }
}

/** Of the right shape, at keys in use, at keys that nobody has used yet, and at keys that there are not. */
function guessesAt(ids: readonly string[]): string[] {
  const unknown = Array.from({ length: keysInUse }, generateAccessKeyId);
  const targets = [...ids, ...unknown];
  return Array.from({ length: guesses }, (_, index) =>
    question(targets[index % targets.length] ?? '', generateSecretAccessKey()),
  );
}
