import { join } from 'node:path';
import { processorTimeRow } from './processor-time.js';
import type { Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const main = join(import.meta.dirname, '../dist/main.js');
const withoutProof = ['--import', join(import.meta.dirname, 'plain-record.mjs')];

/** Warm `POST /v1/authorize` with the record that can be proved, against one of plain hashes: two services, in turns. */
export async function benchAuditRecord(isQuick: boolean): Promise<Row[]> {
  const [proved, plain] = [new BenchService({}, [main]), new BenchService({}, [...withoutProof, main])];
  const side = (service: BenchService, ids: readonly string[]) => {
    return { port: service.port, request: authorizeRequest(ids), pid: service.pid };
  };
  const keys = await Promise.all([proved, plain].map(({ dataDir }) => seedKeys(dataDir, user, 10)));
  return withWarmService(proved, keys[0] ?? [], (provedIds) =>
    withWarmService(plain, keys[1] ?? [], (plainIds) => {
      const what = 'warm /v1/authorize, a record with MACs and tree / of plain hashes';
      return processorTimeRow(what, side(proved, provedIds), side(plain, plainIds), 0.98, isQuick);
    }),
  );
}
