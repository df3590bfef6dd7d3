/** What Prometheus reads, and who may. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CallOptions, HttpAnswer } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { PostgresServer } from '../support/postgres.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';
import { patienceMs } from '../support/waiting.js';

function get(service: TestService, options: CallOptions = {}): Promise<HttpAnswer> {
  return service.request('GET', '/metrics', undefined, options);
}

/** Name and labels of each series, and its value. */
async function read(service: TestService): Promise<Map<string, number>> {
  const answer = await get(service);
  expect(answer).toMatchObject({ status: 200 });
  const lines = answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

let service: TestService;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], { TRUSTED_PROXIES: '127.0.0.2' });
  await service.ok('v-add-api', 'reads', 'user', 'v-list-user');
});

describe('the metrics', () => {
  it('count decisions by outcome and reason, and what judged their secrets', async () => {
    const key = await service.makeKey('alice', 'reads');
    const before = await read(service);
    const call = { access_key: key.id, secret_key: key.secret, cmd: 'v-list-user', arg1: 'alice' };
    for (let count = 0; count < 3; count++) await service.api(call);
    await service.api({ ...call, secret_key: 'x'.repeat(40) });
    await service.api({ ...call, cmd: 'v-delete-user' });
    await service.api({ user: 'admin', password: 'wrong', cmd: 'v-list-users' });
    const after = await read(service);
    const grown = (series: string): number => (after.get(series) ?? 0) - (before.get(series) ?? 0);
    expect(grown('hearthkey_decisions_total{outcome="allow",reason=""}')).toBe(3);
    expect(grown('hearthkey_decisions_total{outcome="deny",reason="secret_mismatch"}')).toBe(1);
    expect(grown('hearthkey_decisions_total{outcome="deny",reason="permission_missing"}')).toBe(1);
    expect(grown('hearthkey_decisions_total{outcome="deny",reason="api_disabled"}')).toBe(1);
    expect(grown('hearthkey_decision_seconds_count')).toBe(6);
    expect(grown('hearthkey_proofs_total{by="argon2"}')).toBe(1);
    expect(grown('hearthkey_proofs_total{by="memory"}')).toBeGreaterThanOrEqual(3);
    expect(grown('hearthkey_argon2_runs_total')).toBe(1);
  });

  it('tell how the service is', async () => {
    const before = (await read(service)).get('hearthkey_settling_seconds_count') ?? 0;
    await service.ok('v-add-sys-api-ip', '192.0.2.7');
    const seen = await read(service);
    expect(seen.get('hearthkey_settling_seconds_count')).toBe(before + 1);
    expect(seen.get('hearthkey_store_seconds_count')).toBeGreaterThan(5);
    expect(seen.get('hearthkey_audit_writable')).toBe(1);
    expect(seen.get('hearthkey_audit_denied_total')).toBe(0);
    expect(seen.get('hearthkey_audit_lag_events')).toBe(0);
    expect(seen.get('hearthkey_argon2_running')).toBe(0);
    expect(seen.get('hearthkey_argon2_waiting')).toBe(0);
    expect(seen.get('hearthkey_apis')).toBe(7);
    expect(seen.get('hearthkey_access_keys')).toBeGreaterThanOrEqual(0);
    expect(seen.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  it('have no key, user or address in them', async () => {
    const key = await service.makeKey('alice', 'reads');
    await service.api({ access_key: key.id, secret_key: key.secret, cmd: 'v-list-user', arg1: 'alice' });
    const { body } = await get(service);
    for (const secretive of [key.id, key.secret, 'alice', '127.0.0']) expect(body).not.toContain(secretive);
  });

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])(
    'are refused to a request through a proxy (%s)',
    async (field) => {
      const answer = await get(service, { headers: { [field]: '127.0.0.1' } });
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain('hearthkey_');
    },
  );

  it('are for the addresses of HEARTHKEY_METRICS_FROM', async () => {
    const other = await TestService.start({ METRICS_FROM: '127.0.0.9' });
    expect((await get(other)).status).toBe(403);
    expect((await get(other, { from: '127.0.0.9' })).status).toBe(200);
  });
});

describeWith(
  'postgres',
  'initdb',
  'redis-server',
)('on a node', () => {
  it('they tell of its lease and of Redis', async () => {
    const database = await PostgresServer.start();
    const redis = await TestRedis.start();
    const node = await TestService.startOpen(['alice'], {
      DATABASE_URL: await database.newDatabase(),
      REDIS_URL: redis.url,
    });
    await node.ok('v-add-api', 'reads', 'user', 'v-list-user');
    const key = await node.makeKey('alice', 'reads');
    await node.api({ access_key: key.id, secret_key: key.secret, cmd: 'v-list-user', arg1: 'alice' });
    const seen = await read(node);
    expect(seen.get('hearthkey_lease_age_seconds')).toBeLessThan(patienceMs / 1000);
    expect(seen.get('hearthkey_redis_up')).toBe(1);
    expect(seen.get('hearthkey_redis_seconds_count')).toBeGreaterThan(0);
    await node.close();
  });
});
