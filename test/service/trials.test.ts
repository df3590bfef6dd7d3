/** What is tried of a key: it changes no answer, and what it would deny is what it denies once it is enforced. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import type { Database } from '../../src/storage/database.js';
import { RedisConnection, redisLimits } from '../../src/storage/redis/redis-connection.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { command, gatewayAdapters, publicAdapters, seen, type Ask } from '../canaries/adapters.js';
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';
import { patienceMs } from '../support/waiting.js';

const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
const adapters: Readonly<Record<string, Ask>> = { ...publicAdapters, ...gatewayAdapters };
const everythingTried = ['--trial', 'narrow', '--trial-allow-ip', '192.0.2.1', '--trial-rate-limit', '1/h'];
let service: TestService;

interface ShownTrial {
  TRIES: string;
  DECISIONS: number;
  WOULD_DENY: number;
  DENIALS: { COMMAND: string; REASON: string; COUNT: number }[];
}

async function start(settings: Record<string, string> = {}): Promise<void> {
  service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR, FAILURE_LIMIT: '0', ...settings });
  await service.ok('v-add-api', 'narrow', 'user', 'v-list-user');
  await service.ok('v-add-api', 'both', 'user', `v-list-user,${command}`);
  await service.ok('v-add-api', 'keys', 'user', 'v-list-user,v-add-access-key');
}

const change = (key: Pick<Key, 'id'>, ...options: string[]): Promise<string> =>
  service.ok('v-change-access-key', key.id, ...options);
const codeOf = async (key: Key, name = command): Promise<number> =>
  (await service.call(key, name, ['alice'])).code;
const listed = async (name = ''): Promise<Record<string, ShownTrial>> =>
  JSON.parse(await service.ok('v-list-trials', name, 'json')) as Record<string, ShownTrial>;
const trialOf = async ({ id }: Key): Promise<ShownTrial | undefined> => (await listed(id))[id];

/** Until when a window is used up depends on the moment. */
function withoutClock(answer: object): object {
  const text = JSON.stringify(answer).replaceAll(/"ratelimit-reset":"\d+"/g, '');
  return { text };
}

async function answersTo(key: Key, ask: Ask): Promise<unknown> {
  const answers: object[] = [];
  for (let count = 0; count < 3; count++) answers.push(seen(await ask(service, key, '127.0.0.1')));
  return JSON.parse(JSON.stringify(answers.map(withoutClock)).replaceAll(key.id, 'ID'));
}

function answersTheSame(names: readonly string[]): void {
  it.each(names)('over %s each answer is the same bytes as without it', async (name) => {
    const ask = adapters[name] as Ask;
    const [tried, other] = [await service.makeKey('alice', 'both'), await service.makeKey('alice', 'both')];
    await change(tried, ...everythingTried);
    expect(await answersTo(tried, ask)).toEqual(await answersTo(other, ask));
  });
}

describe('a trial', () => {
  beforeAll(() => start());

  answersTheSame(Object.keys(adapters));

  it('changes no code of a command about a key, and nothing that its holder is shown of it', async () => {
    const [tried, other] = [await service.makeKey('alice', 'both'), await service.makeKey('alice', 'both')];
    await change(tried, ...everythingTried);
    const about = async ({ id, secret }: Key) => {
      const answers = [
        await service.run('v-check-access-key', id, secret, command),
        await service.run('v-list-access-key', id, 'json'),
        await service.run('v-list-access-key', id, '--long'),
      ];
      return JSON.stringify(answers)
        .replaceAll(id, 'ID')
        .replaceAll(/\d\d:\d\d:\d\d/g, '');
    };
    expect(await about(tried)).toBe(await about(other));
  });

  it('says beside each decision what it would have been, and v-list-trials counts exactly that', async () => {
    const key = await service.makeKey('alice', 'both');
    await codeOf(key);
    await change(key, '--trial', 'narrow');
    for (const name of [command, 'v-list-user', command, 'v-list-web-domains']) await codeOf(key, name);
    expect(await trialOf(key)).toMatchObject({
      ...{ TRIES: 'permissions=narrow', DECISIONS: 3, WOULD_DENY: 2 },
      DENIALS: [{ COMMAND: command, REASON: 'permission_missing', COUNT: 2 }],
    });
    const events = await service.events('--type', 'decision', '--key', key.id);
    expect(events.map((event) => (event as { trial?: unknown }).trial)).toEqual([
      undefined,
      [{ accessKeyId: key.id, since: expect.any(String), wouldDeny: 'permission_missing' }],
      [expect.stringMatching(/^\d{4}-.*Z$/)],
      [{ accessKeyId: key.id, since: expect.any(String), wouldDeny: 'permission_missing' }],
      undefined,
    ]);
    // Another trial counts anew.
    await change(key, '--trial-allow-ip', '127.0.0.0/8');
    await codeOf(key);
    expect(await trialOf(key)).toMatchObject({ DECISIONS: 1, WOULD_DENY: 0, DENIALS: [] });
    await change(key, '--trial', 'none');
    expect(await listed(key.id)).toEqual({});
    expect((await service.run('v-verify-audit')).code).toBe(0);
  });

  it('denies once it is enforced what it said that it would deny, and ends', async () => {
    const key = await service.makeKey('alice', 'both');
    await change(key, '--trial', 'narrow', '--trial-only', 'none', '--trial-rate-limit', '2/h');
    const names = ['v-list-user', command, 'v-list-user', 'v-list-user'];
    for (const name of names) expect(await codeOf(key, name)).toBe(0);
    const { DENIALS = [] } = (await trialOf(key)) ?? {};
    expect(DENIALS.map(({ COMMAND, REASON, COUNT }) => [COMMAND, REASON, COUNT])).toEqual([
      ['v-list-user', 'rate_limited', 2],
      [command, 'permission_missing', 1],
    ]);
    const told = await service.told('v-change-access-key', key.id, '--enforce');
    expect([told.code, told.stderr]).toEqual([0, 'What was tried counts from now on.\n']);
    const reasons: (string | undefined)[] = [];
    for (const name of names) await codeOf(key, name);
    for (const { reason } of (await service.events('--type', 'decision', '--key', key.id)).slice(-4))
      reasons.push(reason);
    expect(reasons).toEqual([undefined, 'permission_missing', 'rate_limited', 'rate_limited']);
    expect(await listed(key.id)).toEqual({});
    expect((await service.run('v-change-access-key', key.id, '--enforce')).code).toBe(3);
    const [event] = (await service.events('--type', 'change', '--key', key.id)).slice(-1);
    expect(event).toMatchObject({ target: { permissions: 'narrow', rateLimit: '2/h', trial: 'enforced' } });
  });

  it('counts the requests of keys that it made, also of those that are gone', async () => {
    const key = await service.makeKey('alice', 'both');
    const made = (await service.ok('v-derive-access-key', key.id, 'plain', '--for', '15m')).trim();
    const [id = '', secret = ''] = made.split(':');
    await change(key, '--trial', 'narrow');
    expect(await codeOf({ id, secret, pair: made })).toBe(0);
    await service.ok('v-delete-access-key', id);
    expect(await trialOf(key)).toMatchObject({ DECISIONS: 1, WOULD_DENY: 1 });
  });

  it('is refused as the change that it tries would be, when it begins and when it is enforced', async () => {
    const key = await service.makeKey('alice', 'both');
    const codes = async (...options: string[]) =>
      (await service.run('v-change-access-key', key.id, ...options)).code;
    expect(await codes('--trial', 'no-such-api')).toBe(3);
    expect(await codes('--trial', 'billing')).toBe(2);
    expect(await codes('--trial', '')).toBe(2);
    expect(await codes('--trial-only', 'NO_SUCH=x')).toBe(2);
    expect(await codes('--trial', 'none', '--trial-allow-ip', '192.0.2.1')).toBe(2);
    expect(await codes('--enforce', '--rate-limit', '5/s')).toBe(2);
    await service.ok('v-add-api', 'soon-gone', 'user', 'v-list-user');
    await change(key, '--trial', 'soon-gone');
    await service.ok('v-delete-api', 'soon-gone');
    expect(await codes('--enforce')).toBe(3);
    expect(await codeOf(key)).toBe(0);
  });

  it('is begun and enforced over REST v1 by who may make the change, as it was seen', async () => {
    await service.ok(
      'v-add-api',
      'admins',
      'user',
      'v-change-access-key,v-list-trials',
      'v-change-access-key,v-list-trials',
    );
    const root = new AdministrationClient(service, await service.makeKey('admin', ''));
    const weak = new AdministrationClient(service, await service.makeKey('alice', 'admins,narrow'));
    const key = await service.makeKey('alice', 'narrow');
    const path = `/v1/access-keys/${key.id}/trial`;
    expect((await weak.put(path, { permissions: ['both'] })).status).toBe(403);
    expect((await root.put(path, {})).status).toBe(400);
    expect((await root.get(path)).status).toBe(404);
    expect((await root.put(path, { permissions: ['both'], allowedAddresses: null })).status).toBe(204);
    const { json, headers } = await weak.get(path);
    expect(json).toMatchObject({ tries: { permissions: ['both'], allowedAddresses: null }, decisions: 0 });
    expect((await weak.post(`${path}/enforce`)).status).toBe(403);
    expect(await codeOf(key)).toBe(10);
    await root.put(path, { permissions: ['both'] });
    const stale = { 'If-Match': String(headers.etag) };
    expect((await root.post(`${path}/enforce`, {}, stale)).status).toBe(412);
    expect((await weak.get('/v1/trials')).json).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ accessKeyId: key.id })]),
    });
    expect((await root.post(`${path}/enforce`)).json).toMatchObject({ permissions: ['both'] });
    expect(await codeOf(key)).toBe(0);
    const bob = new AdministrationClient(service, await service.makeKey('bob', 'admins'));
    expect((await bob.get('/v1/trials')).json).toEqual({ items: [] });
    expect((await bob.get(path)).status).toBe(404);
    await root.put(path, { rateLimit: '5/s' });
    expect((await root.delete(path)).status).toBe(204);
    expect((await root.get(path)).status).toBe(404);
  });

  it('stays in a copy; one that can not be read denies nothing, and is said', async () => {
    const key = await service.makeKey('alice', 'both');
    await change(key, '--trial', 'narrow');
    await service.ok('backup', `${service.dataDir}/copy.hkb`);
    await change(key, '--trial', 'none');
    await service.ok('restore', `${service.dataDir}/copy.hkb`);
    expect(await trialOf(key)).toMatchObject({ TRIES: 'permissions=narrow' });
    await service
      .part<Database>(DATABASE)
      .updateTable('access_keys')
      .set({ trial: '{"since":1,"by":"","permissions":"a b"}' })
      .where('id', '=', key.id)
      .execute();
    await change(key, 'COMMENT', 'read again');
    expect(await codeOf(key)).toBe(0);
    expect(await trialOf(key)).toMatchObject({ TRIES: 'unreadable', DECISIONS: 0 });
    expect((await service.run('v-change-access-key', key.id, '--enforce')).code).toBe(12);
  });

  it('is listed for scripts and people', async () => {
    const key = await service.makeKey('alice', 'both');
    await change(key, '--trial', 'narrow');
    await codeOf(key);
    const rows = (await service.ok('v-list-trials', key.id, 'plain')).split('\n');
    expect(rows.map((row) => row.split('\t').slice(0, 2))).toEqual([
      ['trial', key.id],
      ['denial', key.id],
      [''],
    ]);
    expect(await service.ok('v-list-trials', key.id, 'csv')).toMatch(/^kind,key,user,tries,/);
    expect(await service.ok('v-list-trials', 'alice')).toContain('permission_missing');
    expect(await listed('bob')).toEqual({});
    expect((await service.run('v-list-trials', 'nobody-here')).code).toBe(3);
  });

  it('of a rate limit denies nothing where its counter is broken', async () => {
    const key = await service.makeKey('alice', 'both');
    await change(key, '--trial-rate-limit', '1/h');
    const limiter = service.part<RateLimiter>(RateLimiter);
    const take = limiter.take.bind(limiter);
    limiter.take = () => {
      throw new Error('broken');
    };
    try {
      expect([await codeOf(key), await codeOf(key)]).toEqual([0, 0]);
    } finally {
      limiter.take = take;
    }
    expect(await trialOf(key)).toMatchObject({ DECISIONS: 2, WOULD_DENY: 0 });
  });
});

describeWith('redis-server')('with Redis, a trial', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await TestRedis.start();
    await start({ REDIS_URL: redis.url });
    // A limit that waits no longer for Redis is another one; here only a dead Redis is not waited for.
    Object.assign(service.part(RedisConnection), { limits: { ...redisLimits, answerMs: patienceMs } });
  });

  answersTheSame(['two fields', 'authorize']);

  it('of a rate limit counts as the limit would, and denies nobody without Redis either', async () => {
    const key = await service.makeKey('alice', 'both');
    await change(key, '--rate-limit', '100/h', '--trial-rate-limit', '2/h');
    for (let count = 0; count < 5; count++) expect(await codeOf(key)).toBe(0);
    expect(await trialOf(key)).toMatchObject({ DECISIONS: 5, WOULD_DENY: 3 });
    await redis.stop();
    expect(await codeOf(key)).toBe(0);
  });
});
