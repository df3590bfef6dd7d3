import { beforeEach, expect, it } from '@jest/globals';
import { Changes } from '../../src/storage/changes.js';
import type { User } from '../../src/users/user.js';
import { UserStore } from '../../src/users/user-store.js';
import { describeStores, openStore } from '../support/store.js';
import { byCodePoint, textsOfAllKinds } from '../support/texts.js';

let changes: Changes;
let users: UserStore;

beforeEach(async () => {
  const db = await openStore();
  changes = new Changes(db);
  users = new UserStore(db);
});

const alice: User = {
  name: 'alice',
  email: 'alice@example.com',
  package: 'default',
  firstName: 'Alice',
  lastName: 'Arc',
  hasPassword: true,
  isSuspended: false,
  isLoginDisabled: false,
  createdAtMs: 1_767_258_000_123,
  role: 'user',
};
const add = (user: Partial<User> = {}, hash: string | null = 'hash'): Promise<boolean> =>
  changes.run(({ trx }) => users.insert(trx, { ...alice, ...user }, hash));

describeStores('a user', () => {
  it('is found as it was added', async () => {
    expect(await add()).toBe(true);
    expect(await users.find('alice')).toEqual(alice);
    expect(await users.passwordHash('alice')).toBe('hash');
  });

  it('without a password has none, and one who is not there has nothing', async () => {
    await add({}, null);
    expect(await users.find('alice')).toMatchObject({ hasPassword: false });
    expect(await users.passwordHash('alice')).toBeNull();
    expect(await users.find('bob')).toBeUndefined();
    expect(await users.passwordHash('bob')).toBeUndefined();
  });

  it('is not added twice, and stays as the first one was; the change goes on', async () => {
    await add();
    const made = await changes.run(async ({ trx }) => [
      await users.insert(trx, { ...alice, email: 'other@example.com' }, null),
      await users.insert(trx, { ...alice, name: 'bob' }, null),
    ]);
    expect(made).toEqual([false, true]);
    expect(await users.find('alice')).toEqual(alice);
    expect((await users.find('bob'))?.name).toBe('bob');
  });

  it('is told apart from one whose name differs in case or accent alone', async () => {
    for (const name of ['alice', 'Alice', 'alicé', 'alice\u0301']) expect(await add({ name })).toBe(true);
    expect((await users.find('Alice'))?.name).toBe('Alice');
    expect(await users.list()).toHaveLength(4);
  });

  it('is changed in what is named, and in nothing else', async () => {
    await add();
    await add({ name: 'bob' });
    await changes.run(({ trx }) => users.update(trx, 'alice', { is_suspended: 1, package: 'gold' }));
    expect(await users.find('alice')).toEqual({ ...alice, isSuspended: true, package: 'gold' });
    expect(await users.find('bob')).toEqual({ ...alice, name: 'bob' });
  });

  it('is gone after it was deleted', async () => {
    await add();
    await changes.run(({ trx }) => users.delete(trx, 'alice'));
    expect(await users.find('alice')).toBeUndefined();
    expect(await users.list()).toEqual([]);
  });

  it('may have every text in its fields', async () => {
    for (const [index, text] of textsOfAllKinds.entries()) {
      const user = { name: `user${String(index)}`, firstName: text, lastName: text, email: text };
      await add(user);
      expect(await users.find(user.name)).toEqual({ ...alice, ...user });
    }
  });
});

describeStores('the list of users', () => {
  it('is in the order of code points, whatever the language of the database', async () => {
    for (const name of textsOfAllKinds) await add({ name });
    const names = (await users.list()).map(({ name }) => name);
    expect(names).toEqual([...textsOfAllKinds].sort(byCodePoint));
  });
});
