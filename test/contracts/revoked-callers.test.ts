/** What a key was allowed before it was revoked, and that comes to its change only afterwards. */
import { beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RoleDirectory } from '../../src/apis/role-directory.js';
import type { ChangeOrigin } from '../../src/audit/audit-event.js';
import { type AppError } from '../../src/errors.js';
import type { AccessKey } from '../../src/keys/access-key.js';
import { AccessKeys } from '../../src/keys/access-keys.js';
import { authorityOf, type Authority } from '../../src/keys/makers/authority.js';
import { temporaryFolder } from '../support/folders.js';
import { byService, describeStores, TestStore } from '../support/store.js';

let store: TestStore;
let keys: AccessKeys;

beforeEach(async () => {
  store = await TestStore.open();
  const directory = join(temporaryFolder(), 'api');
  mkdirSync(directory);
  const roles = new RoleDirectory(directory, () => undefined);
  for (const name of ['mail', 'dns']) {
    writeFileSync(join(directory, name), "ROLE='user'\nCOMMANDS='v-a'\n");
    roles.adopt(name);
  }
  const { changes, slowHash, pepper, keys: keyStore, users } = store;
  keys = new AccessKeys({ store: keyStore, users, roles, changes, slowHash, pepper, rootUser: 'admin' });
});

/** A key that may handle keys, and what comes of it when it is allowed a command now. */
async function callerWith(
  wanted: Partial<AccessKey>,
): Promise<{ id: string; authority: Authority; origin: ChangeOrigin }> {
  const { id } = await store.addKey(wanted, { hash: 'none' });
  const key = await keys.get(id, 'everything');
  const authority = authorityOf({ ...key, isRootUser: key.user === 'admin' });
  return { id, authority, origin: { actor: { kind: 'access_key', accessKeyId: id } } };
}

const codeOf = (work: Promise<unknown>): Promise<number | undefined> =>
  work.then(
    () => 0,
    (error: unknown) => (error as AppError).code,
  );
const wanted = { user: 'alice', permissions: ['mail'], comment: '' };
const both = { permissions: ['mail', 'dns'] };

describeStores('a key that is revoked while it', () => {
  const revocations: [string, (id: string) => Promise<unknown>][] = [
    ['deleted', (id) => keys.delete(id, 'everything', byService)],
    ['deleted with all of its user', () => keys.deleteOf('alice', 'everything', byService)],
    ['suspended', (id) => keys.suspend(id, 'everything', byService)],
    ['ended', (id) => keys.change(id, { expiresAtMs: Date.now() - 1000 }, 'everything', byService)],
    ['narrowed', (id) => keys.change(id, { permissions: ['mail'] }, 'everything', byService)],
    ['limited', (id) => keys.change(id, { expiresAtMs: Date.now() + 60_000 }, 'everything', byService)],
    ['without its user', () => store.users.suspend('alice', byService)],
  ];

  it.each(revocations)('makes a key leaves none behind: it is %s', async (_what, revoke) => {
    const { id, authority, origin } = await callerWith(both);
    const [code] = await Promise.all([codeOf(keys.add(wanted, authority, origin)), revoke(id)]);
    expect(code).toBe(10);
    expect((await store.keys.list(undefined)).filter((key) => key.id !== id)).toEqual([]);
  });

  it('handles keys changes nothing of them, itself included', async () => {
    const { id, authority, origin } = await callerWith({ user: 'admin', permissions: [] });
    const { id: other } = await store.addKey({ isSuspended: true }, { hash: 'none' });
    const before = await store.keys.findWithSecret(other, store.db);
    const suspended = keys.suspend(id, 'everything', byService);
    const works = [
      keys.unsuspend(id, authority, origin),
      keys.unsuspend(other, authority, origin),
      keys.change(other, both, authority, origin),
      keys.rotate(other, authority, origin),
      keys.delete(other, authority, origin),
    ];
    expect(await Promise.all(works.map(codeOf))).toEqual([10, 10, 10, 10, 10]);
    await suspended;
    expect(await keys.get(id, 'everything')).toMatchObject({ isSuspended: true });
    expect(await store.keys.findWithSecret(other, store.db)).toEqual(before);
  });

  it('was widened or left as it is does what it was allowed', async () => {
    const { id, authority, origin } = await callerWith({ permissions: ['mail'] });
    const widened = keys.change(id, both, 'everything', byService);
    expect(await codeOf(keys.add(wanted, authority, origin))).toBe(0);
    await widened;
    const admin = await callerWith({ user: 'admin', permissions: [] });
    expect(await codeOf(keys.unsuspend(admin.id, admin.authority, admin.origin))).not.toBe(10);
  });
});
