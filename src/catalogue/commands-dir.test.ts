import { beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { Catalogue } from './catalogue.js';
import { describeCommand } from './command-spec.js';
import { CommandsDir } from './commands-dir.js';

let directory: string;
let nowMs: number;
let commands: CommandsDir;

function write(name: string, head: string, mode = 0o755): void {
  writeFileSync(join(directory, name), `#!/bin/bash\n${head}\nexit 0\n`);
  chmodSync(join(directory, name), mode);
}

beforeEach(() => {
  directory = join(temporaryFolder(), 'bin');
  mkdirSync(directory);
  nowMs = 0;
  commands = new CommandsDir(directory, () => nowMs);
});

const names = (): string[] => commands.list().map(({ name }) => name);

describe('a command of the directory', () => {
  it('tells what it does and what it takes in its head', () => {
    write('v-add-x', '# info: add an x\n# options: USER DOMAIN [RESTART]\n#\n# example: v-add-x alice');
    expect(commands.find('v-add-x')).toEqual(describeCommand('v-add-x', 'add an x', 'USER DOMAIN [RESTART]'));
    expect(commands.executable('v-add-x')).toBe(join(directory, 'v-add-x'));
  });

  it('takes nothing where it says NONE, or nothing', () => {
    write('v-a', '# options: NONE');
    write('v-b', 'echo "# no options: USER"');
    for (const name of ['v-a', 'v-b']) expect(commands.find(name)).toMatchObject({ info: '', options: '' });
  });

  it('is one that may be executed, and a file', () => {
    write('v-a', '', 0o644);
    mkdirSync(join(directory, 'v-folder'));
    symlinkSync('nowhere', join(directory, 'v-link'));
    expect(names()).toEqual([]);
  });

  it('that can not be looked at is none, and keeps no other from being found', () => {
    write('v-b', '# options: DOMAIN');
    symlinkSync('v-a-loop', join(directory, 'v-a-loop'));
    symlinkSync('x'.repeat(300), join(directory, 'v-c-long'));
    expect(names()).toEqual(['v-b']);
    rmSync(join(directory, 'v-b'));
    symlinkSync('v-b', join(directory, 'v-b'));
    write('v-z', '# options: USER');
    nowMs += 1000;
    expect(names()).toEqual(['v-z']);
  });

  it('is gone with the directory, and back with it', () => {
    write('v-a', '# options: DOMAIN');
    expect(names()).toEqual(['v-a']);
    renameSync(directory, `${directory}.away`);
    nowMs += 1000;
    expect(names()).toEqual([]);
    renameSync(`${directory}.away`, directory);
    nowMs += 1000;
    expect(names()).toEqual(['v-a']);
  });

  it.each(['list-users', 'v-a.sh', 'v-a~', '.v-a', 'README'])('is not called %s', (name) => {
    write(name, '');
    expect(names()).toEqual([]);
    expect(commands.find(name)).toBeUndefined();
  });

  it('is never reached by a path', () => {
    writeFileSync(join(directory, '../v-outside'), '#!/bin/sh\n');
    chmodSync(join(directory, '../v-outside'), 0o755);
    expect(commands.find('../v-outside')).toBeUndefined();
  });

  it('that is added, changed or removed counts within a second', () => {
    write('v-a', '# options: DOMAIN');
    expect(names()).toEqual(['v-a']);
    write('v-b', '');
    write('v-a', '# options: USER DOMAIN');
    nowMs += 1000;
    expect(names().sort()).toEqual(['v-a', 'v-b']);
    expect(commands.find('v-a')?.userPositions).toEqual([1]);
    rmSync(join(directory, 'v-a'));
    nowMs += 1000;
    expect(commands.find('v-a')).toBeUndefined();
  });

  it('that may not be executed any more is none', () => {
    write('v-a', '');
    expect(names()).toEqual(['v-a']);
    chmodSync(join(directory, 'v-a'), 0o644);
    nowMs += 1000;
    expect(names()).toEqual([]);
  });
});

describe('the catalogue', () => {
  const known = new Map([
    ['v-a', describeCommand('v-a', 'known', 'USER')],
    ['v-known', describeCommand('v-known', 'known', '')],
  ]);

  it('believes a built-in command first, then the directory, then what is known', () => {
    write('v-a', '# info: of the directory');
    write('v-b', '# info: of the directory');
    const catalogue = new Catalogue(known, commands);
    catalogue.addBuiltIn(describeCommand('v-b', 'built in', ''));
    expect(catalogue.list().map(({ name, info }) => `${name}: ${info}`)).toEqual([
      'v-a: of the directory',
      'v-b: built in',
      'v-known: known',
    ]);
    for (const spec of catalogue.list()) expect(catalogue.find(spec.name)).toEqual(spec);
    expect(catalogue.find('v-nothing')).toBeUndefined();
  });
});
