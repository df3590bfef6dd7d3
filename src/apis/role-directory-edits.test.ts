import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RoleFolder, userRole } from '../../test/support/role-folder.js';
import { within } from '../../test/support/waiting.js';

let folder: RoleFolder;

beforeEach(() => {
  folder = new RoleFolder();
});

afterEach(() => folder.roles.stop());

describe('a change by hand', () => {
  it('counts within a second', async () => {
    folder.write('mail', userRole('v-a', 'v-b'));
    folder.open();
    folder.write('mail', userRole('v-a'));
    await within(1000, 'the edit counts', () => folder.granted('mail')?.length === 1);
    expect(folder.granted('mail')).toEqual(['v-a']);
  });

  it('counts within a second also when it replaces the file and keeps its size and time', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('.mail.new', userRole('v-b'));
    renameSync(folder.file('.mail.new'), folder.file('mail'));
    await within(1000, 'the new file counts', () => folder.granted('mail')?.[0] === 'v-b');
  });

  it('that adds a file counts within a second', async () => {
    folder.open();
    folder.write('mail', userRole('v-a'));
    await within(1000, 'the file counts', () => folder.granted('mail')?.length === 1);
  });

  it('that removes a file counts within a second', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    rmSync(folder.file('mail'));
    await within(1000, 'the file is gone', () => folder.roles.find('mail') === undefined);
  });

  it('that removes the whole directory takes everything away, and it comes back with it', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    renameSync(folder.path, `${folder.path}-away`);
    await within(1000, 'nothing is granted', () => folder.roles.find('mail') === undefined);
    renameSync(`${folder.path}-away`, folder.path);
    await within(1000, 'it is granted again', () => folder.granted('mail')?.length === 1);
  });

  it('breaks the file: it grants nothing, and that is reported once', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    folder.write('mail', 'broken');
    await within(1000, 'the file is found broken', () => folder.roles.find('mail')?.problem !== undefined);
    expect(folder.granted('mail')).toEqual([]);
    await sleep(700);
    expect(folder.problems).toEqual(["mail: line 1: expected NAME='value'"]);
    folder.write('mail', 'broken in another place\nbut at the same line');
    await sleep(700);
    expect(folder.problems).toHaveLength(1);
    folder.write('mail', userRole('v-b'));
    await within(1000, 'the mended file counts', () => folder.granted('mail')?.[0] === 'v-b');
  });

  it('leaves a link to nowhere: it is no API', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    rmSync(folder.file('mail'));
    symlinkSync(folder.file('nowhere'), folder.file('mail'));
    await within(1000, 'the file is gone', () => folder.roles.find('mail') === undefined);
  });

  it('leaves a file that can not be read: it grants nothing, and that is reported', () => {
    symlinkSync('/proc/self/clear_refs', folder.file('mail')); // nobody can read it, root included
    folder.open();
    expect(folder.granted('mail')).toEqual([]);
    expect(folder.problems).toEqual([expect.stringMatching(/^mail: can't be read: E[A-Z]+$/)]);
  });
});

describe('a half-written role file', () => {
  it('is never believed, and the whole one counts within a second after it is whole', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    const seen = new Set<string>();
    const watch = setInterval(() => seen.add(folder.granted('mail')!.join()), 5);
    // Lines of their own, each of them a role file that parses.
    const steps = ["ROLE='user'\n", "COMMANDS='v-b'\n", "SAFE='v-b'\n"];
    folder.write('mail', '');
    for (const step of steps) {
      await sleep(60);
      appendFileSync(folder.file('mail'), step);
    }
    await within(1000, 'the whole file counts', () => folder.roles.find('mail')?.role?.safe.size === 1);
    clearInterval(watch);
    seen.add(folder.granted('mail')!.join());
    expect([...seen].sort()).toEqual(['v-a', 'v-b']);
  });

  it('that goes on being written grants nothing after a while, and counts when it is done', async () => {
    folder.write('mail', userRole('v-a'));
    folder.open();
    const writer = setInterval(() => appendFileSync(folder.file('mail'), '# more\n'), 20);
    await within(1500, 'it grants nothing', () => folder.granted('mail')?.length === 0);
    clearInterval(writer);
    await within(1000, 'it counts again', () => folder.granted('mail')?.length === 1);
  });
});
