import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
  service = await TestService.startOpen(['alice'], { TMP_DIR: folder });
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

  it('never writes over a file, nor into a folder', async () => {
    await make('first', 'taken');
    chmodSync(join(folder, 'taken'), 0o640);
    mkdirSync(join(folder, 'folder'));
    for (const name of ['taken', 'folder']) {
      const answer = await make('second', name);
      expect(answer).toMatchObject({
        status: 422,
        code: 2,
        body: 'Error: there is something of that name already',
      });
    }
    expect(read('taken')).toBe('first\n');
    expect((statSync(join(folder, 'taken')).mode & 0o7777).toString(8)).toBe('640');
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
    'a/b',
    './a',
    '.',
    '..',
    '.hidden',
    'two words',
    'semi;colon',
    'new\nline',
    'back\\slash',
    'ümlaut',
    '',
    'x'.repeat(101),
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
