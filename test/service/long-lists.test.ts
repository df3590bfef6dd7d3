/** Lists that are too long for one text. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
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

  const ask = (version: string, padding: string): Socket => {
    const fields = { hash: root.pair, cmd: 'v-list-access-keys', arg1: 'alice', arg2: 'json', padding };
    const body = new URLSearchParams(fields).toString();
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    const type = 'Content-Type: application/x-www-form-urlencoded';
    const length = `Content-Length: ${String(body.length)}`;
    socket.write(`POST /api/ HTTP/${version}\r\nHost: panel\r\n${type}\r\n${length}\r\n\r\n${body}`);
    return socket;
  };
  const paths = [
    ['fast', ''],
    ['standard', 'x'.repeat(100_000)],
  ] as const;

  it.each(paths)('harms nobody where the client hangs up (%s path)', async (_, padding) => {
    const logged = service.log.length;
    for (let count = 0; count < 5; count++) {
      const socket = ask('1.1', padding);
      await once(socket, 'data');
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect(await service.api({ hash: root.pair, cmd: 'v-list-access-keys', arg1: 'bob' })).toBeDefined();
    expect(service.log.slice(logged)).not.toContain('a request could not be answered');
  });

  it.each(paths)(
    'that breaks off is not taken for whole by a client of HTTP/1.0 (%s path)',
    async (_, padding) => {
      const db = service.part<Database>(DATABASE);
      const change = (expiresAtMs: number | null): Promise<unknown> =>
        db
          .updateTable('access_keys')
          .set({ expires_at_ms: expiresAtMs })
          .where('id', '=', expected.at(-1) ?? '')
          .execute();
      await change(Number.MAX_SAFE_INTEGER); // no time can be that
      const logged = service.log.length;
      const socket = ask('1.0', padding);
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(idsOf(text)).not.toContain(expected.at(-1));
      expect(service.log.slice(logged)).toContain('a request could not be answered');
      await change(null);
    },
  );
});
