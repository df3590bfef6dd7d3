import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/folders.js';
import { byService, TestStore } from '../../../test/support/store.js';
import { RoleDirectory } from '../../apis/role-directory.js';
import { AppError } from '../../errors.js';
import { AccessKeys } from '../access-keys.js';
import { mayHandleKey, maySeeKey, type Authority } from './authority.js';

const apis = ['mail', 'dns', 'web', 'billing'];
const someApis = fc.subarray(apis);

/** Whether a key with these permissions may do nothing that the other may not. */
function isNoStronger(
  key: { user: string; permissions: readonly string[] },
  than: Exclude<Authority, 'everything'>,
): boolean {
  const isUnrestricted = key.user === 'admin' && key.permissions.length === 0;
  const isForeign = !than.isRootUser && key.user !== than.user;
  return !isUnrestricted && !isForeign && key.permissions.every((name) => than.permissions.includes(name));
}

describe('what a key may do with keys', () => {
  const alice: Authority = { user: 'alice', isRootUser: false, permissions: ['mail', 'dns'] };
  const restrictedAdmin: Authority = { user: 'admin', isRootUser: true, permissions: ['billing', 'mail'] };

  it.each([
    ['a key of its own user with fewer permissions', alice, 'alice', ['mail'], true],
    ['a key of its own user with the same permissions', alice, 'alice', ['dns', 'mail'], true],
    ['a key with one permission more', alice, 'alice', ['mail', 'dns', 'web'], false],
    ['a key of another user', alice, 'bob', ['mail'], false],
    ['a key of the root user', alice, 'admin', ['mail'], false],
    ["a root user's key that may do everything", restrictedAdmin, 'admin', [], false],
    ['a key of anybody, for the root user', restrictedAdmin, 'bob', ['mail'], true],
    ['a permission that the root user does not have on this key', restrictedAdmin, 'bob', ['dns'], false],
    ['everything, for an operator', 'everything', 'admin', [], true],
  ] as const)('%s', (_what, authority, user, permissions, isAllowed) => {
    expect(mayHandleKey(authority, { user, permissions })).toBe(isAllowed);
  });

  it('is never more than it could do itself', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        someApis,
        fc.constantFrom('alice', 'bob', 'admin'),
        someApis,
        (isRootUser, own, user, permissions) => {
          const authority = { user: isRootUser ? 'admin' : 'alice', isRootUser, permissions: own };
          if (mayHandleKey(authority, { user, permissions })) {
            expect(isNoStronger({ user, permissions }, authority)).toBe(true);
          }
        },
      ),
    );
  });

  it('includes looking at keys of its own user, and no others', () => {
    expect(maySeeKey(alice, { user: 'alice' })).toBe(true);
    expect(maySeeKey(alice, { user: 'bob' })).toBe(false);
    expect(maySeeKey(alice, { user: 'admin' })).toBe(false);
    expect(maySeeKey(restrictedAdmin, { user: 'bob' })).toBe(true);
    expect(maySeeKey('everything', { user: 'bob' })).toBe(true);
  });
});

describe('a restricted key that handles keys', () => {
  let store: TestStore;
  let keys: AccessKeys;

  beforeAll(async () => {
    store = await TestStore.open();
    const directory = join(temporaryFolder(), 'api');
    mkdirSync(directory);
    for (const name of apis) {
      const role = name === 'billing' ? 'admin' : 'user';
      writeFileSync(join(directory, name), `ROLE='${role}'\nCOMMANDS='v-a'\n`);
    }
    const roles = new RoleDirectory(
      directory,
      () => undefined,
      () => 0,
    );
    for (const name of apis) roles.adopt(name);
    const { changes, slowHash, pepper, keys: keyStore, users } = store;
    keys = new AccessKeys({ store: keyStore, users, roles, changes, slowHash, pepper, rootUser: 'admin' });
  });

  /** One thing that somebody may try; `which` picks among the keys that there are. */
  const step = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        verb: fc.constant('add' as const),
        user: fc.constantFrom('alice', 'admin'),
        permissions: someApis,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ verb: fc.constant('change' as const), which: fc.nat(), permissions: someApis }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        verb: fc.constantFrom('suspend', 'unsuspend', 'delete', 'rotate'),
        which: fc.nat(),
      }),
    },
  );

  it('ends, by no sequence of commands, with a key that may do more than itself', async () => {
    const beforehand = [
      { user: 'admin', permissions: [] },
      { user: 'admin', permissions: ['billing', 'web'] },
      { user: 'alice', permissions: ['web'] },
      { user: 'alice', permissions: ['mail', 'dns'] },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        someApis,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (isRootUser, own, steps) => {
          const authority = { user: isRootUser ? 'admin' : 'alice', isRootUser, permissions: own };
          fc.pre(own.length > 0);
          for (const { id } of await store.keys.list(undefined))
            await keys.delete(id, 'everything', byService);
          const given = new Map<string, string>();
          for (const key of beforehand) {
            const { id } = await store.addKey(key, { hash: 'none' });
            given.set(id, key.permissions.join());
          }
          for (const wanted of steps) await attempt(wanted, authority);
          for (const key of await store.keys.list(undefined)) {
            const before = given.get(key.id);
            if (before === undefined) expect(isNoStronger(key, authority)).toBe(true);
            else if (key.permissions.join() !== before) {
              expect(isNoStronger(key, authority)).toBe(true);
              expect(
                isNoStronger(
                  { user: key.user, permissions: before === '' ? [] : before.split(',') },
                  authority,
                ),
              ).toBe(true);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  async function attempt(
    wanted: { verb: string; user?: string; permissions?: string[]; which?: number },
    authority: Authority,
  ) {
    const all = await store.keys.list(undefined);
    const id = all[(wanted.which ?? 0) % all.length]?.id ?? '';
    const permissions = wanted.permissions ?? [];
    try {
      if (wanted.verb === 'add') {
        await keys.add({ user: wanted.user ?? '', permissions, comment: '' }, authority, byService);
      } else if (wanted.verb === 'change') await keys.change(id, { permissions }, authority, byService);
      else if (wanted.verb === 'suspend') await keys.suspend(id, authority, byService);
      else if (wanted.verb === 'unsuspend') await keys.unsuspend(id, authority, byService);
      else if (wanted.verb === 'rotate') {
        // Who gets the secret may do whatever the key may.
        const key = await keys.rotate(id, authority, byService);
        expect(authority !== 'everything' && isNoStronger(key, authority)).toBe(true);
      } else await keys.delete(id, authority, byService);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  it('can do what it may: the property above is not true for want of trying', async () => {
    const authority = { user: 'alice', isRootUser: false, permissions: ['mail', 'dns'] };
    const wanted = { user: 'alice', permissions: ['mail'], comment: 'Script' };
    const key = await keys.add(wanted, authority, byService);
    await expect(keys.change(key.id, { permissions: ['dns'] }, authority, byService)).resolves.toMatchObject({
      permissions: ['dns'],
    });
    await expect(keys.change(key.id, { permissions: ['web'] }, authority, byService)).rejects.toMatchObject({
      code: 10,
    });
    await keys.suspend(key.id, authority, byService);
    await expect(keys.suspend(key.id, authority, byService)).rejects.toMatchObject({ code: 5 });
    await keys.unsuspend(key.id, authority, byService);
    await expect(keys.unsuspend(key.id, authority, byService)).rejects.toMatchObject({ code: 6 });
  });

  it('does not revive a key that is stronger than itself', async () => {
    const { id } = await store.addKey({ permissions: ['mail', 'web'], isSuspended: true }, { hash: 'none' });
    const authority = { user: 'alice', isRootUser: false, permissions: ['mail'] };
    await expect(keys.unsuspend(id, authority, byService)).rejects.toMatchObject({ code: 10 });
  });

  it('does not see that a key of somebody else is there', async () => {
    const { id } = await store.addKey({ user: 'admin', permissions: ['billing'] }, { hash: 'none' });
    const authority = { user: 'alice', isRootUser: false, permissions: ['mail'] };
    await expect(keys.get(id, authority)).rejects.toMatchObject({ code: 3 });
    await expect(keys.delete(id, authority, byService)).rejects.toMatchObject({ code: 3 });
    await expect(keys.suspend(id, authority, byService)).rejects.toMatchObject({ code: 3 });
    await expect(keys.rotate(id, authority, byService)).rejects.toMatchObject({ code: 3 });
  });

  it('gives no non-root user an API of the role admin, and needs permissions for one', async () => {
    const add = (user: string, permissions: string[]) =>
      keys.add({ user, permissions, comment: '' }, 'everything', byService);
    await expect(add('alice', ['billing'])).rejects.toMatchObject({ code: 2 });
    await expect(add('alice', [])).rejects.toMatchObject({ code: 2 });
    await expect(add('alice', ['nothing'])).rejects.toMatchObject({ code: 3 });
    await expect(add('nobody', ['mail'])).rejects.toMatchObject({ code: 3 });
    await expect(add('', [])).rejects.toMatchObject({ code: 3 });
    await expect(add('admin', ['billing'])).resolves.toMatchObject({ permissions: ['billing'] });
  });
});
