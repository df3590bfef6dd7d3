/** Imported secrets can be guessed: what a flood of guesses on one achieves, and whom it harms. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { weakKeyAttemptLimit } from '../../src/authorization/limits/weak-key-guard.js';
import { generateLegacyKey, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { countOf, type Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const commands = commandsDirectory({
  'v-list-mail-domains': { options: 'USER', script: 'echo "mail of $1"' },
});
let service: TestService;

beforeAll(async () => {
  // No limit on failures, whose answer would hide that of the guard.
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commands, FAILURE_LIMIT: '0' });
});

/** A key as an import leaves it: nobody has used it yet. */
async function weakKey(): Promise<Key> {
  const key = await service.makeKey('alice', 'mail-accounts');
  await service
    .part<Database>(DATABASE)
    .updateTable('access_keys')
    .set({ is_weak: 1, has_checksum: 0 })
    .where('id', '=', key.id)
    .execute();
  return key;
}

function call(hash: string, from: string) {
  return service.api({ hash, cmd: 'v-list-mail-domains', arg1: 'alice' }, { from });
}

/** Wrong secrets from 127.0.1.1 on, so many at once. */
async function flood(id: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    const batch = Array.from({ length: Math.min(50, count - done) }, (_, index) =>
      call(`${id}:${generateSecretAccessKey()}`, `127.0.1.${String(((done + index) % 250) + 1)}`),
    );
    for (const answer of await Promise.all(batch)) {
      expect(answer).toMatchObject({ status: 401, code: 9, body: 'Error: Invalid access key or secret' });
    }
  }
}

async function reasonsFor(id: string): Promise<Record<string, number>> {
  const reasons: Record<string, number> = {};
  for (const event of await service.eventsAndSums('--key', id)) {
    const reason = event.reason ?? '';
    if (event.outcome === 'deny') reasons[reason] = (reasons[reason] ?? 0) + countOf([event]);
  }
  return reasons;
}

describe('a flood of guesses on a weak key', () => {
  let key: Key;

  beforeAll(async () => {
    key = await weakKey();
    expect((await call(key.pair, '127.0.0.5')).status).toBe(200); // where its owner has used it
    await service.ok('v-add-sys-api-ip', '127.0.0.9');
    await flood(key.id, 300);
  });

  it('gets ten comparisons, and looks the same to the guesser afterwards', async () => {
    const wanted = {
      secret_mismatch: weakKeyAttemptLimit,
      too_many_attempts: 300 - weakKeyAttemptLimit,
    };
    // What came more than once in a second from an address is in the record when that second is over.
    await within(10_000, 'all are in the record', async () =>
      isDeepStrictEqual(await reasonsFor(key.id), wanted),
    );
  });

  it('gets nothing even when the right secret is among the later guesses', async () => {
    expect(await call(key.pair, '127.0.1.77')).toMatchObject({ status: 401, code: 9 });
  });

  it("leaves the owner's address served", async () => {
    expect(await call(key.pair, '127.0.0.5')).toMatchObject({ status: 200, body: 'mail of alice' });
  });

  it('leaves an address served that the allow list names singly', async () => {
    expect(await call(key.pair, '127.0.0.9')).toMatchObject({ status: 200, body: 'mail of alice' });
  });

  it('closes no other key', async () => {
    const other = await weakKey();
    expect((await call(other.pair, '127.0.1.77')).status).toBe(200);
  });

  it('is not helped by v-check-access-key, whatever address it is told', async () => {
    const guesses = Array.from({ length: 5 }, () => generateSecretAccessKey());
    for (const secret of [...guesses, key.secret]) {
      const answer = await service.run(
        'v-check-access-key',
        key.id,
        secret,
        'v-list-mail-domains',
        '127.0.0.5',
      );
      expect(answer.code).toBe(9);
    }
  });

  it('is over once the key has a new secret, which is heard from everywhere', async () => {
    const rotated = (await service.ok('v-rotate-access-key', key.id, 'plain')).trim();
    expect((await call(key.pair, '127.0.0.5')).status).toBe(401);
    expect(await call(rotated, '127.0.1.77')).toMatchObject({ status: 200, body: 'mail of alice' });
  });

  it('harms no key that was made here: its right secret is heard from everywhere', async () => {
    const strong = await service.makeKey('alice', 'mail-accounts');
    for (let index = 0; index < 50; index++)
      await call(`${strong.id}:${generateSecretAccessKey()}`, '127.0.1.77');
    expect((await call(strong.pair, '127.0.1.78')).status).toBe(200);
  });
});

describe('imported legacy keys', () => {
  it('are closed together by ten wrong ones, while those made here stay open', async () => {
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    const weak = (await service.ok('v-generate-api-key')).trim();
    const strong = (await service.ok('v-generate-api-key')).trim();
    const db = service.part<Database>(DATABASE);
    const first = await db
      .selectFrom('legacy_keys')
      .select('id')
      .orderBy('created_at_ms')
      .executeTakeFirstOrThrow();
    await db.updateTable('legacy_keys').set({ is_weak: 1 }).where('id', '=', first.id).execute();
    expect((await call(weak, '127.0.0.5')).body).toContain('mail of alice');
    for (let index = 0; index < 30; index++) {
      expect((await call(generateLegacyKey(), '127.0.1.1')).body).toContain('authentication failed');
    }
    await within(10_000, 'all are in the record', async () => {
      const denied = await service.eventsAndSums('--reason', 'secret_mismatch');
      return countOf(denied.filter(({ actor }) => actor.kind === 'legacy_key')) === weakKeyAttemptLimit;
    });
    expect((await call(weak, '127.0.1.1')).body).toContain('authentication failed');
    expect((await call(weak, '127.0.0.5')).body).toContain('mail of alice');
    expect((await call(strong, '127.0.1.1')).body).toContain('mail of alice');
  });
});
