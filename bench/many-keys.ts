import { sql } from 'kysely';
import { join } from 'node:path';
import type { DatabaseServer } from '../src/config/database-url.js';
import { openDatabase } from '../src/storage/database.js';
import { cleanUp } from '../test/support/clean-up.js';
import { TestRedis } from '../test/support/redis.js';
import { row, type Row } from './row.js';
import { seedKeys } from './seed.js';
import { BenchService } from './service.js';
import { sideBySide, type Side } from './side-by-side.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

/** Warm decisions with many random keys of very many, against ten of ten: two services, asked in turns. */
export async function benchManyKeys(isQuick: boolean): Promise<Row[]> {
  const [used, all] = isQuick ? [200, 20_000] : [5000, 1_000_000];
  const side = (service: BenchService, ids: readonly string[]): Side => ({
    port: service.port,
    request: authorizeRequest(ids),
  });
  try {
    const redis = await TestRedis.start();
    const many = new BenchService({ HEARTHKEY_REDIS_URL: redis.url });
    const few = new BenchService({ HEARTHKEY_REDIS_URL: redis.url });
    const manyIds = await seedKeys(many.dataDir, user, used, redis);
    await layCopies(many.dataDir, manyIds[0] ?? '', all - used);
    return await withWarmService(few, await seedKeys(few.dataDir, user, 10, redis), async (fewIds) =>
      withWarmService(many, manyIds, async () => {
        const ratio = await sideBySide(side(many, manyIds), side(few, fewIds), isQuick);
        const name = `warm /v1/authorize, ${String(used)} keys of ${String(all)} / 10 of 10`;
        return [row(name, ratio, 0.95, 'higher')];
      }),
    );
  } finally {
    await cleanUp();
  }
}

/** A server ends a statement that takes long. */
const copiesAtOnce = 50_000;

/**
 * Copies of a key under random IDs, so that the ones in use are spread among them.
 *
 * @param store - a data directory, or a PostgreSQL database
 */
export async function layCopies(store: string | DatabaseServer, id: string, count: number): Promise<void> {
  const isServer = typeof store !== 'string';
  const db = await openDatabase(isServer ? store : join(store, 'hearthkey.db'));
  try {
    const copied = sql.raw(
      'user_name, permissions, comment, secret_hash, secret_version, has_checksum, is_suspended, created_at_ms',
    );
    const randomId = sql.raw(
      isServer ? 'upper(left(md5(number::text || random()::text), 20))' : 'hex(randomblob(10))',
    );
    for (let left = count; left > 0; left -= copiesAtOnce)
      await sql`
        with recursive copy (number) as
          (select 1 union all select number + 1 from copy where number < ${sql.lit(Math.min(left, copiesAtOnce))})
        insert into access_keys (id, ${copied})
        select ${randomId}, ${copied} from copy, access_keys where id = ${id}
      `.execute(db);
  } finally {
    await db.destroy();
  }
}
