/** Lists that are too long for one text. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Database } from '../../src/storage/database.js';
import type { Key } from '../support/client.js';

const count = 3000;
let service: TestService;
let root: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commandsDirectory({}) });
  root = await service.makeKey('admin', '');
  const made = await service.makeKey('alice', 'mail-accounts', 'short');
  const db = service.part<Database>(DATABASE);
  const row = await db
    .selectFrom('access_keys')
    .selectAll()
    .where('id', '=', made.id)
    .executeTakeFirstOrThrow();
  for (let index = 0; index < count; index++) {
    const id = `Z${String(index).padStart(19, '0')}`;
    // Behind those that decide how wide the columns are.
    const comment =
      index === count - 1 ? 'a comment that is much longer than the others' : `number ${String(index)}`;
    await db
      .insertInto('access_keys')
      .values({ ...row, id, comment })
      .execute();
  }
});

const idsOf = (text: string): string[] => text.match(/\bZ\d{19}\b/g) ?? [];
const expected = Array.from({ length: count }, (_, index) => `Z${String(index).padStart(19, '0')}`);

describe('a list of very many keys', () => {
  it('has each of them once, in every format of the command line', async () => {
    expect(idsOf(await service.ok('v-list-access-keys', '', 'plain'))).toEqual(expected);
    const table = await service.ok('v-list-access-keys', 'alice');
    expect(idsOf(table)).toEqual(expected);
    const [heads, , ...lines] = table.trimEnd().split('\n');
    // The ID of the key that was made first is a random one, and stands anywhere.
    const rows = lines.filter((line) => line.startsWith('Z0'));
    expect(heads).toMatch(/^ID +USER +PERMISSIONS +COMMENT +TIME +DATE$/);
    const place = heads?.indexOf('TIME') ?? 0;
    for (const line of rows.slice(0, -1))
      expect(line.slice(place - 2, place + 8)).toMatch(/^ {2}\d\d:\d\d:\d\d$/);
    expect(rows.at(-1)).toContain('than the others  ');
    const json = JSON.parse(await service.ok('v-list-access-keys', '', 'json')) as Record<string, object>;
    expect(Object.keys(json)).toHaveLength(count + 2);
    expect(json[expected[7] ?? '']).toMatchObject({ USER: 'alice', COMMENT: 'number 7' });
  });

  it.each([
    ['json', 'application/json; charset=utf-8'],
    ['plain', 'text/plain; charset=utf-8'],
  ])('comes over the API in parts (%s), on the fast path and on the standard one', async (format, type) => {
    for (const padding of ['', 'x'.repeat(100_000)]) {
      const fields = { hash: root.pair, cmd: 'v-list-access-keys', arg1: 'alice', arg2: format, padding };
      const response = await fetch(`${service.url}/api/`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      expect([response.status, response.headers.get('hestia-exit-code')]).toEqual([200, '0']);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('transfer-encoding')).toBe('chunked');
      const text = await response.text();
      expect(text).toBe(text.trim());
      if (format === 'json') expect(Object.keys(JSON.parse(text) as object)).toHaveLength(count + 1);
      else expect(idsOf(text)).toEqual(expected);
    }
  });

  it('is one number where only the code is wanted', async () => {
    const answer = await service.api({ hash: root.pair, returncode: 'yes', cmd: 'v-list-access-keys' });
    expect([answer.status, answer.body]).toEqual([200, '0']);
  });
});
