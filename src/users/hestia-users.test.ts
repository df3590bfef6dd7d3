import { beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutDescriptors } from '../../test/support/descriptors.js';
import { temporaryFolder } from '../../test/support/folders.js';
import { HestiaUsers } from './hestia-users.js';

let directory: string;
let nowMs: number;
let problems: string[];
let users: HestiaUsers;

beforeEach(() => {
  directory = temporaryFolder();
  nowMs = 0;
  problems = [];
  users = new HestiaUsers(
    directory,
    (name, problem) => problems.push(`${name}: ${problem}`),
    () => nowMs,
  );
});

function lay(name: string, text: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'user.conf'), text);
}

describe('a user of a panel', () => {
  it('is what its user.conf says', () => {
    lay(
      'alice',
      "NAME='Alice Example'\nPACKAGE='gold'\nCONTACT='alice@example.com'\nSUSPENDED='no'\nLOGIN_DISABLED='yes'\nTIME='10:00:00'\nDATE='2026-01-01'\n",
    );
    expect(users.look('alice')).toEqual({
      name: 'alice',
      email: 'alice@example.com',
      package: 'gold',
      firstName: 'Alice Example',
      lastName: '',
      hasPassword: false,
      isSuspended: false,
      isLoginDisabled: true,
      createdAtMs: new Date('2026-01-01T10:00:00').getTime(),
      role: 'user',
    });
    expect(problems).toEqual([]);
  });

  it.each([
    ["ROLE='admin'\n", 'admin'],
    ["ROLE='user'\n", 'user'],
    ["ROLE='Admin'\n", 'user'],
    ["ROLE='admin'\nROLE='user'\n", 'user'],
    ['ROLE=\n', 'user'],
  ])('is an administrator by a clear ROLE alone: %j', (lines, role) => {
    lay('alice', `SUSPENDED='no'\n${lines}`);
    expect([users.look('alice')?.role, users.isAdministrator('Alice')]).toEqual([role, role === 'admin']);
  });

  it.each([
    ["SUSPENDED='no'\n", false],
    ["SUSPENDED='yes'\n", true],
    ["SUSPENDED='no'", false],
    ['', true],
    ["SUSPENDED='no'\nSUSPENDED='yes'\n", true],
    ["SUSPENDED='no'\nSUSPENDED='no'\n", false],
    ["SUSPENDED='no'\nSUSPENDED='perhaps'\n", true],
    [" SUSPENDED='no'\n", false],
    ["\uFEFFSUSPENDED='no'\r\n", false],
    ["NOT_SUSPENDED='no'\n", true],
    ["SUSPENDED_WEB='no'\n", true],
    ["WEB_SUSPENDED='yes'\nSUSPENDED='no'\n", true],
    ["SUSPENDED='no' # x\n", false],
    ["SUSPENDED='no' # SUSPENDED='yes'\n", true],
    ['SUSPENDED = "no"\n', false],
    ['SUSPENDED=no\n', false],
    ['SUSPENDED = yes # x\n', true],
    ["NAME='x\\nSUSPENDED='no'\n", true],
    ["NAME='O'Brien'\nSUSPENDED='no'\n", false],
  ])('with the file %j is suspended: %s', (text, isSuspended) => {
    lay('alice', text);
    expect(users.look('alice')?.isSuspended).toBe(isSuspended);
  });

  it('is looked at anew after 200 ms, or at once when it is to be forgotten', () => {
    lay('alice', "SUSPENDED='no'\n");
    expect(users.look('alice')?.isSuspended).toBe(false);
    lay('alice', "SUSPENDED='yes'\n");
    nowMs = 199;
    expect(users.look('alice')?.isSuspended).toBe(false);
    nowMs = 200;
    expect(users.look('alice')?.isSuspended).toBe(true);
    lay('alice', "SUSPENDED='no'\n");
    users.forget('alice');
    expect(users.look('alice')?.isSuspended).toBe(false);
  });

  it('appears, and is gone, within 200 ms', () => {
    expect(users.look('alice')).toBeUndefined();
    lay('alice', "SUSPENDED='no'\n");
    nowMs = 200;
    expect(users.look('alice')).toBeDefined();
    rmSync(join(directory, 'alice'), { recursive: true });
    nowMs = 400;
    expect(users.look('alice')).toBeUndefined();
  });

  it('has a name that is one: no path leads out of the tree', () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'user.conf'), "SUSPENDED='no'\n");
    for (const name of [
      '..',
      '.',
      '',
      '../x',
      `../${outside.split('/').at(-1) ?? ''}`,
      'a/b',
      '-x',
      'x\0y',
    ]) {
      expect(users.look(name)).toBeUndefined();
    }
  });

  it('is named in the log when its file says neither yes nor no', () => {
    lay('alice', "SUSPENDED='perhaps'\n");
    users.look('alice');
    expect(problems).toEqual(["alice: user.conf has no single line SUSPENDED='no' or 'yes'"]);
  });

  it('is suspended where user.conf is a folder, and where it leads nowhere', () => {
    mkdirSync(join(directory, 'alice/user.conf'), { recursive: true });
    mkdirSync(join(directory, 'bob'));
    symlinkSync('/nonexistent', join(directory, 'bob/user.conf'));
    expect(users.look('alice')?.isSuspended).toBe(true);
    expect(users.look('bob')?.isSuspended).toBe(true);
    expect(problems[0]).toBe("alice: user.conf can't be read: EISDIR");
  });
});

describe('without descriptors', () => {
  const isSuspended = () => {
    nowMs += 300;
    return users.look('alice')?.isSuspended;
  };

  it('a user is as he was, one whose file has changed is suspended, and is read when there are some again', () => {
    lay('alice', "SUSPENDED='no'\n");
    expect(isSuspended()).toBe(false);
    withoutDescriptors(() => expect(isSuspended()).toBe(false));
    lay('alice', "SUSPENDED='no'\nCONTACT='alice@example.com'\n");
    withoutDescriptors(() => expect([isSuspended(), isSuspended()]).toEqual([true, true]));
    expect(problems).toEqual(["alice: user.conf can't be read: EMFILE"]);
    expect(isSuspended()).toBe(false);
  });
});

describe('the users of a panel', () => {
  it('are the folders with names of users, in their order', async () => {
    for (const name of ['bob', 'alice', '.hidden', 'no good']) lay(name, "SUSPENDED='no'\n");
    writeFileSync(join(directory, 'carol'), 'a file');
    expect(users.names()).toEqual(['alice', 'bob']);
    expect((await users.list()).map(({ name }) => name)).toEqual(['alice', 'bob']);
  });
});
