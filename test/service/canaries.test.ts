/** A canary allows nothing, looks to its holder like a key with a wrong secret, and its use is an alert. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FailureLimits } from '../../src/authorization/limits/failure-limits.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { command, gatewayAdapters, publicAdapters, seen, type Ask } from '../canaries/adapters.js';
import { compareAnswers, withWrongSecret } from '../canaries/answers.js';
import { decideMany } from '../canaries/false-alerts.js';
import { Random } from '../faults/random.js';
import type { Event, HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { TestRedis } from '../support/redis.js';
import { TestService } from '../support/test-service.js';

const failureLimit = 8;
const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER [FORMAT]', script: 'exit 0' } });
let service: TestService;
let lastNetwork = 0;

async function start(settings: Record<string, string> = {}): Promise<void> {
  const limit = { FAILURE_LIMIT: String(failureLimit) };
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR, ...limit, ...settings });
  await service.ok(
    'v-add-api',
    'own-keys',
    'user',
    'v-list-access-keys,v-list-access-key',
    'v-list-access-key',
  );
  // All of it is in one minute, however slow the machine is.
  Object.assign(service.part<FailureLimits>(FailureLimits), { now: () => 0 });
}

async function make(user: string, permissions: string, ...options: string[]): Promise<Key> {
  const pair = (await service.ok('v-add-access-key', user, permissions, 'Relay', 'plain', ...options)).trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

const canaryOf = (user = 'alice', permissions = 'mail-accounts', ...options: string[]): Promise<Key> =>
  make(user, permissions, '--canary', ...options);

/** A key like any other, and a secret that is not its own. */
async function wrongOne(): Promise<Key> {
  const { id } = await make('alice', 'mail-accounts');
  const secret = generateSecretAccessKey();
  return { id, secret, pair: `${id}:${secret}` };
}

/** With this secret, from addresses that nobody else has failed from, until the limit of failures and beyond. */
async function answersTo(key: Key, ask: Ask): Promise<unknown> {
  const network = ++lastNetwork;
  const answers: object[] = [];
  for (let attempt = 0; attempt < failureLimit + 3; attempt++)
    answers.push(seen(await ask(service, key, `127.9.${String(network)}.${String(1 + (attempt % 3))}`)));
  return JSON.parse(JSON.stringify(answers).replaceAll(key.id, 'ID'));
}

const alertsOf = ({ id }: Key): Promise<Event[]> => service.events('--type', 'alert', '--key', id);
const told = { alert: 'canary_used', outcome: 'deny' };
const adapters: Readonly<Record<string, Ask>> = { ...publicAdapters, ...gatewayAdapters };

function answersTheSame(names: readonly string[]): void {
  it.each(names)('over %s it is answered as a wrong secret is, and told before the answer', async (name) => {
    const ask = adapters[name] as Ask;
    const canary = await canaryOf();
    await ask(service, canary, '127.8.0.1');
    expect(await alertsOf(canary)).toMatchObject([
      { ...told, clientAddress: '127.8.0.1', target: { accessKeyId: canary.id, user: 'alice' } },
    ]);
    const ofWrong = await answersTo(await wrongOne(), ask);
    expect(await answersTo(await canaryOf(), ask)).toEqual(ofWrong);
  });
}

describe('a canary', () => {
  beforeAll(() => start());

  answersTheSame(Object.keys(adapters));

  it.each([
    ['that could do everything', () => canaryOf('admin', '')],
    ['that is suspended', async () => suspended(await canaryOf())],
    ['that has expired', async () => expired(await canaryOf())],
    [
      'with limits',
      () => canaryOf('alice', 'mail-accounts', '--rate-limit', '1/h', '--allow-ip', '192.0.2.1'),
    ],
    ['without a tag, after another pepper', async () => withoutTag(await canaryOf())],
    ['that got another secret', async () => rotated(await canaryOf())],
  ])('%s is answered the same, and told', async (_, makeOne) => {
    const canary = await makeOne();
    const ask = adapters['two fields'] as Ask;
    expect(await answersTo(canary, ask)).toEqual(await answersTo(await wrongOne(), ask));
    expect(await alertsOf(canary)).toMatchObject([told, told, told]);
  });

  it('is told once a minute for an address, and each use is in the record as a wrong secret', async () => {
    const canary = await canaryOf();
    for (let use = 0; use < 3; use++) await useOf(canary, '127.8.0.2');
    expect(await alertsOf(canary)).toHaveLength(1);
    const decisions = await service.events('--type', 'decision', '--key', canary.id);
    expect(decisions[0]).toMatchObject({ outcome: 'deny', reason: 'secret_mismatch' });
  });

  it('is told also from where nobody is let in, with the answer that everybody gets there', async () => {
    const canary = await canaryOf();
    await service.ok('v-delete-sys-api-ip', '127.0.0.0/8');
    try {
      for (const [name, ask] of Object.entries(adapters)) {
        const one = await canaryOf();
        const ofCanary = await answersTo(one, ask);
        expect([name, ofCanary]).toEqual([name, await answersTo(await wrongOne(), ask)]);
        expect([name, (await alertsOf(one)).length]).toEqual([name, 3]);
      }
      expect(await alertsOf(canary)).toEqual([]);
    } finally {
      await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
    }
  });

  it('is told to the operator in the log, the metrics, the findings, and where he asks about it', async () => {
    const [canary, unused] = [await canaryOf(), await canaryOf()];
    const before = await usesInMetrics();
    await useOf(canary, '127.8.0.3');
    expect(await usesInMetrics()).toBe(before + 1);
    expect(service.log).toMatch(new RegExp(`"accessKeyId":"${canary.id}".*the secret of a canary was used`));
    const findings = (await service.run('doctor', 'json')).stdout;
    expect(JSON.parse(findings)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ CHECK: 'canary_used', SUBJECT: expect.stringContaining(canary.id) }),
      ]),
    );
    expect(findings).not.toContain(unused.id);
    expect((await service.run('v-check-access-key', unused.id, unused.secret, command)).code).toBe(9);
    expect(await alertsOf(unused)).toMatchObject([told]);
    expect(await service.ok('v-explain-access', unused.id, command)).toContain('is a canary');
    const slowHash = service.part<SlowHash>(SlowHash);
    const { startedCount } = slowHash;
    // Before it is written down.
    await useOf(canary, '127.8.0.3');
    await service.ok('v-rotate-access-key', canary.id);
    expect(slowHash.startedCount - startedCount).toBe(1);
    await useOf(canary, '127.8.0.3');
    expect((await service.run('doctor', 'json')).stdout).not.toContain(canary.id);
  });

  it('is shown as one to who may do everything, and to nobody else', async () => {
    const canary = await canaryOf();
    await canaryOf('admin', '');
    const [own, root] = [await make('alice', 'own-keys'), await make('admin', '')];
    const everything = JSON.parse(await service.ok('v-list-access-key', canary.id, 'json')) as object;
    expect(JSON.stringify(everything)).toContain('"CANARY"');
    expect(await service.ok('v-list-access-keys', 'alice', '--long')).toContain('CANARY');
    expect((await service.call(root, 'v-list-access-keys', ['alice', 'json'])).body).toContain('CANARY');
    const rest = async ({ pair }: Key, path: string) =>
      (await service.request('GET', path, undefined, { headers: { Authorization: `Bearer ${pair}` } })).body;
    expect(await rest(root, `/v1/access-keys/${canary.id}`)).toContain('"isCanary":true');
    for (const path of [`/v1/access-keys/${canary.id}`, '/v1/access-keys?user=alice']) {
      expect(await rest(own, path)).toContain(canary.id);
      expect(await rest(own, path)).not.toMatch(/canary/i);
    }
    const lists: Readonly<Record<string, string>> = {
      'v-list-access-key': canary.id,
      'v-list-access-keys': 'alice',
    };
    for (const [name, of] of Object.entries(lists)) {
      const { body } = await service.call(own, name, [of, 'json']);
      expect(body).toContain(canary.id);
      expect(body).not.toMatch(/canary/i);
    }
    // Its owner sees the events of what he does himself.
    await service.ok('v-change-access-key', canary.id, 'COMMENT', 'Relay 2');
    const events = await service.events('--key', canary.id, '--type', 'change');
    expect(events.map(({ target = {} }) => [target['made'], target['canary']])).toEqual([
      ['yes', 'yes'],
      [undefined, undefined],
    ]);
  });

  it('is made over REST v1 by who may do everything, and by nobody else', async () => {
    await service.ok('v-add-api', 'makers', 'user', 'v-add-access-key');
    const add = async ({ pair }: Key) => {
      const headers = { Authorization: `Bearer ${pair}`, 'Content-Type': 'application/json' };
      const input = { user: 'alice', permissions: ['makers'], isCanary: true };
      return service.request('POST', '/v1/access-keys', JSON.stringify(input), { headers });
    };
    const made = await add(await make('admin', ''));
    expect([made.status, JSON.parse(made.body)]).toMatchObject([201, { isCanary: true }]);
    expect((await add(await make('alice', 'makers'))).status).toBe(403);
  });

  it('stays one in a copy', async () => {
    const canary = await canaryOf();
    await service.ok('backup', `${service.dataDir}/copy.hkb`);
    await service.ok('v-delete-access-key', canary.id);
    await service.ok('restore', `${service.dataDir}/copy.hkb`, '--revive', `key:${canary.id}`);
    expect((await useOf(canary, '127.8.0.4')).code).toBe(9);
    expect(await alertsOf(canary)).toMatchObject([told]);
  });

  it('has nothing in the column of secrets that its secret proves', async () => {
    const canary = await canaryOf();
    // As a version has it that knows nothing of canaries.
    await setIn(canary, { canary_hash: '' });
    expect((await useOf(canary, '127.8.0.5')).code).toBe(9);
    expect(await alertsOf(canary)).toEqual([]);
  });

  it('takes as long as a wrong secret: two samples of the same kind', async () => {
    const canary = await canaryOf();
    const alike = { one: () => canary, other: withWrongSecret(await make('alice', 'mail-accounts')) };
    const random = new Random(17);
    for (const name of ['two fields', 'authorize', 'REST v1, whose key']) {
      const ask = adapters[name] as Ask;
      Object.assign(service.part<FailureLimits>(FailureLimits), { limit: 0 });
      await compareAnswers(service, ask, alike, 20, random);
      const { z, different } = await compareAnswers(service, ask, alike, 60, random);
      expect([name, different]).toEqual([name, 0]);
      expect(Math.abs(z)).toBeLessThan(5);
    }
    Object.assign(service.part<FailureLimits>(FailureLimits), { limit: failureLimit });
  });

  it('is not told of where others are meant', async () => {
    const before = await usesInMetrics();
    const canaries = [await canaryOf(), await canaryOf()];
    const others = [await make('alice', 'mail-accounts'), await make('alice', 'mail-accounts')];
    expect(await decideMany(service, { canaries, others }, 2000, new Random(17))).toBeGreaterThan(0);
    expect(await usesInMetrics()).toBe(before);
  });
});

describeWith('redis-server')('with Redis, a canary', () => {
  beforeAll(async () => start({ REDIS_URL: (await TestRedis.start()).url }));

  answersTheSame(['two fields', 'authorize']);
});

const useOf = (key: Key, from: string): Promise<HttpAnswer> =>
  (adapters['two fields'] as Ask)(service, key, from);

async function usesInMetrics(): Promise<number> {
  const { body } = await service.request('GET', '/metrics', undefined);
  return Number(/^hearthkey_canary_uses_total (\d+)/m.exec(body)?.[1]);
}

async function setIn(key: Key, row: object): Promise<Key> {
  await service
    .part<Database>(DATABASE)
    .updateTable('access_keys')
    .set(row)
    .where('id', '=', key.id)
    .execute();
  return key;
}

async function suspended(key: Key): Promise<Key> {
  await service.ok('v-suspend-access-key', key.id);
  return key;
}

const expired = (key: Key): Promise<Key> => setIn(key, { expires_at_ms: 1 });
const withoutTag = (key: Key): Promise<Key> => setIn(key, { secret_tag: null });

/** With the secret that it had before. */
async function rotated(key: Key): Promise<Key> {
  await service.ok('v-rotate-access-key', key.id, 'plain', '--overlap', '1h');
  return key;
}
