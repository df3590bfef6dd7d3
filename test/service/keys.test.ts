import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { commandsDirectory } from '../support/folders.js';
import type { Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
let service: TestService;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({
    [command]: { options: 'USER [FORMAT]', script: 'echo "mail of $1"' },
    'v-list-dns-records': { options: 'USER DOMAIN', script: 'echo "dns of $1"' },
  });
  service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR });
});

/** The code of a call of the mail command by the key's user. */
async function codeOf(key: Key, user = 'alice', cmd = command): Promise<number> {
  return (await service.call(key, cmd, [user])).code;
}

interface ListedKey {
  ACCESS_KEY_ID: string;
  USER: string;
  PERMISSIONS: string[];
  COMMENT: string;
}

async function listKeys(user = ''): Promise<Record<string, ListedKey>> {
  return JSON.parse(await service.ok('v-list-access-keys', user, 'json')) as Record<string, ListedKey>;
}

function withOtherSecret(key: Key): Key {
  const secret = key.secret.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
  return { ...key, secret, pair: `${key.id}:${secret}` };
}

describe("a key's life: each step is in force in the very next request", () => {
  it('a key that was just made is let in', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    expect(key.id).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(key.secret).toMatch(/^[0-9A-Za-z_-]{40}$/);
    expect(await service.call(key, command, ['alice'])).toMatchObject({ status: 200, body: 'mail of alice' });
  });

  it('new permissions count, and the old ones no more', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    expect(await codeOf(key, 'alice', 'v-list-dns-records')).toBe(10);
    await service.ok('v-change-access-key', key.id, 'PERMISSIONS', 'update-dns-records');
    expect(await codeOf(key, 'alice', 'v-list-dns-records')).toBe(0);
    expect(await codeOf(key)).toBe(10);
  });

  it('a new comment is shown and changes nothing else', async () => {
    const key = await service.makeKey('alice', 'mail-accounts', 'First words');
    await service.ok('v-change-access-key', key.id, 'COMMENT', 'Other words');
    expect((await listKeys('alice'))[key.id]).toMatchObject({
      COMMENT: 'Other words',
      PERMISSIONS: ['mail-accounts'],
    });
    expect(await codeOf(key)).toBe(0);
  });

  it('a suspended key is refused with 9 until it is unsuspended', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    expect(await codeOf(key)).toBe(0);
    await service.ok('v-suspend-access-key', key.id);
    expect(await codeOf(key)).toBe(9);
    expect((await service.run('v-suspend-access-key', key.id)).code).toBe(5);
    await service.ok('v-unsuspend-access-key', key.id);
    expect(await codeOf(key)).toBe(0);
    expect((await service.run('v-unsuspend-access-key', key.id)).code).toBe(6);
  });

  it('a deleted key is refused with 9 although its proof was known, and stays so', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    expect([await codeOf(key), await codeOf(key)]).toEqual([0, 0]);
    await service.ok('v-delete-access-key', key.id);
    expect(await codeOf(key)).toBe(9);
    expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
    expect((await service.run('v-delete-access-key', key.id)).code).toBe(3);
    expect((await service.run('v-unsuspend-access-key', key.id)).code).toBe(3);
    expect(await codeOf(key)).toBe(9);
  });

  it("deleting all keys of a user leaves other users' keys", async () => {
    const keys = [
      await service.makeKey('bob', 'mail-accounts'),
      await service.makeKey('bob', 'mail-accounts'),
    ];
    const other = await service.makeKey('alice', 'mail-accounts');
    for (const key of keys) expect(await codeOf(key, 'bob')).toBe(0);
    await service.ok('v-delete-access-keys', 'bob');
    for (const key of keys) expect(await codeOf(key, 'bob')).toBe(9);
    expect(await listKeys('bob')).toEqual({});
    expect(await codeOf(other)).toBe(0);
    await service.ok('v-delete-access-keys', 'bob'); // none left is no error
  });

  it("a suspended owner's keys are refused, and count again when the owner does", async () => {
    const key = await service.makeKey('bob', 'mail-accounts');
    expect(await codeOf(key, 'bob')).toBe(0);
    await service.ok('v-suspend-user', 'bob');
    expect(await codeOf(key, 'bob')).not.toBe(0);
    await service.ok('v-unsuspend-user', 'bob');
    expect(await codeOf(key, 'bob')).toBe(0);
  });

  it("a deleted user's keys are gone, also when a user of that name comes back", async () => {
    await service.addUser('carol');
    const key = await service.makeKey('carol', 'mail-accounts');
    expect(await codeOf(key, 'carol')).toBe(0);
    await service.ok('v-delete-user', 'carol');
    expect(await codeOf(key, 'carol')).toBe(9);
    await service.addUser('carol');
    expect(await codeOf(key, 'carol')).toBe(9);
    expect(await listKeys('carol')).toEqual({});
  });

  it('an allow is never answered after the change that forbids it has returned, however many ask meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const key = await service.makeKey('alice', 'mail-accounts');
      let isDeleted = false;
      let wrong = 0;
      const ask = async (): Promise<void> => {
        for (let last = false; !last;) {
          last = isDeleted;
          const { code } = await service.run('v-check-access-key', key.id, key.secret, command);
          if (last && code === 0) wrong++;
        }
      };
      const askers = [ask(), ask(), ask(), ask()];
      await service.ok('v-delete-access-key', key.id);
      isDeleted = true;
      await Promise.all(askers);
      expect(wrong).toBe(0);
    }
  });
});

describe('a secret', () => {
  it('is shown once, when the key is made', async () => {
    const key = await service.makeKey('alice', 'mail-accounts', 'Shown once');
    const outputs = [
      await service.ok('v-list-access-key', key.id),
      await service.ok('v-list-access-key', key.id, 'json'),
      await service.ok('v-list-access-key', key.id, 'plain'),
      await service.ok('v-list-access-keys'),
      await service.ok('v-list-access-keys', 'alice', 'json'),
      await service.ok('v-change-access-key', key.id, 'COMMENT', 'Again'),
      await service.ok('v-list-audit-events', 'json', '--key', key.id),
    ];
    for (const output of outputs) expect(output).not.toContain(key.secret);
  });

  it('that is wrong, malformed or mistyped is refused with 9 and one text for all', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const unknown = { ...key, id: 'A'.repeat(20) };
    const texts = new Set<string>();
    for (const secret of [withOtherSecret(key).secret, 'x'.repeat(40), 'short', `${key.secret}x`]) {
      const answer = await service.call({ ...key, secret }, command, ['alice']);
      expect(answer).toMatchObject({ status: 401, code: 9 });
      texts.add(answer.body);
    }
    texts.add((await service.call(unknown, command, ['alice'])).body);
    expect([...texts]).toHaveLength(1);
    expect(await codeOf(key)).toBe(0);
  });

  it('costs argon2 once; from then on neither right nor wrong ones run it', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const verify = jest.spyOn(service.part(SlowHash), 'verify');
    try {
      expect(await codeOf(key)).toBe(0);
      expect(verify).toHaveBeenCalledTimes(1);
      for (let count = 0; count < 5; count++) {
        expect(await codeOf(withOtherSecret(key))).toBe(9);
        expect(await codeOf({ ...key, secret: `${'z'.repeat(34)}${String(count).repeat(6)}` })).toBe(9);
        expect(await codeOf(key)).toBe(0);
      }
      expect(verify).toHaveBeenCalledTimes(1);
    } finally {
      verify.mockRestore();
    }
  });

  it('that is wrong does not run argon2 either while the right one was never seen', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const other = await service.makeKey('alice', 'mail-accounts');
    const verify = jest.spyOn(service.part(SlowHash), 'verify');
    try {
      // The second one is well made, so only the tag can tell it apart.
      for (const secret of [withOtherSecret(key).secret, other.secret]) {
        expect(await codeOf({ ...key, secret })).toBe(9);
      }
      expect(verify).not.toHaveBeenCalled();
    } finally {
      verify.mockRestore();
    }
  });

  it('that many send at once for the first time costs one run of argon2', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const slowHash = service.part(SlowHash) as unknown as { run: (work: unknown) => Promise<unknown> };
    const run = jest.spyOn(slowHash, 'run');
    try {
      const codes = await Promise.all(
        Array.from(
          { length: 20 },
          async () => (await service.run('v-check-access-key', key.id, key.secret, command)).code,
        ),
      );
      expect(new Set(codes)).toEqual(new Set([0]));
      expect(run).toHaveBeenCalledTimes(1);
    } finally {
      run.mockRestore();
    }
  });
});

describe('permissions', () => {
  it.each(['.*', '*', 'mail-accoun.s', '[a-z]*', '.', '..', '/', '../api/billing', 'mail*', 'MAIL-ACCOUNTS'])(
    '%s is the name of no API: no key is made',
    async (name) => {
      const before = Object.keys(await listKeys());
      const { code, stdout } = await service.run('v-add-access-key', 'alice', name);
      expect([2, 3]).toContain(code);
      expect(stdout).toMatch(/^Error: .+\n$/);
      expect(Object.keys(await listKeys())).toEqual(before);
    },
  );

  it('are cleaned of blanks, paths and duplicates', async () => {
    const list = ' mail-accounts ,/usr/local/hestia/data/api/update-dns-records,mail-accounts,';
    const key = await service.makeKey('alice', list);
    expect((await listKeys())[key.id]?.PERMISSIONS).toEqual(['mail-accounts', 'update-dns-records']);
  });

  it('of a role for the root user alone are refused to others, when made and when changed', async () => {
    expect((await service.run('v-add-access-key', 'alice', 'billing')).code).toBe(2);
    const key = await service.makeKey('alice', 'mail-accounts');
    expect((await service.run('v-change-access-key', key.id, 'PERMISSIONS', 'billing')).code).toBe(2);
    expect((await service.run('v-change-access-key', key.id, 'PERMISSIONS', '')).code).toBe(2);
    expect((await service.run('v-change-access-key', key.id, 'PERMISSIONS', ' , ')).code).toBe(2);
    expect((await service.run('v-change-access-key', key.id, 'SECRET', 'x')).code).toBe(2);
    expect((await listKeys())[key.id]?.PERMISSIONS).toEqual(['mail-accounts']);
  });

  it("none at all are everything for the root user's key and are refused to others", async () => {
    const root = await service.makeKey('admin', '');
    expect((await service.call(root, 'v-list-users', ['plain'])).code).toBe(0);
    expect((await service.run('v-add-access-key', 'alice', '')).code).toBe(2);
    expect((await service.run('v-add-access-key', 'alice', ',')).code).toBe(2);
  });

  it.each([
    [['v-add-access-key'], 1],
    [['v-add-access-key', ''], 2],
    [['v-add-access-key', 'nobody-here', 'mail-accounts'], 3],
    [['v-add-access-key', 'alice;id', 'mail-accounts'], 2],
    [['v-add-access-key', 'alice', 'mail-accounts', 'x'], 2],
    [['v-add-access-key', 'alice', 'mail-accounts', 'two\nlines'], 2],
    [['v-add-access-key', 'alice', 'mail-accounts', 'fine', 'xml'], 2],
    [['v-delete-access-key', ''], 3],
    [['v-delete-access-key', '../users'], 2],
    [['v-delete-access-key', 'A'.repeat(20)], 3],
    [['v-suspend-access-key', 'short'], 2],
    [['v-change-access-key', 'A'.repeat(20), 'COMMENT', 'New words'], 3],
    [['v-list-access-key', 'A'.repeat(20), 'json'], 3],
  ])('bad input %j ends with %i, and nothing is half-done', async ([name = '', ...args], code) => {
    const before = await listKeys();
    const answer = await service.run(name, ...args);
    expect(answer.code).toBe(code);
    expect(answer.stdout).toMatch(/\S/);
    expect(await listKeys()).toEqual(before);
  });
});

describe('a command in the place of an API', () => {
  const advice = (user: string, role: string): [string, string] => [
    user,
    `Error: v-add-user is a command; make a role: v-add-api NAME ${role} v-add-user,v-add-domain\n`,
  ];

  it.each([advice('admin', 'admin'), advice('alice', 'user')])(
    'is refused with 3 and how to do it, for a key of %s',
    async (user, stdout) => {
      const before = await service.ok('v-list-access-keys', '', 'plain');
      for (const names of ['v-add-user,v-add-domain', 'mail-accounts, /bin/v-add-user ,v-add-domain']) {
        expect(await service.run('v-add-access-key', user, names, 'x', 'json')).toEqual({ code: 3, stdout });
      }
      expect(await service.ok('v-list-access-keys', '', 'plain')).toBe(before);
      const key = await service.makeKey(user, 'mail-accounts');
      const change = ['v-change-access-key', key.id, 'PERMISSIONS', 'v-add-user,v-add-domain'] as const;
      expect(await service.run(...change)).toEqual({ code: 3, stdout });
    },
  );

  it('is no command where a role has its name', async () => {
    await service.ok('v-add-api', 'v-own-role', 'user', command);
    expect(await codeOf(await service.makeKey('alice', 'v-own-role'))).toBe(0);
  });
});
