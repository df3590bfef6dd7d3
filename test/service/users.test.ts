import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import argon2 from 'argon2';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { temporaryFolder } from '../support/folders.js';
import { runBin, type ProcessResult, type RunOptions } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let count = 0;

beforeAll(async () => {
  service = await TestService.start();
});

function newName(): string {
  return `user${String(++count)}`;
}

function bin(name: string, args: string[], options: RunOptions = {}): Promise<ProcessResult> {
  return runBin(name, args, { ...options, env: { HEARTHKEY_SOCKET: service.config.socketPath } });
}

async function hashOf(name: string): Promise<string | null | undefined> {
  const row = await service
    .part<Database>(DATABASE)
    .selectFrom('users')
    .select('password_hash')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.password_hash;
}

async function hasPassword(name: string, password: string): Promise<boolean> {
  return argon2.verify((await hashOf(name)) ?? '', password);
}

interface ListedUser {
  NAME: string;
  ROLE: string;
  PACKAGE: string;
  CONTACT: string;
  SUSPENDED: string;
}

async function listUsers(): Promise<Record<string, ListedUser>> {
  return JSON.parse(await service.ok('v-list-users', 'json')) as Record<string, ListedUser>;
}

describe('a user', () => {
  it.each([
    ['Müller & Söhne', 'GmbH (i.G.)'],
    ['Smith & Sons (Pty) Ltd.', ''],
    ['AC/DC+Co', '100% Bio'],
    ['#1 @ Café: "'.slice(0, -1), '§ 5; {x} [y] = ~^|\\!?*$`'],
    ['株式会社', ' '],
  ])('may have the name of a person or a firm, which decides nothing: %s %s', async (first, last) => {
    const name = newName();
    await service.ok('v-add-user', name, 'correct-horse-1', 'a@example.com', 'gold', first, last);
    expect(JSON.parse(await service.ok('v-list-user', name, 'json'))).toMatchObject({
      [name]: { NAME: `${first} ${last}`.trim() },
    });
  });

  it('has what v-add-user was given', async () => {
    const name = newName();
    await service.ok('v-add-user', name, 'correct-horse-1', 'a@example.com', 'gold', 'Ada', 'Lovelace-Öz');
    expect((await listUsers())[name]).toMatchObject({
      NAME: 'Ada Lovelace-Öz',
      ROLE: 'user',
      PACKAGE: 'gold',
      CONTACT: 'a@example.com',
      SUSPENDED: 'no',
    });
    expect(JSON.parse(await service.ok('v-list-user', name, 'json'))).toHaveProperty(name);
    expect(await service.ok('v-list-user', name)).toMatch(new RegExp(`^USERNAME: +${name}$`, 'm'));
    expect(await service.ok('v-list-user', name, 'plain')).toMatch(new RegExp(`^${name}\t`));
  });

  it('is suspended, unsuspended and deleted', async () => {
    const name = newName();
    await service.addUser(name);
    await service.ok('v-suspend-user', name);
    expect((await listUsers())[name]?.SUSPENDED).toBe('yes');
    await service.ok('v-unsuspend-user', name);
    expect((await listUsers())[name]?.SUSPENDED).toBe('no');
    await service.ok('v-delete-user', name);
    expect((await listUsers())[name]).toBeUndefined();
    expect((await service.run('v-list-user', name)).code).toBe(3);
  });

  it('gets another package', async () => {
    const name = newName();
    await service.addUser(name);
    await service.ok('v-change-user-package', name, 'gold');
    expect((await listUsers())[name]).toMatchObject({ PACKAGE: 'gold' });
    expect((await service.run('v-change-user-package', name, '../gold')).code).toBe(2);
    expect((await service.run('v-change-user-package', 'nobody', 'gold')).code).toBe(3);
    expect((await listUsers())[name]).toMatchObject({ PACKAGE: 'gold' });
  });

  it('gets another password', async () => {
    const name = newName();
    await service.addUser(name);
    await service.ok('v-change-user-password', name, 'another-word-2');
    expect(await hasPassword(name, 'another-word-2')).toBe(true);
    expect(await hasPassword(name, 'correct-horse-1')).toBe(false);
  });

  it('has its password stored as argon2id with 19 MiB, 2 passes and 1 lane, and nothing else of it', async () => {
    const name = newName();
    await service.addUser(name);
    expect(await hashOf(name)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('added twice at once is there once', async () => {
    const name = newName();
    const codes = await Promise.all(
      [1, 2, 3].map(
        async () => (await service.run('v-add-user', name, 'correct-horse-1', 'a@example.com')).code,
      ),
    );
    expect(codes.sort()).toEqual([0, 4, 4]);
  });
});

describe('the root user', () => {
  it('can get a password, and cannot be deleted', async () => {
    expect(await hashOf('admin')).toBeNull();
    await service.ok('v-change-user-password', 'admin', 'root-password-1');
    expect(await hasPassword('admin', 'root-password-1')).toBe(true);
    expect((await service.run('v-delete-user', 'admin')).code).not.toBe(0);
    expect(await listUsers()).toHaveProperty('admin');
  });
});

describe('a password', () => {
  it('may come from standard input: - in its place', async () => {
    const name = newName();
    const added = await bin('v-add-user', [name, '-', 'a@example.com'], {
      input: 'from stdin 1\nnext line\n',
    });
    expect(added).toMatchObject({ code: 0, stdout: '', stderr: expect.not.stringContaining('from stdin') });
    expect(await hasPassword(name, 'from stdin 1')).toBe(true);
    expect((await bin('v-change-user-password', [name, '-'], { input: 'changed-2\r\n' })).code).toBe(0);
    expect(await hasPassword(name, 'changed-2')).toBe(true);
  });

  it('may come from a file: --password-file', async () => {
    const name = newName();
    const file = join(temporaryFolder(), 'password');
    // With the byte order mark that some editors put there.
    writeFileSync(file, '\uFEFFfrom-a-file-1\r\n');
    expect((await bin('v-add-user', [name, '--password-file', file, 'a@example.com'])).code).toBe(0);
    expect(await hasPassword(name, 'from-a-file-1')).toBe(true);
    writeFileSync(file, 'from-a-file-2');
    expect((await bin('v-change-user-password', [name, `--password-file=${file}`])).code).toBe(0);
    expect(await hasPassword(name, 'from-a-file-2')).toBe(true);
  });

  it('given so is in the arguments of no process', async () => {
    const name = newName();
    const password = 'nowhere-in-argv-1';
    const seen: string[] = [];
    const watch = setInterval(() => seen.push(...commandLines()), 2);
    await bin('v-add-user', [name, '-', 'a@example.com'], { input: password });
    clearInterval(watch);
    expect(seen.some((line) => line.includes(name))).toBe(true); // the watch did see the process
    expect(seen.filter((line) => line.includes(password))).toEqual([]);
  });

  it.each([
    ['nothing on standard input', ''],
    ['an empty line', '\n'],
    ['one that is too short', 'five5\n'],
    ['one with control characters', 'with\ttabs-in-it\n'],
  ])('%s is refused and adds nobody', async (_what, input) => {
    const name = newName();
    const result = await bin('v-add-user', [name, '-', 'a@example.com'], { input });
    expect([1, 2]).toContain(result.code);
    expect(`${result.stdout}${result.stderr}`).toMatch(/^Error: [^\n]+\n$/);
    expect(await listUsers()).not.toHaveProperty(name);
  });

  it('from a file that is not there is refused with 1', async () => {
    const result = await bin('v-add-user', [newName(), '--password-file', '/nonexistent', 'a@example.com']);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^Error: .*\/nonexistent/);
    expect((await bin('v-add-user', [newName(), 'x', 'a@example.com', '--password-file'])).code).toBe(1);
  });
});

describe('bad input gets its code and says what was expected; nothing is half-done', () => {
  it.each<[string[], number]>([
    [['v-add-user'], 1],
    [['v-add-user', 'someone'], 1],
    [['v-add-user', 'someone', 'password-1'], 1],
    [['v-add-user', '', 'password-1', 'a@example.com'], 2],
    [['v-add-user', 'two words', 'password-1', 'a@example.com'], 2],
    [['v-add-user', '../etc', 'password-1', 'a@example.com'], 2],
    [['v-add-user', 'new\nline', 'password-1', 'a@example.com'], 2],
    [['v-add-user', '-dash', 'password-1', 'a@example.com'], 2],
    [['v-add-user', 'x'.repeat(31), 'password-1', 'a@example.com'], 2],
    [['v-add-user', 'someone', 'short', 'a@example.com'], 2],
    [['v-add-user', 'someone', '', 'a@example.com'], 2],
    [['v-add-user', 'someone', 'x'.repeat(257), 'a@example.com'], 2],
    [['v-add-user', 'someone', 'password-1', 'no-address'], 2],
    [['v-add-user', 'someone', 'password-1', 'a@b@c'], 2],
    [['v-add-user', 'someone', 'password-1', 'a@example.com', '../gold'], 2],
    [['v-add-user', 'someone', 'password-1', 'a@example.com', 'gold', 'Two\nLines'], 2],
    ...["O'Brien", 'x"y', '<b>', 'a>b', 'bell\u0007', 'csi\u009b', 'turn\u202e', 'x'.repeat(65)].map(
      (name): [string[], number] => [
        ['v-add-user', 'someone', 'password-1', 'a@example.com', 'gold', 'Ada', name],
        2,
      ],
    ),
    [['v-add-user', 'admin', 'password-1', 'a@example.com'], 4],
    [['v-delete-user', 'someone'], 3],
    [['v-delete-user'], 1],
    [['v-suspend-user', 'someone'], 3],
    [['v-unsuspend-user', 'someone'], 3],
    [['v-unsuspend-user', 'admin'], 6],
    [['v-change-user-password', 'someone', 'password-1'], 3],
    [['v-change-user-password', 'admin', 'short'], 2],
    [['v-list-user', 'someone'], 3],
    [['v-list-user', 'admin', 'xml'], 2],
    [['v-list-users', 'xml'], 2],
  ])('%j', async ([name = '', ...args], code) => {
    const before = await listUsers();
    const hash = await hashOf('admin');
    const answer = await service.run(name, ...args);
    expect({ code: answer.code, output: answer.stdout }).toMatchObject({ code });
    expect(answer.stdout).toMatch(/^(?:Error|Usage): \S/);
    expect(answer.stdout).not.toContain('password-1');
    expect(await listUsers()).toEqual(before);
    expect(await hashOf('admin')).toBe(hash);
  });

  it('a user that is suspended already gets 5', async () => {
    const name = newName();
    await service.addUser(name);
    await service.ok('v-suspend-user', name);
    expect((await service.run('v-suspend-user', name)).code).toBe(5);
  });
});

/** The arguments of every process of this machine, as everybody can see them. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // it has ended
      }
    });
}
