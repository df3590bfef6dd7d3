import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import argon2 from 'argon2';
import { TestStore } from '../../../test/support/store.js';
import { within } from '../../../test/support/waiting.js';
import type { StoredSecret } from '../../keys/access-key.js';
import { generateSecretAccessKey } from '../../secrets/generated-secret.js';
import { SlowHash } from '../../secrets/slow-hash.js';
import { SeenSecrets } from './seen-secrets.js';
import { SecretVerifier } from './secret-verifier.js';

let store: TestStore;
let errors: unknown[];
let key: { id: string; secret: string };
let stored: StoredSecret;

/** Room for one run at a time and for nobody who waits: whatever asks for a second one is refused. */
const roomForOne = () => new SlowHash({ concurrency: 1, queueLength: 0 });
/** No room at all: whatever asks for a run is refused. */
const noRoom = () => new SlowHash({ concurrency: 0, queueLength: 0 });

function verifierWith(slowHash: SlowHash, seen = new SeenSecrets()): SecretVerifier {
  return new SecretVerifier(seen, slowHash, store.pepper, store.keys, (error) => errors.push(error));
}

async function read(id: string): Promise<StoredSecret> {
  const found = await store.keys.findWithSecret(id, store.db);
  if (found === undefined) throw new Error('the key is gone');
  return found;
}

/** Another secret of the right form whose tag happens to be the key's: one in four thousand million. */
function withTagOf(secret: string): StoredSecret {
  return { ...stored, tag: store.pepper.tag(key.id, stored.version, secret) };
}

beforeAll(async () => {
  store = await TestStore.open();
});

beforeEach(async () => {
  errors = [];
  key = await store.addKey();
  stored = await read(key.id);
});

describe('a right secret', () => {
  it('is proved by argon2 once, for fifty who wait for it at the same time', async () => {
    const verifier = verifierWith(roomForOne());
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => verifier.verifySlowly(key.id, stored, key.secret)),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, () => true));
  });

  it('needs argon2 at its first use only', async () => {
    const seen = new SeenSecrets();
    const first = verifierWith(roomForOne(), seen);
    expect(first.verifyQuickly(key.id, stored, key.secret)).toBeUndefined();
    await first.verifySlowly(key.id, stored, key.secret);
    expect(verifierWith(noRoom(), seen).verifyQuickly(key.id, stored, key.secret)).toBe(true);
  });

  it('of another version of the key has to be proved anew', async () => {
    const verifier = verifierWith(roomForOne());
    await verifier.verifySlowly(key.id, stored, key.secret);
    const renewed = { ...stored, version: 'another', tag: store.pepper.tag(key.id, 'another', key.secret) };
    expect(verifier.verifyQuickly(key.id, renewed, key.secret)).toBeUndefined();
  });

  it('of one key is no secret of another one', async () => {
    const other = await store.addKey();
    const verifier = verifierWith(roomForOne());
    await verifier.verifySlowly(key.id, stored, key.secret);
    expect(verifier.verifyQuickly(other.id, await read(other.id), key.secret)).toBe(false);
    expect(verifier.verifyQuickly(key.id, stored, other.secret)).toBe(false);
  });
});

describe('a wrong secret', () => {
  it('takes the same steps for a key in use, one that is not, and an ID that no key has', async () => {
    const verifier = verifierWith(roomForOne());
    const inUse = await store.addKey();
    await verifier.verifySlowly(inUse.id, await read(inUse.id), inUse.secret);
    const digests = jest.spyOn(store.pepper, 'tag');
    const wrong = generateSecretAccessKey();
    const stepsOf = (ask: () => boolean | undefined): number => {
      digests.mockClear();
      expect(ask()).toBe(false);
      return digests.mock.calls.length;
    };
    const storedInUse = await read(inUse.id);
    expect([
      stepsOf(() => verifier.verifyQuickly(key.id, stored, wrong)),
      stepsOf(() => verifier.verifyQuickly(inUse.id, storedInUse, wrong)),
      stepsOf(() => verifier.verifyOfNobody('0'.repeat(20), wrong)),
    ]).toEqual([1, 1, 1]);
    digests.mockRestore();
  });

  it('is refused without argon2 where the right one was seen before', async () => {
    const seen = new SeenSecrets();
    await verifierWith(roomForOne(), seen).verifySlowly(key.id, stored, key.secret);
    const wrong = generateSecretAccessKey();
    expect(verifierWith(noRoom(), seen).verifyQuickly(key.id, withTagOf(wrong), wrong)).toBe(false);
  });

  it('is refused without argon2 by its tag where the right one was never seen', () => {
    const verifier = verifierWith(noRoom());
    for (let guess = 0; guess < 1000; guess++) {
      expect(verifier.verifyQuickly(key.id, stored, generateSecretAccessKey())).toBe(false);
    }
  });

  it('is refused without argon2 when it is mistyped, by its checksum, also while there is no tag', () => {
    const last = key.secret.at(-1) === 'a' ? 'b' : 'a';
    const mistyped = key.secret.slice(0, -1) + last;
    expect(verifierWith(noRoom()).verifyQuickly(key.id, { ...stored, tag: null }, mistyped)).toBe(false);
  });

  it.each(['', 'short', 'ä'.repeat(40), `${'a'.repeat(39)}\0`, 'a'.repeat(41), 'a'.repeat(100_000)])(
    'is refused without argon2 when it can be nobody’s',
    (secret) => {
      expect(verifierWith(noRoom()).verifyQuickly(key.id, { ...stored, tag: null }, secret)).toBe(false);
    },
  );

  it('with the tag of the right one is refused by argon2, and is not proved by that', async () => {
    const wrong = generateSecretAccessKey();
    const seen = new SeenSecrets();
    const verifier = verifierWith(roomForOne(), seen);
    expect(verifier.verifyQuickly(key.id, withTagOf(wrong), wrong)).toBeUndefined();
    await expect(verifier.verifySlowly(key.id, withTagOf(wrong), wrong)).resolves.toBe(false);
    expect(seen.isRight(key.id, stored.version, key.secret)).toBeUndefined();
  });

  it('never pushes the proof of a right one out, however many come', async () => {
    const seen = new SeenSecrets(1);
    const verifier = verifierWith(roomForOne(), seen);
    await verifier.verifySlowly(key.id, stored, key.secret);
    for (let guess = 0; guess < 5; guess++) {
      const id = `${String(guess)}${key.id.slice(1)}`;
      await verifier.verifySlowly(id, stored, generateSecretAccessKey());
    }
    expect(verifier.verifyQuickly(key.id, stored, key.secret)).toBe(true);
  });

  it('shares no argon2 run with the right one', async () => {
    const verifier = verifierWith(new SlowHash({ concurrency: 2, queueLength: 0 }));
    const wrong = generateSecretAccessKey();
    const answers = [
      verifier.verifySlowly(key.id, stored, wrong),
      verifier.verifySlowly(key.id, stored, key.secret),
    ];
    await expect(Promise.all(answers)).resolves.toEqual([false, true]);
  });
});

describe('when argon2 has no room', () => {
  it('a secret that is not proved yet is refused as "too busy" (14), and it is not remembered as wrong', async () => {
    const seen = new SeenSecrets();
    await expect(verifierWith(noRoom(), seen).verifySlowly(key.id, stored, key.secret)).rejects.toMatchObject(
      {
        code: 14,
      },
    );
    await expect(verifierWith(roomForOne(), seen).verifySlowly(key.id, stored, key.secret)).resolves.toBe(
      true,
    );
  });
});

describe('what is kept beside the hash', () => {
  it('is a tag again after the first use with a new pepper', async () => {
    const bare = await store.addKey({}, { tag: null });
    const verifier = verifierWith(store.slowHash);
    await verifier.verifySlowly(bare.id, await read(bare.id), bare.secret);
    await within(2000, 'the tag is there', async () => (await read(bare.id)).tag !== null);
    const tag = store.pepper.tag(bare.id, bare.version, bare.secret);
    expect((await read(bare.id)).tag).toBe(tag);
    expect(errors).toEqual([]);
  });

  it('is a hash with the present parameters after the first use of an older one', async () => {
    const secret = generateSecretAccessKey();
    const weak = await argon2.hash(secret, {
      type: argon2.argon2id,
      memoryCost: 8192,
      timeCost: 1,
      parallelism: 1,
    });
    const old = await store.addKey({}, { hash: weak, tag: null });
    await verifierWith(store.slowHash).verifySlowly(old.id, await read(old.id), secret);
    await within(5000, 'the hash is new', async () => (await read(old.id)).hash !== weak);
    const { hash } = await read(old.id);
    expect(hash).toContain('m=19456,t=2,p=1');
    await expect(argon2.verify(hash, secret)).resolves.toBe(true);
  });

  it('is not written over when the secret changed meanwhile', async () => {
    const bare = await store.addKey({}, { tag: null });
    const before = await read(bare.id);
    await store.db
      .updateTable('access_keys')
      .set({ secret_version: 'newer' })
      .where('id', '=', bare.id)
      .execute();
    const renewSecret = jest.spyOn(store.keys, 'renewSecret');
    await verifierWith(store.slowHash).verifySlowly(bare.id, before, bare.secret);
    await within(5000, 'it is tried', () => renewSecret.mock.results.length === 1);
    await renewSecret.mock.results[0]?.value;
    expect(await read(bare.id)).toMatchObject({ version: 'newer', tag: null });
  });

  it('is never the secret', async () => {
    const row = JSON.stringify(
      await store.db.selectFrom('access_keys').selectAll().where('id', '=', key.id).executeTakeFirstOrThrow(),
    );
    expect(row).not.toContain(key.secret);
    expect(row).not.toContain(key.secret.slice(0, 34));
  });
});
