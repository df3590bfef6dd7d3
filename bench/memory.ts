import { readFileSync } from 'node:fs';
import { cleanUp } from '../test/support/clean-up.js';
import { TestRedis } from '../test/support/redis.js';
import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';
import { runWrk, type WrkRequest } from './wrk.js';

/** Between two looks at the memory. */
const stepSeconds = 2;

/** Resident memory with all of many keys in use: the most over as many decisions, and whether it goes on growing. */
export async function benchMemory(isQuick: boolean): Promise<Row[]> {
  const [keys, decisions] = isQuick ? [5000, 50_000] : [100_000, 1_000_000];
  try {
    const redis = await TestRedis.start();
    const service = new BenchService({ HEARTHKEY_REDIS_URL: redis.url });
    const ids = await seedKeys(service.dataDir, user, keys, redis);
    return await withWarmService(service, ids, async () => {
      const request = authorizeRequest(ids);
      const first = await mostMib(service, request, decisions / 2);
      const second = await mostMib(service, request, decisions / 2);
      const name = `resident memory with ${String(keys)} keys over ${String(decisions)} decisions, MiB`;
      return [
        row(name, Math.max(first, second), 300, 'lower'),
        row('the same, second half of the decisions / first half', second / first, 1.1, 'lower'),
      ];
    });
  } finally {
    await cleanUp();
  }
}

/** @returns the most that was seen at any look */
async function mostMib(service: BenchService, request: WrkRequest, decisions: number): Promise<number> {
  let most = 0;
  for (let done = 0; done < decisions;) {
    const { requests, errors } = await runWrk(service.port, request, stepSeconds);
    if (errors > 0) throw new Error(`${String(errors)} requests failed`);
    done += requests;
    const status = readFileSync(`/proc/${String(service.pid)}/status`, 'utf8');
    const mib = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    most = Math.max(most, mib);
    process.stderr.write(`\r  ${String(done)} of ${String(decisions)}: ${mib.toFixed(0)} MiB   `);
  }
  process.stderr.write('\n');
  return most;
}
