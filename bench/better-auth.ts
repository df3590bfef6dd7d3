import { Peer } from './peer.js';
import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { inTurns, perSecond, turns } from './side-by-side.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

/** Decisions over HTTP on the embedded store, against those of a library in its own process. */
export async function benchBetterAuth(isQuick: boolean): Promise<Row[]> {
  const { rounds, seconds } = turns(isQuick);
  const peer = await Peer.start('better-auth.mjs');
  try {
    const service = new BenchService();
    return await withWarmService(service, await seedKeys(service.dataDir, user, 10), async (ids) => {
      const side = { port: service.port, request: authorizeRequest(ids) };
      const subject = () => perSecond(side, seconds);
      const ratio = await inTurns(rounds, 'a second', subject, () => peer.perSecond(seconds));
      return [row('warm /v1/authorize / verifyApiKey of better-auth, in-process', ratio, 10, 'higher')];
    });
  } finally {
    await peer.stop();
  }
}
