import { parseDatabaseUrl, type DatabaseServer } from '../src/config/database-url.js';
import { cleanUp } from '../test/support/clean-up.js';
import { PostgresServer } from '../test/support/postgres.js';
import { TestRedis } from '../test/support/redis.js';

/** A PostgreSQL server and a Redis of the bench's own. */
export async function startServers(): Promise<{
  databaseUrl: string;
  database: DatabaseServer;
  redis: TestRedis;
  stop: () => Promise<void>;
}> {
  const server = await PostgresServer.start('fsync=on');
  const databaseUrl = await server.newDatabase();
  const redis = await TestRedis.start();
  const parsed = parseDatabaseUrl(databaseUrl);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return { databaseUrl, database: parsed.server, redis, stop: cleanUp };
}
