import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAtExit } from './at-exit.js';
import { startEcho } from './echo.js';
import { median, row, type Row } from './row.js';
import { seededSecret, seedKeys } from './seed.js';
import { ServerProcess } from './server-process.js';
import { BenchService } from './service.js';
import { inTurns, perSecond, turns, type Side } from './side-by-side.js';
import { SteadyLoad, type SteadyResult } from './steady-load.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

/**
 * What the guard of `@hearthkey/gateway` costs an API of NestJS: requests a second with it and without, and the time
 * that it adds to a request at half of the load that the guarded API bears, against the whole time of the echo at the
 * same rate.
 */
export async function benchGatewayGuard(isQuick: boolean): Promise<Row[]> {
  const gateSocket = join(removeAtExit(mkdtempSync(join(tmpdir(), 'hearthkey-gate-'))), 'gate.sock');
  const service = new BenchService({ HEARTHKEY_GATE_SOCKET: gateSocket });
  return withWarmService(service, await seedKeys(service.dataDir, user, 1), async (ids) => {
    const request = authorizeRequest(ids);
    const echo = await startEcho(await service.post(request.path, request.type, request.bodies[0] ?? ''));
    const guarded = await ServerProcess.start('guarded-app.mjs', gateSocket);
    const open = await ServerProcess.start('guarded-app.mjs');
    const read = readRequest(ids[0] ?? '');
    try {
      return await measure(
        {
          guarded: { port: guarded.port, request: read },
          open: { port: open.port, request: read },
          echo: { port: echo.port, request },
        },
        isQuick,
      );
    } finally {
      await Promise.all([guarded.stop(), open.stop(), echo.stop()]);
    }
  });
}

type Sides = Readonly<Record<'guarded' | 'open' | 'echo', Side>>;

async function measure({ guarded, open, echo }: Sides, isQuick: boolean): Promise<Row[]> {
  const { rounds, seconds } = turns(isQuick);
  const borne: number[] = [];
  const ratio = await inTurns(
    rounds,
    'a second',
    async () => {
      const seen = await perSecond(guarded, seconds);
      borne.push(seen);
      return seen;
    },
    () => perSecond(open, seconds),
  );
  const rate = median(borne) / 2;
  const added: Record<'medianMs' | 'p99Ms', number[]> = { medianMs: [], p99Ms: [] };
  for (let round = 1; round <= rounds; round++) {
    const own = await steady(echo, rate, seconds);
    const without = await steady(open, rate, seconds);
    const withGuard = await steady(guarded, rate, seconds);
    for (const which of ['medianMs', 'p99Ms'] as const) {
      added[which].push((withGuard[which] - without[which]) / own[which]);
      const seen = [withGuard, without, own].map((result) => result[which].toFixed(2)).join(' / ');
      process.stderr.write(`  round ${String(round)}: ${which} with / without / echo: ${seen}\n`);
    }
  }
  return [
    row('NestJS example, requests/s with the guard / without', ratio, 0.4, 'higher'),
    row("time that the guard adds / the echo's own, median", median(added.medianMs), 1, 'lower'),
    row("time that the guard adds / the echo's own, p99", median(added.p99Ms), 5, 'lower'),
  ];
}

async function steady({ port, request }: Side, rate: number, seconds: number): Promise<SteadyResult> {
  const load = SteadyLoad.start(port, request, rate, seconds);
  try {
    return await load.result();
  } finally {
    await load.stop();
  }
}

function readRequest(accessKeyId: string): Side['request'] {
  const headers = { Authorization: `Bearer ${accessKeyId}:${seededSecret}` };
  return {
    method: 'GET',
    path: `/users/${user}/mail-domains`,
    type: 'application/json',
    headers,
    bodies: [''],
  };
}
