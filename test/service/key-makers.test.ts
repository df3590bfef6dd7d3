/** A key that a key made over the API counts with it and ends with it, until an operator adopts it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer, Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';

const commands = 'v-add-access-key,v-list-user';
let service: TestService;

async function start(settings: Record<string, string> = {}): Promise<TestService> {
  const started = await TestService.startOpen(['alice'], settings);
  await started.ok('v-add-api', 'keys', 'user', commands);
  await started.ok('v-add-api', 'more', 'user', 'v-list-user');
  return started;
}

beforeAll(async () => {
  service = await start();
});

/** The key of an answer that shows it plainly. */
function parsePair(text: string): Key {
  const pair = text.trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

async function make(maker: Key, permissions = 'keys', user = 'alice', at = service): Promise<Key> {
  const answer = await at.call(maker, 'v-add-access-key', [user, permissions, 'Child', 'plain']);
  expect(answer.code).toBe(0);
  return parsePair(answer.body);
}

const limited = async (at: TestService, ...options: string[]): Promise<Key> =>
  parsePair(await at.ok('v-add-access-key', 'alice', 'keys', '', 'plain', ...options));
const use = (key: Key, at = service): Promise<HttpAnswer> => at.call(key, 'v-list-user', ['alice']);
const codes = async (...keys: Key[]): Promise<number[]> => {
  const seen: number[] = [];
  for (const key of keys) seen.push((await use(key)).code);
  return seen;
};

describe('a key that a key made', () => {
  it('ends, and comes back, with it and with whatever made that one', async () => {
    const maker = await service.makeKey('alice', 'keys');
    const child = await make(maker);
    const grandchild = await make(child);
    expect(await codes(maker, child, grandchild)).toEqual([0, 0, 0]);
    await service.ok('v-suspend-access-key', maker.id);
    expect(await codes(maker, child, grandchild)).toEqual([9, 9, 9]);
    await service.ok('v-unsuspend-access-key', maker.id);
    expect(await codes(maker, child, grandchild)).toEqual([0, 0, 0]);
    await service.ok('v-suspend-access-key', child.id);
    expect(await codes(maker, child, grandchild)).toEqual([0, 9, 9]);
    await service.ok('v-unsuspend-access-key', child.id);
    await service.ok('v-change-access-key', maker.id, '--expires', 'now');
    expect(await codes(maker, child, grandchild)).toEqual([9, 9, 9]);
    await service.ok('v-change-access-key', maker.id, '--expires', 'never');
    await service.ok('v-change-access-key', maker.id, '--allow-ip', '198.51.100.7');
    expect(await codes(maker, child, grandchild)).toEqual([10, 10, 10]);
    await service.ok('v-change-access-key', maker.id, '--allow-ip', 'any');
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'more');
    expect(await codes(maker, child, grandchild)).toEqual([0, 10, 10]);
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'keys');
    expect(await codes(maker, child, grandchild)).toEqual([0, 0, 0]);
  });

  it('is deleted with it, and each is an event of its own', async () => {
    const maker = await service.makeKey('alice', 'keys');
    const child = await make(maker);
    const grandchild = await make(child);
    await use(grandchild);
    await service.ok('v-delete-access-key', maker.id);
    expect(await codes(maker, child, grandchild)).toEqual([9, 9, 9]);
    for (const { id } of [maker, child, grandchild])
      expect((await service.run('v-list-access-key', id)).code).toBe(3);
    const events = await service.events('--command', 'v-delete-access-key', '--type', 'change');
    expect(events.map(({ target }) => target).slice(-3)).toMatchObject([
      { accessKeyId: maker.id },
      { accessKeyId: child.id, madeBy: maker.id },
      { accessKeyId: grandchild.id, madeBy: child.id },
    ]);
  });

  it('of the root user ends with it too, also where it belongs to another user', async () => {
    const maker = await service.makeKey('admin', '');
    const child = await make(maker, 'keys', 'alice');
    const root = await make(maker, '', 'admin');
    expect(await codes(child, root)).toEqual([0, 0]);
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'billing');
    expect((await service.call(root, 'v-add-api', ['mine', 'user', 'v-list-user'])).code).toBe(10);
    expect((await service.call(root, 'v-list-users')).code).toBe(0);
    await service.ok('v-delete-access-keys', 'admin');
    expect(await codes(maker, child, root)).toEqual([9, 9, 9]);
  });

  it('counts together with it', async () => {
    const maker = await limited(service, '--rate-limit', '3/h');
    const [one, other] = [await make(maker), await make(maker)];
    // Two of three are used up by making them.
    expect(await codes(one, other, maker, one)).toEqual([0, 14, 14, 14]);
    await service.ok('v-change-access-key', other.id, '--adopt');
    expect(await codes(one, other)).toEqual([14, 0]);
  });

  it('over a limit of its own uses up nothing of that of its maker', async () => {
    const maker = await limited(service, '--rate-limit', '4/h');
    const child = await make(maker);
    await service.ok('v-change-access-key', child.id, '--rate-limit', '1/h');
    expect(await codes(child, child, child, child, maker, maker, maker)).toEqual([0, 14, 14, 14, 0, 0, 14]);
  });

  it('shares the limit of the REST dialect', async () => {
    const maker = await service.makeKey('admin', '');
    const rest = async (key: Key) => {
      const headers = { Authorization: `Bearer ${key.pair}` };
      return (await service.request('GET', '/api/accounts', undefined, { headers })).headers[
        'ratelimit-remaining'
      ];
    };
    const child = await make(maker, '', 'admin');
    expect([await rest(maker), await rest(child), await rest(maker)]).toEqual(['119', '118', '117']);
  });

  it('says which key made it, and stands for itself once it is adopted', async () => {
    const maker = await service.makeKey('alice', 'keys');
    const child = await make(maker);
    const grandchild = await make(child);
    expect(await service.ok('v-list-access-key', child.id, '--long')).toMatch(
      new RegExp(`^MADE_BY: +${maker.id}$`, 'm'),
    );
    expect(JSON.parse(await service.ok('v-list-access-key', child.id, 'json'))).toMatchObject({
      MADE_BY: maker.id,
    });
    await service.ok('v-suspend-access-key', maker.id);
    const explanation = await service.ok('v-explain-access', grandchild.id, 'v-list-user', '', 'alice');
    expect(explanation).toContain(`of alice, made by key ${child.id}, made by key ${maker.id}`);
    expect(explanation).toContain(`key ${maker.id}, which made it, is suspended`);
    expect((await service.run('v-unsuspend-access-key', child.id)).code).toBe(6);
    await service.ok('v-change-access-key', child.id, '--adopt');
    expect(await codes(maker, child, grandchild)).toEqual([9, 0, 0]);
    await service.ok('v-change-access-key', child.id, '--adopt');
    expect(await service.ok('v-list-access-key', child.id, '--long')).toMatch(/^MADE_BY: *$/m);
    await service.ok('v-delete-access-key', maker.id);
    expect(await codes(child, grandchild)).toEqual([0, 0]);
  });

  it('is adopted from the local command line alone', async () => {
    const maker = await service.makeKey('admin', '');
    const child = await make(maker);
    for (const args of [
      [child.id, '--adopt'],
      [child.id, 'ADOPT', 'yes'],
    ])
      expect((await service.call(maker, 'v-change-access-key', args)).code).not.toBe(0);
    await service.ok('v-suspend-access-key', maker.id);
    expect(await codes(child)).toEqual([9]);
  });

  it('can make one in turn, for so many generations', async () => {
    let key = await service.makeKey('alice', 'keys');
    for (let generation = 0; generation < 8; generation++) key = await make(key);
    expect(await codes(key)).toEqual([0]);
    expect((await service.call(key, 'v-add-access-key', ['alice', 'keys'])).code).toBe(8);
  });
});

it('a key that an operator or a legacy credential made stands for itself', async () => {
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  const hash = (await service.ok('v-generate-api-key')).trim();
  const { body } = await service.api({
    ...{ hash, cmd: 'v-add-access-key', arg1: 'alice', arg2: 'keys', arg3: 'Legacy', arg4: 'plain' },
  });
  const keys = [parsePair(body), await service.makeKey('alice', 'keys')];
  await service.ok('v-revoke-api-key', hash);
  expect(await codes(...keys)).toEqual([0, 0]);
  for (const { id } of keys)
    expect(await service.ok('v-list-access-key', id, '--long')).toMatch(/^MADE_BY: *$/m);
});

it('is known again after a restart, and in a copy', async () => {
  const first = await start();
  const maker = await first.makeKey('alice', 'keys');
  const child = await make(maker, 'keys', 'alice', first);
  await first.ok('backup', `${first.dataDir}/copy.hkb`);
  await first.ok('v-change-access-key', child.id, '--adopt');
  await first.ok('restore', `${first.dataDir}/copy.hkb`);
  await first.ok('v-suspend-access-key', maker.id);
  await first.close();
  const second = await TestService.start({ DATA_DIR: first.dataDir });
  expect((await use(child, second)).code).toBe(9);
  await second.ok('v-unsuspend-access-key', maker.id);
  expect((await use(child, second)).code).toBe(0);
});

describeWith('redis-server')('on a Redis', () => {
  it('keys that a key made count together with it', async () => {
    const redis = await TestRedis.start();
    const shared = await start({ REDIS_URL: redis.url });
    const maker = await limited(shared, '--rate-limit', '3/h');
    const children = [await make(maker, 'keys', 'alice', shared), await make(maker, 'keys', 'alice', shared)];
    const seen: number[] = [];
    for (const key of [...children, maker]) seen.push((await use(key, shared)).code);
    expect(seen).toEqual([0, 14, 14]);
  });
});
