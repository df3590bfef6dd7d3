import { beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { RedisProofs } from '../../src/authorization/secrets/redis-proofs.js';
import { describeWith } from '../support/programs.js';
import { connected, TestRedis } from '../support/redis.js';

const proof = (): Buffer => randomBytes(32);
const keyId = (): string => randomBytes(10).toString('hex');

describeWith('redis-server')('proofs in Redis are kept so that', () => {
  let store: RedisProofs;

  beforeAll(async () => {
    store = new RedisProofs(await connected(await TestRedis.start(), [], { answerMs: 5_000 }));
  });

  it('one is found as it was, byte for byte', async () => {
    const id = keyId();
    for (const [version, kept] of [
      ['v1', proof()],
      ['v2', Buffer.alloc(32)],
      ['v3', Buffer.alloc(32, 255)],
      ['v4', Buffer.from('\r\n$-1\r\n*2\r\n'.padEnd(32, '\0'))],
    ] as const) {
      await store.add(id, version, kept);
      expect(await store.get(id, version)).toEqual(kept);
    }
  });

  it('one is found by its key and version, and by nothing else', async () => {
    const id = keyId();
    await store.add(id, 'v1', proof());
    expect(await store.get(id, 'v2')).toBeUndefined();
    expect(await store.get(id, '')).toBeUndefined();
    expect(await store.get(keyId(), 'v1')).toBeUndefined();
    expect(await store.get(id.toUpperCase(), 'v1')).toBeUndefined();
    expect(await store.get(id.slice(1), 'v1')).toBeUndefined();
  });

  it('the versions of a key stand side by side', async () => {
    const id = keyId();
    const [first, second] = [proof(), proof()];
    await store.add(id, 'v1', first);
    await store.add(id, 'v2', second);
    expect([await store.get(id, 'v1'), await store.get(id, 'v2')]).toEqual([first, second]);
  });

  it('a newer one takes the place of an older one, as after a change of the pepper', async () => {
    const id = keyId();
    const newer = proof();
    await store.add(id, 'v1', proof());
    await store.add(id, 'v1', newer);
    expect(await store.get(id, 'v1')).toEqual(newer);
  });

  it('hundreds at the same time are not confused', async () => {
    const many = Array.from({ length: 500 }, () => ({ id: keyId(), kept: proof() }));
    await Promise.all(many.map(async ({ id, kept }) => store.add(id, 'v', kept)));
    const found = await Promise.all(many.map(async ({ id }) => store.get(id, 'v')));
    expect(found).toEqual(many.map(({ kept }) => kept));
  });

  it('one that is of another type counts as absent, and is put right by the next', async () => {
    const redis = await TestRedis.start();
    const proofs = new RedisProofs(await connected(redis, [], { answerMs: 5_000 }));
    const id = keyId();
    const kept = proof();
    await redis.with((client) => client.lpush(`hearthkey:proof:${id}:v1`, 'x'));
    expect(await proofs.get(id, 'v1')).toBeUndefined();
    await proofs.add(id, 'v1', kept);
    expect(await proofs.get(id, 'v1')).toEqual(kept);
    expect(await redis.with((client) => client.ttl(`hearthkey:proof:${id}:v1`))).toBeGreaterThan(0);
  });
});
