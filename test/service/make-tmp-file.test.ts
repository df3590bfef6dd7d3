import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const scripts = { 'v-list-file': { options: 'FILE', script: 'cat "$1" && stat -c "%U %a" "$1"' } };
let service: TestService;
let key: Key;
let folder: string;

beforeAll(async () => {
  folder = join(temporaryFolder(), 'tmp');
  mkdirSync(folder);
  const settings = { TMP_DIR: folder, COMMANDS_DIR: commandsDirectory(scripts) };
  service = await TestService.startOpen(['alice'], settings);
  key = await service.makeKey('admin', '');
});

const make = (...args: string[]) => service.call(key, 'v-make-tmp-file', args);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('v-make-tmp-file', () => {
  it('makes a file of the content and a line end, for the service alone', async () => {
    expect(await make('www A 203.0.113.9\nmail A 203.0.113.10', 'zone')).toMatchObject({
      status: 204,
      code: 0,
      body: '',
    });
    expect(read('zone')).toBe('www A 203.0.113.9\nmail A 203.0.113.10\n');
    expect((statSync(join(folder, 'zone')).mode & 0o7777).toString(8)).toBe('600');
  });

  it('keeps what a shell, a form or JSON would take for something else', async () => {
    const content = `a "b" 'c' \\d $(id) \`id\` %41 + & = <e> Öztürk 😀 \t {"f": 1}`;
    await make(content, 'odd');
    expect(read('odd')).toBe(`${content}\n`);
  });

  it('makes an empty one of no content, and a large one of much', async () => {
    expect((await make('', 'empty')).code).toBe(0);
    expect(read('empty')).toBe('\n');
    const large = 'x'.repeat(1_500_000);
    expect((await make(large, 'large')).code).toBe(0);
    expect(read('large')).toHaveLength(large.length + 1);
  });

  it('takes /tmp/NAME for NAME in its own directory, and finds it by that path', async () => {
    expect((await make('records', '/tmp/vst-sync.example.com')).code).toBe(0);
    expect(read('vst-sync.example.com')).toBe('records\n');
    const seen = await service.call(key, 'v-list-file', ['/tmp/vst-sync.example.com']);
    expect(seen).toMatchObject({ code: 0, body: `records\n${userInfo().username} 600` });
    expect((await make('records', join(folder, 'by-its-path'))).code).toBe(0);
    expect(read('by-its-path')).toBe('records\n');
  });

  it('takes the names that zones have', async () => {
    const long = `vst-sync.${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`;
    for (const name of [long, 'vst-sync.müller.example', 'vst-sync.xn--mller-kva.example', 'ümlaut', 'a..b'])
      expect((await make('x', `/tmp/${name}`)).code).toBe(0);
  });

  it('ignores arguments that come after the name', async () => {
    expect((await make('records', '/tmp/eight', '', '', '', '', '', '')).code).toBe(0);
    expect(read('eight')).toBe('records\n');
  });

  it('replaces a file of its own, also after a restart', async () => {
    const directory = temporaryFolder();
    const settings = { TMP_DIR: directory, DATA_DIR: join(temporaryFolder(), 'data') };
    let other = await TestService.startOpen([], settings);
    const own = await other.makeKey('admin', '');
    for (const content of ['first', 'second', 'third']) {
      expect((await other.call(own, 'v-make-tmp-file', [content, '/tmp/zone'])).code).toBe(0);
      expect(readFileSync(join(directory, 'zone'), 'utf8')).toBe(`${content}\n`);
    }
    await other.close();
    other = await TestService.start(settings);
    expect((await other.call(own, 'v-make-tmp-file', ['fourth', '/tmp/zone'])).code).toBe(0);
    expect(readFileSync(join(directory, 'zone'), 'utf8')).toBe('fourth\n');
    expect(readdirSync(directory)).toEqual(['zone']);
    await other.close();
  });

  it('never writes over what it did not make, nor into a folder', async () => {
    writeFileSync(join(folder, 'taken'), 'first\n', { mode: 0o640 });
    // One of its own that was replaced by somebody else is no longer its own.
    await make('mine', 'swapped');
    writeFileSync(join(folder, 'swapped.new'), 'mine\n', { mode: 0o600 });
    renameSync(join(folder, 'swapped.new'), join(folder, 'swapped'));
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const name of ['taken', 'swapped', 'folder', 'pipe']) {
      const answer = await make('second', name);
      expect(answer).toMatchObject({
        status: 422,
        code: 2,
        body: 'Error: there is something of that name already',
      });
    }
    expect(read('taken')).toBe('first\n');
    expect(read('swapped')).toBe('mine\n');
    expect((statSync(join(folder, 'taken')).mode & 0o7777).toString(8)).toBe('640');
  });

  it('of two clients at once makes the file of one, whole, and leaves nothing beside it', async () => {
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    const answers = await Promise.all(texts.map((text) => make(text, 'at-once')));
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(texts).toContain(read('at-once').trimEnd());
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('never writes through a link, to a file that is there or not', async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'there'), 'untouched');
    for (const name of ['there', 'new']) {
      symlinkSync(join(elsewhere, name), join(folder, `link-${name}`));
      expect(await make('x', `link-${name}`)).toMatchObject({ status: 422, code: 2 });
      expect(lstatSync(join(folder, `link-${name}`)).isSymbolicLink()).toBe(true);
    }
    expect(readdirSync(elsewhere)).toEqual(['there']);
    expect(readFileSync(join(elsewhere, 'there'), 'utf8')).toBe('untouched');
  });

  it.each([
    '../up',
    '/etc/hk-test',
    '/tmp/../etc/hk-test',
    '/tmp/a/b',
    '/tmp/',
    '/tmp',
    '/tmp/.hidden',
    '//tmp/a',
    '/tmp//a',
    '/var/tmp/a',
    'tmp/a',
    '/tmp/a\u202eb',
    'a/b',
    './a',
    '.',
    '..',
    '.hidden',
    'two words',
    'semi;colon',
    'new\nline',
    'back\\slash',
    '',
    'x'.repeat(256),
    'ü'.repeat(128),
  ])('refuses the name %j, and makes nothing', async (name) => {
    const before = readdirSync(folder);
    expect(await make('x', name)).toMatchObject({ status: 422, code: 2 });
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(join(folder, '..', 'up'))).toBe(false);
  });

  it('without a name is refused', async () => {
    expect(await make('x')).toMatchObject({ status: 400, code: 1 });
  });

  it("says so where it can't write, and leaves nothing", async () => {
    const gone = await TestService.startOpen([], { TMP_DIR: join(temporaryFolder(), 'missing') });
    const own = await gone.makeKey('admin', '');
    const answer = await gone.call(own, 'v-make-tmp-file', ['x', 'name']);
    expect(answer).toMatchObject({ status: 400, code: 13 });
    expect(answer.body).toBe('Error: the temporary file could not be written');
    await gone.close();
  });

  it("is not for users' keys, unless their API says that it is safe", async () => {
    await service.ok('v-add-api', 'files', 'user', 'v-make-tmp-file');
    const alice = await service.makeKey('alice', 'files');
    expect((await service.call(alice, 'v-make-tmp-file', ['x', 'alice.1'])).code).toBe(10);
    expect(existsSync(join(folder, 'alice.1'))).toBe(false);
  });

  it('keeps the files of two users and of two keys apart', async () => {
    const both = 'v-make-tmp-file,v-list-file';
    await service.ok('v-add-api', 'safe-files', 'user', both, both);
    const alice = await service.makeKey('alice', 'safe-files');
    const weak = await service.makeKey('admin', 'billing');
    await make("the root user's", 'kept-apart');
    for (const other of [alice, weak])
      expect((await service.call(other, 'v-make-tmp-file', ['x', '/tmp/kept-apart'])).code).toBe(2);
    const seen = await service.call(alice, 'v-list-file', ['/tmp/kept-apart']);
    expect(seen).toMatchObject({
      code: 10,
      body: 'Error: the file /tmp/kept-apart was made by another user',
    });
    expect(read('kept-apart')).toBe("the root user's\n");
    // A name that a weaker key took is no way to stop an unrestricted one.
    expect((await service.call(alice, 'v-make-tmp-file', ['x', 'squatted'])).code).toBe(0);
    expect((await make('y', 'squatted')).code).toBe(0);
    expect(read('squatted')).toBe('y\n');
  });

  it('makes nothing in read-only mode', async () => {
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    expect((await make('x', 'read-only')).code).toBe(1);
    expect(existsSync(join(folder, 'read-only'))).toBe(false);
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  });

  it('leaves its content in no event and no log', async () => {
    await make('content-that-is-secret', 'secret');
    expect(JSON.stringify(await service.events()) + service.log).not.toContain('content-that-is-secret');
  });

  // Only root can make a file somebody else's.
  (process.getuid?.() === 0 ? it : it.skip)(
    'gives the file to HEARTHKEY_COMMANDS_USER, who alone can read it',
    async () => {
      const tmp = join(temporaryFolder(), 'tmp');
      mkdirSync(tmp);
      chmodSync(join(tmp, '..'), 0o755);
      const other = await TestService.startOpen([], {
        TMP_DIR: tmp,
        COMMANDS_DIR: commandsDirectory(scripts),
        COMMANDS_USER: 'nobody',
      });
      const own = await other.makeKey('admin', '');
      expect((await other.call(own, 'v-make-tmp-file', ['handed over', 'zone'])).code).toBe(0);
      const seen = await other.call(own, 'v-list-file', [join(tmp, 'zone')]);
      expect(seen).toMatchObject({ code: 0, body: 'handed over\nnobody 600' });
      await other.close();
    },
  );
});
