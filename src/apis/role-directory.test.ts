import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { RoleFolder, userRole } from '../../test/support/role-folder.js';
import { readOnlyEntry } from './read-only-api.js';
import { RoleDirectory } from './role-directory.js';
import { agreedEntry, readSharedRoles } from './shared-roles.js';

let folder: RoleFolder;
/** Where a test sets the time by hand. */
let nowMs: number;

beforeEach(() => {
  folder = new RoleFolder();
  nowMs = 1_000_000;
});

afterEach(() => folder.roles.stop());

describe('the role files', () => {
  it('count from the start', () => {
    folder.write('mail', userRole('v-a', 'v-b'));
    folder.open();
    expect(folder.granted('mail')).toEqual(['v-a', 'v-b']);
  });

  it.each(['x~', '.x.swp', '.x', 'a.b', 'x.new', '#x#', 'x y', '-x', 'ä'])(
    'are no APIs when they are named %s',
    (name) => {
      folder.write(name, userRole('v-a'));
      folder.open();
      expect(folder.roles.find(name)).toBeUndefined();
      expect(folder.roles.list()).toEqual([]);
    },
  );

  it('are files: a folder of that name is no API', () => {
    mkdirSync(folder.file('mail'));
    folder.open();
    expect(folder.roles.find('mail')).toBeUndefined();
  });

  it('are named with the reason where they are none, or grant nothing, once', () => {
    mkdirSync(folder.file('dir'));
    symlinkSync('/no/such/file', folder.file('dangling'));
    symlinkSync(folder.file('whole'), folder.file('linked'));
    execFileSync('mkfifo', [folder.file('fifo')]);
    folder.write('billing.bak', userRole('v-a'));
    folder.write('.hidden', '');
    folder.write('empty', '');
    folder.write('no-role', "COMMANDS='v-a'\n");
    folder.write('no-commands', "ROLE='user'\n");
    folder.write('no-names', "ROLE='user'\nCOMMANDS='*'\n");
    folder.write('whole', userRole('v-a'));
    folder.open();
    const expected = [
      'billing.bak is ignored: that is no name of an API (letters, digits, _ and -, at most 64)',
      'dangling is ignored: it is a link to nothing',
      'dir is ignored: it is a directory',
      'empty grants nothing: it has neither ROLE nor COMMANDS',
      'fifo is ignored: it is no regular file',
      'no-commands grants nothing: it has no COMMANDS',
      'no-names grants nothing: no item of COMMANDS is the name of a command',
      'no-role grants nothing to the keys of users: it has no ROLE',
    ];
    const noticed = (): string[] => folder.roles.notices().map(({ name, problem }) => `${name} ${problem}`);
    expect(noticed()).toEqual(expected);
    expect(noticed()).toEqual(expected);
    expect(folder.roles.noticesOf('empty')).toEqual(folder.roles.notices().slice(3, 4));
    expect(folder.roles.noticesOf('dir')).toEqual(folder.roles.notices().slice(2, 3));
    expect(folder.roles.noticesOf('whole')).toEqual([]);
    expect(folder.problems.map((text) => text.replace(':', '')).sort()).toEqual(expected);
    expect(folder.roles.list().map(({ name }) => name)).toEqual([
      'empty',
      'linked',
      'no-commands',
      'no-names',
      'no-role',
      'whole',
    ]);
  });

  it('are never reached by a path', () => {
    folder.write('../outside', userRole('v-a'));
    folder.open();
    expect(folder.roles.find('../outside')).toBeUndefined();
    expect(folder.roles.find(folder.file('../outside'))).toBeUndefined();
  });

  it('are listed in the order of their names', () => {
    for (const name of ['b', 'a', 'B', '_c', '0']) folder.write(name, userRole('v-a'));
    folder.open();
    expect(folder.roles.list().map((entry) => entry.name)).toEqual(['0', 'B', '_c', 'a', 'b']);
  });

  it('must be in a directory that can be read: the start fails without it', () => {
    rmSync(folder.path, { recursive: true });
    expect(() => folder.roles.start()).toThrow(/ENOENT/);
  });
});

describe('when no timer can fire', () => {
  const look = (afterMs: number): string[] | undefined => {
    nowMs += afterMs;
    return folder.granted('mail');
  };

  beforeEach(() => {
    folder = new RoleFolder(() => nowMs);
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.roles.stop();
  });

  it('a question after a pause does not get what an edit took away', () => {
    folder.write('mail', userRole('v-b'));
    expect(look(2000)).not.toContain('v-a');
  });

  it('an edit counts within a second of asking', () => {
    folder.write('mail', userRole('v-b'));
    const answers = [look(410), look(410), look(180)];
    expect(answers.at(-1)).toEqual(['v-b']);
  });

  it('a removed file is gone for a question after a pause', () => {
    rmSync(folder.file('mail'));
    expect(look(1000)).toBeUndefined();
  });

  it('a new file counts within a second of asking', () => {
    folder.write('other', userRole('v-b'));
    look(410);
    look(410);
    expect(folder.granted('other')).toEqual(['v-b']);
  });

  it('a file is believed only after it has been seen to keep still for a moment', () => {
    folder.write('mail', userRole('v-b'));
    look(410);
    folder.write('mail', userRole('v-c'));
    expect(look(410)).not.toContain('v-b');
    expect(look(1)).not.toContain('v-c');
    expect(look(410)).toEqual(['v-c']);
  });
});

describe('what a command has written', () => {
  it('counts at once, also a new file and a removed one', () => {
    folder = new RoleFolder(() => nowMs);
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('mail', userRole('v-b'));
    folder.roles.adopt('mail');
    expect(folder.granted('mail')).toEqual(['v-b']);
    folder.write('new', userRole('v-c'));
    folder.roles.adopt('new');
    expect(folder.granted('new')).toEqual(['v-c']);
    rmSync(folder.file('mail'));
    folder.roles.adopt('mail');
    expect(folder.roles.find('mail')).toBeUndefined();
  });

  it('stays in force at the looks that follow', () => {
    folder = new RoleFolder(() => nowMs);
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('mail', userRole('v-b'));
    folder.roles.adopt('mail');
    const seen = new Set<string>();
    for (let step = 0; step < 10; step++) {
      seen.add(folder.granted('mail')!.join());
      nowMs += 410; // a look is due
    }
    expect([...seen]).toEqual(['v-b']);
  });
});

describe('the API that is built in', () => {
  it.each([
    ['a file', () => folder.write('read-only', userRole('v-a'))],
    ['a link to nothing', () => symlinkSync('/no/such/file', folder.file('read-only'))],
  ])('does not count while %s has its name, nor once that is gone without a command', (_, put) => {
    put();
    const roles = new RoleDirectory(
      folder.path,
      () => undefined,
      () => nowMs,
      readOnlyEntry(() => []),
    );
    roles.start();
    const problem = () => roles.find('read-only')?.problem;
    expect(problem()).toContain('rename it');
    rmSync(folder.file('read-only'));
    nowMs += 410;
    expect(problem()).toContain('was removed by hand');
    roles.adopt('read-only');
    expect(problem()).toBeUndefined();
    roles.stop();
  });

  it('counts on no node while the database that they share has a file of its name', () => {
    const entry = readOnlyEntry(() => []);
    const shared = (name: string) => readSharedRoles(new Map([[name, userRole('v-a')]]));
    expect(agreedEntry(entry, shared('mail'))).toBe(entry);
    expect(agreedEntry(entry, shared('read-only'))?.role).toBeUndefined();
  });
});
