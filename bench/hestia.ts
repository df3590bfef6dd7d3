import { rowsAgainstEcho, startEcho } from './echo.js';
import type { Row } from './row.js';
import { seededSecret, seedKeys } from './seed.js';
import { BenchService } from './service.js';
import type { WrkRequest } from './wrk.js';

const keysInUse = 10;

/** Warm `POST /api/` with `v-list-api billing json`: an allowed command, run and answered, against the echo. */
export async function benchHestia(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  try {
    const ids = await seedKeys(service.dataDir, 'bench', keysInUse);
    await service.start();
    service.open();
    service.ok('v-add-api', ['mail-accounts', 'user', 'v-list-api', 'v-list-api'], [4]);
    service.ok('v-change-api', ['mail-accounts', 'user', 'v-list-api', 'v-list-api']);
    const bodies = ids.map((id) => `hash=${id}:${seededSecret}&cmd=v-list-api&arg1=billing&arg2=json`);
    const request: WrkRequest = { path: '/api/', type: 'application/x-www-form-urlencoded', bodies };
    for (const body of bodies) await service.post(request.path, request.type, body);
    const answer = await service.post(request.path, request.type, bodies[0] ?? '');
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
