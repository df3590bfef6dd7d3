import argon2 from 'argon2';
import { join } from 'node:path';
import { createPepper } from '../src/secrets/pepper.js';
import { SlowHash } from '../src/secrets/slow-hash.js';
import { prepareDataDir } from '../src/storage/sqlite/data-dir.js';
import { seedKeys } from '../test/faults/seeded-keys.js';
import { row, type Row } from './row.js';
import { BenchService } from './service.js';
import { inTurns } from './side-by-side.js';

/** A key that nobody has used yet, over HTTP, one after the other, against `argon2.verify` of a hash like its own. */
export async function benchFirstUse(isQuick: boolean): Promise<Row[]> {
  const rounds = isQuick ? 30 : 300;
  const service = new BenchService();
  try {
    prepareDataDir(service.dataDir);
    const pepper = createPepper(join(service.dataDir, 'pepper'));
    const [known, ...unused] = await seedKeys(join(service.dataDir, 'hearthkey.db'), pepper, rounds + 2);
    await service.start();
    service.open();
    service.ok('v-add-api', ['load', 'user', 'v-list-api', 'v-list-api']);
    const use = async (key: typeof known): Promise<number> => {
      const asked = { accessKeyId: key?.id, secretAccessKey: key?.secret, command: 'v-list-api' };
      const body = JSON.stringify({ ...asked, args: ['load'], clientIp: '127.0.0.1' });
      const beganMs = performance.now();
      const answer = await service.post('/v1/authorize', 'application/json', body);
      const tookMs = performance.now() - beganMs;
      if (!answer.includes('"allowed":true')) throw new Error(answer);
      return tookMs;
    };
    const secret = known?.secret ?? '';
    const hash = await new SlowHash({ concurrency: 1, queueLength: 1 }).hash(secret);
    const verify = async (): Promise<number> => {
      const beganMs = performance.now();
      await argon2.verify(hash, secret);
      return performance.now() - beganMs;
    };
    // The connection and the switches are there; only the keys are new.
    await use(known);
    const ratio = await inTurns(rounds, 'ms', () => use(unused.pop()), verify);
    return [row('first use of a key / argon2.verify', ratio, 1.3, 'lower')];
  } finally {
    await service.stop();
  }
}
