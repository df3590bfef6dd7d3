import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeOrigin } from '../../audit/audit-event.js';
import { ReturnCode } from '../../errors.js';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../../secrets/generated-secret.js';
import { byService, TestStore } from '../../../test/support/store.js';
import { LegacyKeyStore } from '../legacy/legacy-key-store.js';
import { LegacyKeys } from '../legacy/legacy-keys.js';
import { rotateSecret } from '../secrets/rotate-secret.js';
import { FindAmongAll } from './find-among-all.js';
import { RevokeLeaked, type LeakAnswers } from './revoke-leaked.js';
import { SecretComparison } from './secret-comparison.js';
import { SecretFinder } from './secret-finder.js';
import { SecretTagStore } from './secret-tag-store.js';

let store: TestStore;
let legacyKeys: LegacyKeys;

beforeAll(async () => {
  store = await TestStore.open();
  const { db, changes, slowHash, pepper } = store;
  legacyKeys = new LegacyKeys(new LegacyKeyStore(db), changes, slowHash, pepper, slowHash);
});

const signal = new AbortController().signal;
const proved = { isProved: true, signal };
const unproved = { isProved: false, signal };
const isThere = async (id: string): Promise<boolean> => (await store.keys.find(id)) !== undefined;
const states = ({ items }: LeakAnswers) => items.map(({ owner }) => owner.state);

/** Another key with the same secret. */
async function twinOf({ secret }: { secret: string } = { secret: '' }) {
  const [id, hash] = [generateAccessKeyId(), await store.slowHash.hash(secret)];
  return store.addKey({ id }, { hash, tag: store.pepper.tag(id, 'v', secret), version: 'v' });
}

/** @param found - runs when the owners are known, before their keys are deleted */
function leaks(mostDigests?: number, found: () => Promise<unknown> = () => Promise.resolve()) {
  const { db, keys, changes, users, pepper, slowHash } = store;
  const [tags, legacyStore] = [new SecretTagStore(db), new LegacyKeyStore(db)];
  const comparison = new SecretComparison({ users, pepper, slowHash });
  const amongAll = new FindAmongAll({
    db,
    keys,
    tags,
    comparison,
    ...(mostDigests !== undefined && { mostDigests }),
  });
  const finder = new SecretFinder({ db, keys, tags, legacyKeys, legacyStore, comparison, amongAll, pepper });
  const find = finder.find.bind(finder);
  finder.find = async (...asked) => {
    const answer = await find(...asked);
    await found();
    return answer;
  };
  return new RevokeLeaked(finder, {
    store: keys,
    users,
    rootUser: 'admin',
    changes,
    legacyStore,
    comparison,
  });
}

describe('leaked secrets that are revoked', () => {
  it('are one change for all, with the key of the caller among them', async () => {
    const [caller, other, last] = [
      await store.addKey({ user: 'admin', permissions: [] }),
      await store.addKey(),
      await store.addKey(),
    ];
    const child = await store.addKey({ makerId: other.id });
    const grandchild = await store.addKey({ makerId: child.id });
    const legacy = await legacyKeys.generate(byService);
    const by: ChangeOrigin = { actor: { kind: 'access_key', accessKeyId: caller.id } };
    const numbers: number[] = [];
    store.changes.onApplied(({ number }) => numbers.push(number));
    const asked = [caller, other, last, other].map(({ secret }) => ({ secret }));
    const { items: answers } = await leaks().revoke([...asked, { secret: legacy.key }], by, signal);
    expect(answers.map(({ isRevoked }) => isRevoked)).toEqual([true, true, true, true, true]);
    expect(answers.map(({ made }) => made.length)).toEqual([0, 2, 0, 2, 0]);
    for (const { id } of [caller, other, last, child, grandchild]) expect(await isThere(id)).toBe(false);
    expect(await legacyKeys.find(legacy.key)).toBeUndefined();
    expect(numbers).toHaveLength(1);
  });

  it('are none where the caller was revoked meanwhile', async () => {
    const [caller, other] = [await store.addKey({ user: 'admin', permissions: [] }), await store.addKey()];
    const by: ChangeOrigin = { actor: { kind: 'access_key', accessKeyId: caller.id } };
    const revoking = leaks(undefined, () => store.deleteKey(caller.id)).revoke([other], by, signal);
    await expect(revoking).rejects.toMatchObject({ code: ReturnCode.FORBIDDEN });
    expect(await isThere(other.id)).toBe(true);
  });

  it('leave a key whose secret was replaced after it was found, unless the one before still counts', async () => {
    for (const overlapMs of [0, 3_600_000]) {
      const key = await store.addKey();
      const power = { roles: { find: () => undefined }, rootUser: 'admin' };
      const parts = { ...store, ...power, store: store.keys };
      const rotate = () => rotateSecret(parts, key.id, 'everything', byService, overlapMs);
      const { items } = await leaks(undefined, rotate).revoke([key], byService, signal);
      const [answer] = items;
      expect(answer).toMatchObject(
        overlapMs === 0
          ? { owner: { state: 'replaced' }, isRevoked: false }
          : { owner: { state: 'live' }, isRevoked: true },
      );
      expect(await isThere(key.id)).toBe(overlapMs === 0);
    }
  });

  it.each(['the secret alone', 'the ID of one of them'])(
    'are the end of every key that has them, found by %s, and each is named',
    async (way) => {
      const keys = [await store.addKey(), await store.addKey(), await store.addKey({ isSuspended: true })];
      const [first, second] = [await twinOf(keys[0]), await twinOf(keys[2])];
      const made = await store.addKey({ makerId: first.id });
      const idOf = ({ id }: { id: string }) => (way === 'the secret alone' ? {} : { accessKeyId: id });
      const asked = keys.map((key) => ({ secret: key.secret, ...idOf(key) }));
      const { items, byIdAlone } = await leaks().revoke(asked, byService, signal);
      const [one = '', two = '', three = ''] = keys.map(({ id }) => id);
      const ofEach = [[one, first.id], [two], [three, second.id]];
      for (const [index, ids] of ofEach.entries()) {
        const answers = items.filter((item) => item.index === index);
        expect(answers.map(({ owner }) => 'id' in owner && owner.id).sort()).toEqual(ids.toSorted());
        expect(answers.every(({ isRevoked }) => isRevoked)).toBe(true);
      }
      if (way !== 'the secret alone') expect(items[0]).toMatchObject({ owner: { id: one } });
      expect(items.flatMap((item) => item.made)).toEqual([made.id]);
      for (const id of [...ofEach.flat(), made.id]) expect(await isThere(id)).toBe(false);
      expect(byIdAlone).toBe(0);
    },
  );

  it('are compared with all keys as far as there is room, and with the key of their ID whatever there is', async () => {
    const keys = [await store.addKey(), await store.addKey()];
    const twins = [await twinOf(keys[0]), await twinOf(keys[1])];
    const count = await store.keys.count();
    const asked = keys.map(({ id, secret }) => ({ accessKeyId: id, secret }));
    const { items, byIdAlone } = await leaks(count).revoke(asked, byService, signal);
    expect([items.length, byIdAlone]).toEqual([3, 1]);
    for (const { id } of [...keys, ...twins.slice(0, 1)]) expect(await isThere(id)).toBe(false);
    expect(await isThere(twins[1]?.id ?? '')).toBe(true);
  });

  it('leave a canary, which is there to be found', async () => {
    const key = await store.addKey(
      { isCanary: true },
      { decoyHash: await store.slowHash.hash(generateSecretAccessKey()) },
    );
    const { items: answers } = await leaks().revoke([{ secret: key.secret }], byService, signal);
    expect(answers).toMatchObject([{ owner: { state: 'canary', id: key.id }, isRevoked: false }]);
    expect(await isThere(key.id)).toBe(true);
  });
});

describe('the owner of a secret', () => {
  it('is told as a revocation would find it, and of a long list by its digests alone', async () => {
    const legacy = await legacyKeys.generate(byService);
    await store.db
      .updateTable('legacy_keys')
      .set({ lookup_index: null })
      .where('id', '=', legacy.id)
      .execute();
    const asked = [{ secret: legacy.key }];
    expect(states(await leaks().look(asked, unproved))).toEqual(['unknown']);
    expect(await leaks().countWithoutTag()).toEqual({ accessKeys: 0, legacyKeys: 1 });
    expect(states(await leaks().look(asked, proved))).toEqual(['live']);
    expect(await leaks().countWithoutTag()).toEqual({ accessKeys: 0, legacyKeys: 0 });
  });

  it('is a deleted key by its ID; in a long list only of what has a checksum', async () => {
    const key = await store.addKey();
    await store.deleteKey(key.id);
    const other = 'aB3+/cD4=eF5.gH6^iJ7~kL8%mN9-oP0_qR1sT2u';
    const asked = [key.secret, other].map((secret) => ({ accessKeyId: key.id, secret }));
    expect(states(await leaks().look(asked, proved))).toEqual(['revoked', 'revoked']);
    expect(states(await leaks().look(asked, unproved))).toEqual(['revoked', 'unknown']);
  });

  it('is the key of which the secret can do most, whichever comes first', async () => {
    const secret = generateSecretAccessKey();
    const hash = await store.slowHash.hash(secret);
    const ids = [generateAccessKeyId(), generateAccessKeyId(), generateAccessKeyId()].sort();
    for (const [index, id] of ids.entries()) {
      const tag = store.pepper.tag(id, 'v', secret);
      await store.addKey({ id, isSuspended: index !== 1 }, { hash, tag, version: 'v' });
    }
    const { items } = await leaks().look([{ secret }], proved);
    expect(items).toMatchObject([
      { owner: { id: ids[1], state: 'live' } },
      { owner: { id: ids[0], state: 'suspended' } },
      { owner: { id: ids[2], state: 'suspended' } },
    ]);
  });

  it('is not looked for among all keys for more secrets than that takes a moment, nor for nobody', async () => {
    const count = await store.keys.count();
    const unknown = () => ({ secret: generateSecretAccessKey() });
    const few = leaks(count * 2);
    expect(states(await few.look([unknown(), unknown()], proved))).toEqual(['unknown', 'unknown']);
    await expect(few.look([unknown(), unknown(), unknown()], proved)).rejects.toMatchObject({
      code: ReturnCode.LIMIT,
    });
    expect(states(await leaks(1).look([unknown()], proved))).toEqual(['unknown']);
    const gone = new AbortController();
    gone.abort();
    const asked = leaks().look([unknown()], { isProved: true, signal: gone.signal });
    await expect(asked).rejects.toMatchObject({ code: ReturnCode.BUSY });
  });

  it('is looked for while others are served', async () => {
    const key = await store.addKey();
    const byId = Array.from({ length: 1000 }, () => ({
      accessKeyId: key.id,
      secret: generateSecretAccessKey(),
    }));
    for (const asked of [
      byId,
      byId.map(() => ({ accessKeyId: generateAccessKeyId(), secret: 'x'.repeat(40) })),
      byId.map(() => ({ secret: generateLegacyKey() })),
    ]) {
      let [turns, isDone] = [0, false];
      const count = (): void => {
        turns++;
        if (!isDone) setImmediate(count);
      };
      setImmediate(count);
      await leaks().look(asked, unproved);
      isDone = true;
      expect(turns).toBeGreaterThanOrEqual(10);
    }
  });
});
