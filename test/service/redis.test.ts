/** Redis may be absent, paused, flushed, restarted, replaced or full of forged entries: answers stay right. */
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProofs } from '../../src/authorization/secrets/redis-proofs.js';
import { SecretVerifier } from '../../src/authorization/secrets/secret-verifier.js';
import { SeenSecrets } from '../../src/authorization/secrets/seen-secrets.js';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import type { Database } from '../../src/storage/database.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { CertificateAuthority } from '../support/certificates.js';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { connected, TestRedis } from '../support/redis.js';
import { redisStates } from '../support/redis-states.js';
import { TestStore } from '../support/store.js';
import { TestService } from '../support/test-service.js';
import { isAtOnce, within } from '../support/waiting.js';

/** The real argon2, counted. */
class CountedSlowHash extends SlowHash {
  runs = 0;

  override async verify(hash: string, secret: string, shareAs: string): Promise<boolean> {
    this.runs++;
    return super.verify(hash, secret, shareAs);
  }
}

/** What a node has for itself, over the store and the Redis of all. */
class Node {
  readonly slowHash = new CountedSlowHash({ concurrency: 2, queueLength: 64 });
  private readonly verifier: SecretVerifier;

  constructor(
    private readonly store: TestStore,
    readonly redis: RedisConnection,
  ) {
    const onError = (error: unknown): never => {
      throw error as Error;
    };
    this.verifier = new SecretVerifier(
      new SeenSecrets(),
      this.slowHash,
      store.pepper,
      store.keys,
      onError,
      new RedisProofs(redis),
    );
  }

  /** Redis gets more time than usual: the machine may have much else to do. */
  static async start(store: TestStore, redis: TestRedis): Promise<Node> {
    const limits = { answerMs: 500, retryMs: 50, maxRetryMs: 100 };
    return new Node(store, await connected(redis, [], limits));
  }

  /** As the authorizer asks; every wrong secret has the tag of the right one, so that nothing refuses it early. */
  async isRight({ id }: { id: string }, secret: string): Promise<boolean> {
    const stored = await this.store.keys.findWithSecret(id, this.store.db);
    if (stored === undefined) throw new Error('the key is gone');
    const asked = { ...stored, tag: this.store.pepper.tag(id, stored.version, secret) };
    return this.verifier.verifyQuickly(id, asked, secret) ?? this.verifier.verifySlowly(id, asked, secret);
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAtMs = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAtMs };
}

const describeRedis = describeWith('redis-server');

describeRedis('two nodes', () => {
  let store: TestStore;
  let redis: TestRedis;

  beforeAll(async () => {
    store = await TestStore.open();
    redis = await TestRedis.start();
  });

  it('need argon2 once for a key, whichever of them is asked first', async () => {
    const [first, second] = [await Node.start(store, redis), await Node.start(store, redis)];
    const keys = await Promise.all(Array.from({ length: 5 }, () => store.addKey()));
    const count = async (): Promise<number> => redis.with((client) => client.dbsize());
    const before = await count();
    for (const key of keys) expect(await first.isRight(key, key.secret)).toBe(true);
    await within(10_000, 'the proofs are in Redis', async () => (await count()) === before + keys.length);
    for (const key of keys) expect(await second.isRight(key, key.secret)).toBe(true);
    expect([first.slowHash.runs, second.slowHash.runs]).toEqual([5, 0]);
  });

  it('ask Redis once for fifty who wait, and not at all for what they have seen match', async () => {
    const [first, second] = [await Node.start(store, redis), await Node.start(store, redis)];
    const key = await store.addKey();
    await first.isRight(key, key.secret);
    await within(10_000, 'the proof is in Redis', async () => (await entryOf(key.id)) !== undefined);
    const asked = async (): Promise<number> =>
      Number(
        /cmdstat_getrange:calls=(\d+)/.exec(await redis.with((client) => client.info('commandstats')))?.[1],
      );
    const before = await asked();
    const answers = await Promise.all(Array.from({ length: 50 }, () => second.isRight(key, key.secret)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(await second.isRight(key, key.secret)).toBe(true);
    expect(await second.isRight(key, generateSecretAccessKey())).toBe(false);
    expect((await asked()) - before).toBe(1);
    expect(second.slowHash.runs).toBe(0);
  });

  it('do not take a proof of the right secret for a refusal of another one: argon2 is asked', async () => {
    const [first, second] = [await Node.start(store, redis), await Node.start(store, redis)];
    const key = await store.addKey();
    await first.isRight(key, key.secret);
    await within(10_000, 'the proof is in Redis', async () => (await entryOf(key.id)) !== undefined);
    expect(await second.isRight(key, generateSecretAccessKey())).toBe(false);
    expect(second.slowHash.runs).toBe(1);
    expect(await second.isRight(key, key.secret)).toBe(true);
    expect(second.slowHash.runs).toBe(1);
  });

  it('put the right proof in the place of a forged one, for a month', async () => {
    const key = await store.addKey();
    const name = `hearthkey:proof:${key.id}:${key.version}`;
    await redis.with((client) => client.set(name, Buffer.alloc(32)));
    expect(await (await Node.start(store, redis)).isRight(key, key.secret)).toBe(true);
    const proof = store.pepper.proof(key.id, key.version, key.secret).toString('hex');
    await within(10_000, 'the proof is in Redis', async () => (await entryOf(key.id)) === proof);
    expect(await redis.with((client) => client.ttl(name))).toBeGreaterThan(29 * 24 * 3600);
  });

  it('keep the proof of a secret that can be guessed to themselves', async () => {
    const key = await store.addKey({}, { isWeak: true });
    const node = await Node.start(store, redis);
    expect(await node.isRight(key, key.secret)).toBe(true);
    await redis.with((client) => client.ping());
    expect(await entryOf(key.id)).toBeUndefined();
  });

  async function entryOf(keyId: string): Promise<string | undefined> {
    const found = Object.entries(await redis.dump()).find(([name]) => name.includes(keyId));
    return found?.[1];
  }
});

describeRedis('while Redis is', () => {
  let store: TestStore;
  let redis: TestRedis;

  beforeAll(async () => {
    store = await TestStore.open();
    redis = await TestRedis.start();
  });

  it.each(redisStates)(
    '$name, right secrets are right, and wrong ones wrong, at the price of a few runs of argon2',
    async ({ begin, end }) => {
      const keys = await Promise.all(Array.from({ length: 2 }, () => store.addKey()));
      const others = await Promise.all(keys.map(() => store.addKey()));
      const first = await Node.start(store, redis);
      await within(10_000, 'Redis is used', () => first.redis.isUp);
      await redis.flush();
      for (const key of keys) await first.isRight(key, key.secret);
      await within(10_000, 'the proofs are in Redis', async () => {
        return Object.keys(await redis.dump()).length === keys.length;
      });
      const linked = await Node.start(store, redis);
      await begin(redis);
      const fresh = await Node.start(store, redis);

      for (const node of [linked, fresh]) {
        for (const [index, key] of keys.entries()) {
          expect(await node.isRight(key, others[index]?.secret ?? '')).toBe(false);
          expect(await node.isRight(key, key.secret)).toBe(true);
          expect(await node.isRight(key, key.secret)).toBe(true);
          expect(await node.isRight(key, generateSecretAccessKey())).toBe(false);
        }
        for (const key of others) expect(await node.isRight(key, key.secret)).toBe(true);
        // At most two for each pair of key and node.
        expect(node.slowHash.runs).toBeLessThanOrEqual(2 * (keys.length + others.length));
      }
      for (const key of keys) expect(await first.isRight(key, key.secret)).toBe(true);

      await end(redis);
      for (const node of [first, linked, fresh]) {
        await within(10_000, 'Redis is used again', () => node.redis.isUp);
        for (const key of keys) {
          expect(await node.isRight(key, key.secret)).toBe(true);
          expect(await node.isRight(key, generateSecretAccessKey())).toBe(false);
        }
      }
    },
  );

  it('paused, one first use waits for it, and none after that', async () => {
    const connection = await connected(redis, [], { retryMs: 5000 });
    expect(connection.isUp).toBe(true);
    const proofs = new RedisProofs(connection);
    redis.pause();
    try {
      const first = await timed(async () => proofs.get('KEY00000000000000001', 'v'));
      expect(first.result).toBeUndefined();
      expect(first.ms).toBeGreaterThan(90);
      for (let index = 0; index < 1000; index++)
        expect(await isAtOnce(Promise.resolve(proofs.get(`KEY${String(index)}`, 'v')))).toBe(true);
    } finally {
      redis.resume();
    }
  });
});

describeRedis('a service with Redis', () => {
  const commands = commandsDirectory({
    'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
  });
  const services: TestService[] = [];

  async function start(settings: Readonly<Record<string, string>>): Promise<TestService> {
    const service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands, ...settings });
    services.push(service);
    return service;
  }

  async function isAllowed(service: TestService, key: Key): Promise<boolean> {
    const { body } = await service.call(key, 'v-list-mail-domains', ['alice']);
    return body.includes('mail of alice');
  }

  const isUp = (service: TestService): boolean => service.part(RedisConnection).isUp;

  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
  });

  it('starts and answers without it, says so once, and uses it as soon as it is there', async () => {
    const redis = await TestRedis.absent();
    const service = await start({ REDIS_URL: redis.url });
    const key = await service.makeKey('alice', 'mail-accounts');
    expect(await isAllowed(service, key)).toBe(true);
    await sleep(1000); // it may be sought again meanwhile
    expect(service.log.match(/Redis is out of reach/g)).toHaveLength(1);
    await redis.start();
    await within(10_000, 'Redis is used', () => isUp(service));
    expect(service.log.match(/Redis answers again/g)).toHaveLength(1);
    await redis.kill();
    await within(10_000, 'it is missed', () => !isUp(service));
    expect(await isAllowed(service, await service.makeKey('alice', 'mail-accounts'))).toBe(true);
    expect(service.log.match(/Redis is out of reach/g)).toHaveLength(2);
  });

  it('leaves no secret, no hash and no pepper there', async () => {
    const redis = await TestRedis.start();
    const service = await start({ REDIS_URL: redis.url });
    await within(10_000, 'Redis is used', () => isUp(service));
    const keys = [await service.makeKey('alice', 'mail-accounts'), await service.makeKey('admin', '')];
    for (const key of keys) expect(await isAllowed(service, key)).toBe(true);
    await service.call({ ...keys[0]!, secret: generateSecretAccessKey() }, 'v-list-mail-domains', ['alice']);
    await service.api({
      user: 'alice',
      password: 'correct-horse-1',
      cmd: 'v-list-mail-domains',
      arg1: 'alice',
    });
    await within(10_000, 'both proofs are there', async () => Object.keys(await redis.dump()).length === 2);

    const dump = JSON.stringify(await redis.dump());
    const rows = await service.part<Database>(DATABASE).selectFrom('access_keys').selectAll().execute();
    const pepper = Buffer.from(readFileSync(join(service.dataDir, 'pepper'), 'utf8'), 'base64');
    const hidden = [
      ...keys.flatMap(({ secret }) => [secret, secret.slice(0, 34), secret.slice(0, 12)]),
      ...rows.flatMap((row) => [row.secret_hash, row.secret_tag ?? '']),
      ...['argon2', 'correct-horse-1', pepper.toString('base64'), pepper.toString('latin1')],
    ];
    expect(rows).toHaveLength(2);
    for (const text of hidden) {
      expect(dump).not.toContain(text);
      expect(dump).not.toContain(Buffer.from(text, 'latin1').toString('hex'));
    }
    expect(Object.keys(await redis.dump()).sort()).toEqual(
      rows.map((row) => `hearthkey:proof:${row.id}:${row.secret_version}`).sort(),
    );
  });

  it('needs no argon2 after a restart of the service', async () => {
    const redis = await TestRedis.start();
    const dataDir = join(temporaryFolder(), 'data');
    const first = await start({ REDIS_URL: redis.url, DATA_DIR: dataDir });
    const key = await first.makeKey('alice', 'mail-accounts');
    expect(await isAllowed(first, key)).toBe(true);
    await within(10_000, 'the proof is there', async () => Object.keys(await redis.dump()).length === 1);
    await first.close();
    const second = await TestService.start({
      COMMANDS_DIR: commands,
      REDIS_URL: redis.url,
      DATA_DIR: dataDir,
    });
    services.push(second);
    await within(10_000, 'Redis is used', () => isUp(second));
    second.part(SlowHash).verify = () => Promise.reject(new Error('argon2 was asked'));
    // A machine that is held up may miss the time that Redis has to answer in; without Redis nobody is allowed here.
    await within(20_000, 'it is allowed', () => isAllowed(second, key));
  });

  it('speaks TLS with it, to whom it trusts alone, and shows no password', async () => {
    const authority = new CertificateAuthority();
    const redis = await TestRedis.start({ tls: authority.issue('redis'), password: 'p/ss: wörd%' });
    const trusting = await start({ REDIS_URL: redis.url, REDIS_CA: authority.caFile, LOG_LEVEL: 'trace' });
    await within(10_000, 'Redis is used', () => isUp(trusting));
    const doubting = await start({ REDIS_URL: redis.url, LOG_LEVEL: 'trace' });
    expect(isUp(doubting)).toBe(false);
    expect(doubting.log).toContain('Redis is out of reach');
    for (const log of [trusting.log, doubting.log]) expect(log).not.toMatch(/w(ö|%C3%B6)rd/);
  });

  it('does not start with a certificate file that is no good', async () => {
    const settings = { REDIS_URL: 'rediss://127.0.0.1:1', REDIS_CA: '/nonexistent/ca.pem' };
    await expect(TestService.start(settings)).rejects.toThrow(
      /^HEARTHKEY_REDIS_CA: .* can't be read: .*\(E[A-Z]+\)$/,
    );
  });

  it('shows no password that is wrong or not wanted, and takes one from a file', async () => {
    const redis = await TestRedis.start({ password: 'right-word' });
    const file = join(temporaryFolder(), 'url');
    writeFileSync(file, `${redis.url}/3\n`);
    const right = await start({ REDIS_URL_FILE: file });
    await within(10_000, 'Redis is used', () => isUp(right));
    const wrong = await start({ REDIS_URL: redis.url.replace('right', 'wrong'), LOG_LEVEL: 'trace' });
    expect(isUp(wrong)).toBe(false);
    // On a slow machine it may not come as far as to be refused.
    expect(wrong.log).toMatch(/WRONGPASS|Connection timeout/);
    expect(wrong.log).not.toContain('wrong-word');
    expect(await isAllowed(wrong, await wrong.makeKey('alice', 'mail-accounts'))).toBe(true);
  });
});
