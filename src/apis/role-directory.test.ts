import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../test/support/folders.js';
import { within } from '../../test/support/waiting.js';
import { RoleDirectory } from './role-directory.js';

const userRole = (...commands: string[]): string => `ROLE='user'\nCOMMANDS='${commands.join(',')}'\n`;

let directory: string;
let problems: string[];
let roles: RoleDirectory;
/** Where a test sets the time by hand; the timer then looks at a clock that stands still. */
let nowMs: number;

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

function granted(name: string): string[] | undefined {
  const entry = roles.find(name);
  return entry && [...(entry.role?.commands ?? [])];
}

function open(clock?: () => number): RoleDirectory {
  roles = new RoleDirectory(directory, (name, problem) => problems.push(`${name}: ${problem}`), clock);
  roles.start();
  return roles;
}

beforeEach(() => {
  directory = join(temporaryFolder(), 'api');
  mkdirSync(directory);
  problems = [];
  nowMs = 1_000_000;
});

afterEach(() => roles.stop());

describe('the role files', () => {
  it('count from the start', () => {
    write('mail', userRole('v-a', 'v-b'));
    open();
    expect(granted('mail')).toEqual(['v-a', 'v-b']);
  });

  it.each(['x~', '.x.swp', '.x', 'a.b', 'x.new', '#x#', 'x y', '-x', 'ä'])(
    'are no APIs when they are named %s',
    (name) => {
      write(name, userRole('v-a'));
      open();
      expect(roles.find(name)).toBeUndefined();
      expect(roles.list()).toEqual([]);
    },
  );

  it('are files: a folder of that name is no API', () => {
    mkdirSync(join(directory, 'mail'));
    open();
    expect(roles.find('mail')).toBeUndefined();
  });

  it('are never reached by a path', () => {
    writeFileSync(join(directory, '../outside'), userRole('v-a'));
    open();
    expect(roles.find('../outside')).toBeUndefined();
    expect(roles.find(join(directory, '../outside'))).toBeUndefined();
  });

  it('are listed in the order of their names', () => {
    for (const name of ['b', 'a', 'B', '_c', '0']) write(name, userRole('v-a'));
    open();
    expect(roles.list().map((entry) => entry.name)).toEqual(['0', 'B', '_c', 'a', 'b']);
  });

  it('must be in a directory that can be read: the start fails without it', () => {
    rmSync(directory, { recursive: true });
    roles = new RoleDirectory(directory, () => undefined);
    expect(() => roles.start()).toThrow(/ENOENT/);
  });
});

describe('a change by hand', () => {
  it('counts within a second', async () => {
    write('mail', userRole('v-a', 'v-b'));
    open();
    write('mail', userRole('v-a'));
    await within(1000, 'the edit counts', () => granted('mail')?.length === 1);
    expect(granted('mail')).toEqual(['v-a']);
  });

  it('counts within a second also when it replaces the file and keeps its size and time', async () => {
    write('mail', userRole('v-a'));
    open();
    write('.mail.new', userRole('v-b'));
    renameSync(join(directory, '.mail.new'), join(directory, 'mail'));
    await within(1000, 'the new file counts', () => granted('mail')?.[0] === 'v-b');
  });

  it('that adds a file counts within a second', async () => {
    open();
    write('mail', userRole('v-a'));
    await within(1000, 'the file counts', () => granted('mail')?.length === 1);
  });

  it('that removes a file counts within a second', async () => {
    write('mail', userRole('v-a'));
    open();
    rmSync(join(directory, 'mail'));
    await within(1000, 'the file is gone', () => roles.find('mail') === undefined);
  });

  it('that removes the whole directory takes everything away, and it comes back with it', async () => {
    write('mail', userRole('v-a'));
    open();
    renameSync(directory, `${directory}-away`);
    await within(1000, 'nothing is granted', () => roles.find('mail') === undefined);
    renameSync(`${directory}-away`, directory);
    await within(1000, 'it is granted again', () => granted('mail')?.length === 1);
  });

  it('breaks the file: it grants nothing, and that is reported once', async () => {
    write('mail', userRole('v-a'));
    open();
    write('mail', 'broken');
    await within(1000, 'the file is found broken', () => roles.find('mail')?.problem !== undefined);
    expect(granted('mail')).toEqual([]);
    await sleep(700);
    expect(problems).toEqual(["mail: line 1: expected NAME='value'"]);
    write('mail', 'broken in another place\nbut at the same line');
    await sleep(700);
    expect(problems).toHaveLength(1);
    write('mail', userRole('v-b'));
    await within(1000, 'the mended file counts', () => granted('mail')?.[0] === 'v-b');
  });

  it('leaves a link to nowhere: it is no API', async () => {
    write('mail', userRole('v-a'));
    open();
    rmSync(join(directory, 'mail'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'mail'));
    await within(1000, 'the file is gone', () => roles.find('mail') === undefined);
  });

  it('leaves a file that can not be read: it grants nothing, and that is reported', () => {
    symlinkSync('/proc/self/clear_refs', join(directory, 'mail')); // nobody can read it, root included
    open();
    expect(granted('mail')).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^mail: can't be read: E[A-Z]+$/)]);
  });
});

describe('a half-written role file', () => {
  it('is never believed, and the whole one counts within a second after it is whole', async () => {
    write('mail', userRole('v-a'));
    open();
    const seen = new Set<string>();
    const watch = setInterval(() => seen.add(granted('mail')!.join()), 5);
    // Lines of their own, each of them a role file that parses.
    const steps = ["ROLE='user'\n", "COMMANDS='v-b'\n", "SAFE='v-b'\n"];
    write('mail', '');
    for (const step of steps) {
      await sleep(60);
      appendFileSync(join(directory, 'mail'), step);
    }
    await within(1000, 'the whole file counts', () => roles.find('mail')?.role?.safe.size === 1);
    clearInterval(watch);
    seen.add(granted('mail')!.join());
    expect([...seen].sort()).toEqual(['v-a', 'v-b']);
  });

  it('that goes on being written grants nothing after a while, and counts when it is done', async () => {
    write('mail', userRole('v-a'));
    open();
    const writer = setInterval(() => appendFileSync(join(directory, 'mail'), '# more\n'), 20);
    await within(1500, 'it grants nothing', () => granted('mail')?.length === 0);
    clearInterval(writer);
    await within(1000, 'it counts again', () => granted('mail')?.length === 1);
  });
});

describe('when no timer can fire', () => {
  const look = (afterMs: number): string[] | undefined => {
    nowMs += afterMs;
    return granted('mail');
  };

  beforeEach(() => {
    write('mail', userRole('v-a'));
    open(() => nowMs);
    roles.stop();
  });

  it('whoever asks after a pause does not get what an edit took away', () => {
    write('mail', userRole('v-b'));
    expect(look(2000)).not.toContain('v-a');
  });

  it('an edit counts within a second of asking', () => {
    write('mail', userRole('v-b'));
    const answers = [look(410), look(410), look(180)];
    expect(answers.at(-1)).toEqual(['v-b']);
  });

  it('a removed file is gone for whoever asks after a pause', () => {
    rmSync(join(directory, 'mail'));
    expect(look(1000)).toBeUndefined();
  });

  it('a new file counts within a second of asking', () => {
    write('other', userRole('v-b'));
    look(410);
    look(410);
    expect(granted('other')).toEqual(['v-b']);
  });

  it('a file is believed only after it has been seen to keep still for a moment', () => {
    write('mail', userRole('v-b'));
    look(410);
    write('mail', userRole('v-c'));
    expect(look(410)).not.toContain('v-b');
    expect(look(1)).not.toContain('v-c');
    expect(look(410)).toEqual(['v-c']);
  });
});

describe('what a command has written', () => {
  it('counts at once, also a new file and a removed one', () => {
    write('mail', userRole('v-a'));
    open(() => nowMs);
    write('mail', userRole('v-b'));
    roles.adopt('mail');
    expect(granted('mail')).toEqual(['v-b']);
    write('new', userRole('v-c'));
    roles.adopt('new');
    expect(granted('new')).toEqual(['v-c']);
    rmSync(join(directory, 'mail'));
    roles.adopt('mail');
    expect(roles.find('mail')).toBeUndefined();
  });

  it('stays in force at the looks that follow', async () => {
    write('mail', userRole('v-a'));
    open();
    write('mail', userRole('v-b'));
    roles.adopt('mail');
    const seen = new Set<string>();
    for (let step = 0; step < 10; step++) {
      seen.add(granted('mail')!.join());
      await sleep(50);
    }
    expect([...seen]).toEqual(['v-b']);
  });
});
