import { join } from 'node:path';
import { createPepper } from '../src/secrets/pepper.js';
import { rowsAgainstEcho, startEcho } from './echo.js';
import { row, type Row } from './row.js';
import { seededSecret, seedKeys, seedStore } from './seed.js';
import { BenchService } from './service.js';
import { startServers } from './servers.js';
import { sideBySide, type Side } from './side-by-side.js';
import { authorizeRequest, user, withWarmService } from './warm-service.js';

const few = 10;
/** So many decisions in one request of AuthZEN. */
const batch = 32;

/** Warm `POST /v1/authorize` on the embedded store, against the echo of the same request and answer. */
export async function benchAuthorize(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  return withWarmService(service, await seedKeys(service.dataDir, user, few), async (ids) => {
    return againstEcho('warm /v1/authorize / echo', 0.9, service, ids, isQuick);
  });
}

/** The same on PostgreSQL and Redis, with many keys in use. */
export async function benchAuthorizeOnServers(isQuick: boolean): Promise<Row[]> {
  const count = isQuick ? 200 : 5000;
  const { databaseUrl, database, redis, stop } = await startServers();
  const service = new BenchService({ HEARTHKEY_DATABASE_URL: databaseUrl, HEARTHKEY_REDIS_URL: redis.url });
  const pepper = createPepper(join(service.dataDir, 'pepper'));
  try {
    return await withWarmService(
      service,
      await seedStore(database, user, count, { pepper, redis }),
      async (ids) => {
        const name = `warm /v1/authorize on PostgreSQL and Redis, ${String(count)} keys / echo`;
        return againstEcho(name, 0.85, service, ids, isQuick);
      },
    );
  } finally {
    await stop();
  }
}

/**
 * Decisions a second through AuthZEN: many in a request against one in a request. Once as the protocol means it, with
 * what the questions share said once: one key, and the commands that it may or may not run; and once with nothing
 * shared, another key in each question.
 */
export async function benchEvaluations(isQuick: boolean): Promise<Row[]> {
  const service = new BenchService();
  return withWarmService(service, await seedKeys(service.dataDir, user, few), async (ids) => {
    const side = (size: number, body: (first: number, size: number) => unknown): Side => {
      const bodies = ids.map((_, first) => JSON.stringify(body(first, size)));
      const request = { path: '/access/v1/evaluations', type: 'application/json', bodies };
      return { port: service.port, request, perRequest: size };
    };
    const ofOneKey = (first: number, size: number) => {
      const { resource, ...shared } = evaluation(ids[first] ?? '');
      return { ...shared, evaluations: Array.from({ length: size }, () => ({ resource })) };
    };
    const ofManyKeys = (first: number, size: number) => {
      const idAt = (index: number): string => ids[(first + index) % ids.length] ?? '';
      return { evaluations: Array.from({ length: size }, (_, index) => evaluation(idAt(index))) };
    };
    const measure = async (name: string, body: (first: number, size: number) => unknown): Promise<Row> => {
      const ratio = await sideBySide(side(batch, body), side(1, body), isQuick);
      return row(`AuthZEN decisions/s, ${String(batch)} ${name} in a request / 1`, ratio, 6, 'higher');
    };
    return [await measure('commands of a key', ofOneKey), await measure('keys', ofManyKeys)];
  });
}

async function againstEcho(
  name: string,
  target: number,
  service: BenchService,
  ids: readonly string[],
  isQuick: boolean,
): Promise<Row[]> {
  const request = authorizeRequest(ids);
  const answer = await service.post(request.path, request.type, request.bodies[0] ?? '');
  const echo = await startEcho(answer);
  try {
    return await rowsAgainstEcho(name, target, { service, echo, request }, isQuick);
  } finally {
    await echo.stop();
  }
}

function evaluation(id: string) {
  return {
    subject: { type: 'access_key', id, properties: { secretAccessKey: seededSecret } },
    action: { name: 'run' },
    resource: { type: 'command', id: 'v-list-mail-domains', properties: { args: [user] } },
    context: { clientIp: '127.0.0.1' },
  };
}
