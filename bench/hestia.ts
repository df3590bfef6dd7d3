import { rowsAgainstEcho, startEcho } from './echo.js';
import { processorTimeRow } from './processor-time.js';
import type { Row } from './row.js';
import { seededSecret, seedKeys } from './seed.js';
import { BenchService } from './service.js';
import type { WrkRequest } from './wrk.js';

const keysInUse = 10;
const type = 'application/x-www-form-urlencoded';

/** Warm `POST /api/` with `v-list-api billing json`: an allowed command, run and answered, against the echo. */
export async function benchHestia(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  try {
    const request = await startWarm(service);
    const answer = await service.post(request.path, type, request.bodies[0] ?? '');
    const echo = await startEcho(JSON.stringify({ answer: 'x'.repeat(answer.length - 13) }));
    try {
      const name = 'warm POST /api/ v-list-api / echo';
      return await rowsAgainstEcho(name, 0.6, { service, echo, request }, isQuick);
    } finally {
      await echo.stop();
    }
  } finally {
    await service.stop();
  }
}

/** The same request with the fast path of short requests, against a service without it: five times each. */
export async function benchShortRequests(isQuick: boolean): Promise<Row[]> {
  const [withIt, without] = [new BenchService(), new BenchService({ HEARTHKEY_FAST_PATH: 'no' })];
  try {
    const side = async (service: BenchService) => {
      const request = await startWarm(service);
      return { port: service.port, request, pid: service.pid };
    };
    const [on, off] = [await side(withIt), await side(without)];
    const rows: Row[] = [];
    for (let time = 1; time <= 5; time++) {
      const what = `warm POST /api/, HEARTHKEY_FAST_PATH=yes / no, ${String(time)} of 5`;
      rows.push(...(await processorTimeRow(what, on, off, 1.15, isQuick)));
    }
    return rows;
  } finally {
    await withIt.stop();
    await without.stop();
  }
}

async function startWarm(service: BenchService): Promise<WrkRequest> {
  const ids = await seedKeys(service.dataDir, 'bench', keysInUse);
  await service.start();
  service.open();
  service.ok('v-add-api', ['mail-accounts', 'user', 'v-list-api', 'v-list-api'], [4]);
  service.ok('v-change-api', ['mail-accounts', 'user', 'v-list-api', 'v-list-api']);
  const bodies = ids.map((id) => `hash=${id}:${seededSecret}&cmd=v-list-api&arg1=billing&arg2=json`);
  for (const body of bodies) await service.post('/api/', type, body);
  return { path: '/api/', type, bodies };
}
