/** A password that is handed over in a file of `v-make-tmp-file`, as Hestia's clients do. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let folder: string;
let key: Key;

beforeAll(async () => {
  folder = join(temporaryFolder(), 'tmp');
  mkdirSync(folder);
  service = await TestService.startOpen(['alice'], { TMP_DIR: folder });
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  key = await service.makeKey('admin', '');
});

const make = (content: string, name: string, by = key) =>
  service.call(by, 'v-make-tmp-file', [content, name]);
const change = (password: string, by = key) =>
  service.call(by, 'v-change-user-password', ['admin', password]);
const isPassword = async (password: string): Promise<boolean> => {
  const answer = await service.api({ user: 'admin', password, cmd: 'v-list-users', returncode: 'yes' });
  return answer.body === '0';
};

describe('a password in a file of v-make-tmp-file', () => {
  it('is the first line of the file, as it is, and the file is gone', async () => {
    for (const [name, path] of [
      ['by-path', '/tmp/by-path'],
      ['by-own-path', join(folder, 'by-own-path')],
    ] as const) {
      const password = `Strong-pass-${name}`;
      expect((await make(password, name)).code).toBe(0);
      expect((await change(path)).code).toBe(0);
      expect(await isPassword(password)).toBe(true);
      expect(await isPassword(path)).toBe(false);
      expect(existsSync(join(folder, name))).toBe(false);
    }
  });

  it('is cut at the line end alone', async () => {
    await service.ok('v-make-tmp-file', `it's  "%41" \\ #1=\r\nsecond line`, 'lines');
    await service.ok('v-change-user-password', 'admin', '/tmp/lines');
    expect(await isPassword(`it's  "%41" \\ #1=`)).toBe(true);
    await service.ok('v-make-tmp-file', 'x', 'no-password');
    expect((await service.run('v-change-user-password', 'admin', '/tmp/no-password')).code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is for a new user, too', async () => {
    await make('Strong-pass-9', 'new-user');
    const added = await service.call(key, 'v-add-user', ['erin', '/tmp/new-user', 'erin@example.com']);
    expect(added.code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['/tmp/none', '/tmp/../etc/hostname', '/etc/hostname', '/tmp/', '/root/x', '/tmp/a/b'])(
    'is not the path %s',
    async (path) => {
      await service.ok('v-change-user-password', 'admin', 'correct-horse-1');
      expect(await change(path)).toMatchObject({ status: 422, code: 2 });
      expect(await isPassword('correct-horse-1')).toBe(true);
      expect((await service.call(key, 'v-add-user', ['frank', path, 'frank@example.com'])).code).toBe(2);
      expect((await service.run('v-list-user', 'frank')).code).toBe(3);
    },
  );

  it('may begin with a slash when it is no path', async () => {
    await service.ok('v-change-user-password', 'admin', '/x8-Kq/z3.tmp');
    expect(await isPassword('/x8-Kq/z3.tmp')).toBe(true);
  });

  it('comes from no file that v-make-tmp-file did not make, and through no link', async () => {
    writeFileSync(join(folder, 'foreign'), 'Strong-pass-9\n', { mode: 0o600 });
    await make('Strong-pass-9', 'target');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    for (const name of ['foreign', 'link']) expect((await change(`/tmp/${name}`)).code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['foreign', 'link', 'target']);
  });

  it('comes from no file that another key made', async () => {
    const billing = await service.makeKey('admin', 'billing');
    const both = 'v-make-tmp-file';
    await service.ok('v-add-api', 'handing-over', 'user', `${both},v-change-user-password`, both);
    const alice = await service.makeKey('alice', 'handing-over');
    await make('Strong-pass-9', 'roots', key);
    await make('Chosen-by-alice-1', 'alices', alice);
    await make('Chosen-by-billing-1', 'billings', billing);
    const asAlice = (path: string) => service.call(alice, 'v-change-user-password', ['alice', path]);
    expect((await asAlice('/tmp/roots')).code).toBe(2);
    expect((await asAlice('/tmp/billings')).code).toBe(2);
    expect((await change('/tmp/alices')).code).toBe(2);
    expect((await change('/tmp/billings')).code).toBe(2);
    expect((await asAlice('/tmp/alices')).code).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('s'))).toEqual(['billings', 'roots']);
  });

  it('is in no event and no log', async () => {
    await make('Very-secret-pass-9', 'silent');
    await change('/tmp/silent');
    expect(JSON.stringify(await service.events()) + service.log).not.toContain('Very-secret-pass-9');
  });
});
