import { beforeEach, describe, expect, it } from '@jest/globals';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import type { Authority } from '../keys/makers/authority.js';
import type { Caller } from './builtin-command.js';
import { TemporaryFiles } from './temporary-files.js';

let directory: string;
let notesDirectory: string;
let nowMs: number;
let files: TemporaryFiles;

beforeEach(() => {
  directory = temporaryFolder();
  notesDirectory = join(temporaryFolder(), 'notes');
  nowMs = 0;
  files = new TemporaryFiles({ directory, notesDirectory, owner: undefined, now: () => nowMs });
});

function keyOf(user: string, accessKeyId: string, mayEverything = false): Caller {
  const actor = { kind: 'access_key', accessKeyId, user } as const;
  const authority: Authority = mayEverything
    ? 'everything'
    : { user, isRootUser: user === 'admin', permissions: ['x'] };
  return { actor, client: { address: undefined, text: '' }, authority, isOperator: false };
}

const one = keyOf('alice', 'A');
const other = keyOf('alice', 'B');
const root = keyOf('admin', 'R', true);
const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

describe('a temporary file', () => {
  it('is replaced by the key that made it, by an unrestricted one, and by others of its user when it is old', async () => {
    await files.make('1', 'x', one);
    await files.make('2', 'x', one);
    await expect(files.make('3', 'x', other)).rejects.toMatchObject({ code: 2 });
    expect(read('x')).toBe('2\n');
    nowMs = 600_001;
    await files.make('4', 'x', other);
    await expect(files.make('5', 'x', keyOf('bob', 'C'))).rejects.toMatchObject({ code: 2 });
    await files.make('6', 'x', root);
    nowMs = 9_000_000;
    await expect(files.make('7', 'x', one)).rejects.toMatchObject({ code: 2 });
    expect(read('x')).toBe('6\n');
    expect(readdirSync(directory)).toEqual(['x']);
  });

  it('is no longer one when its content or its place was taken', async () => {
    for (const name of ['written', 'renamed']) await files.make('secret', name, one);
    writeFileSync(join(directory, 'written'), 'foreign');
    writeFileSync(join(directory, 'new'), 'secret\n');
    renameSync(join(directory, 'new'), join(directory, 'renamed'));
    for (const name of ['written', 'renamed']) {
      expect(await files.readSecret(`/tmp/${name}`, one, 'remove')).toBeUndefined();
      expect(await files.locate([`/tmp/${name}`], one)).toEqual([`/tmp/${name}`]);
      await expect(files.make('x', name, one)).rejects.toMatchObject({ code: 2 });
    }
  });

  it('stays one when somebody else made a link to it', async () => {
    await files.make('secret', 'x', one);
    linkSync(join(directory, 'x'), join(directory, 'link'));
    await files.make('next', 'x', one);
    expect(read('x')).toBe('next\n');
    expect(read('link')).toBe('secret\n');
  });

  it('is made under a name whose note was cut off', async () => {
    await files.make('1', 'x', one);
    rmSync(join(directory, 'x'));
    writeFileSync(join(notesDirectory, 'x'), '{"device":');
    await files.make('2', 'x', other);
    expect(await files.readSecret('/tmp/x', other, 'keep')).toBe('2');
  });

  it('is found under its true path in the arguments of a command, and no other text is changed', async () => {
    await files.make('1', 'x', one);
    const args = ['/tmp/x', join(directory, 'x'), 'x', ' /tmp/x', '/tmp/x/', '/tmp/y', ''];
    const path = join(directory, 'x');
    expect(await files.locate(args, one)).toEqual([path, path, ...args.slice(2)]);
    await expect(files.locate(args, keyOf('bob', 'C'))).rejects.toMatchObject({ code: 10 });
  });

  it('has a first line, which is read as it is', async () => {
    for (const [text, line] of [
      ['  two  words ', '  two  words '],
      ['first\r\nsecond', 'first'],
      ['', ''],
      ['\nsecond', ''],
    ] as const) {
      await files.make(text, 'x', one);
      expect(await files.readSecret('/tmp/x', one, 'remove')).toBe(line);
      expect(readdirSync(directory)).toEqual([]);
      expect(await files.readSecret('/tmp/x', one, 'remove')).toBeUndefined();
    }
  });

  it('leaves no note once a command took it away', async () => {
    for (let number = 0; number < 250; number++) {
      await files.make('x', `zone.${String(number)}`, one);
      rmSync(join(directory, `zone.${String(number)}`));
    }
    expect(readdirSync(notesDirectory).length).toBeLessThan(110);
  });
});
