/** Lists that are too long for one text. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { commandsDirectory } from '../support/folders.js';
import { auditRecordFile } from '../../src/audit/record/record-files.js';
import { Person } from '../support/person.js';
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
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `Z${String(index).padStart(19, '0')}`;
    // Behind those that decide how wide the columns are.
    const isLast = index === count - 1;
    const comment = isLast ? 'a comment that is much longer than the others' : `number ${String(index)}`;
    return { ...row, id, comment };
  });
  for (let first = 0; first < count; first += 500)
    await db
      .insertInto('access_keys')
      .values(rows.slice(first, first + 500))
      .execute();
});

const port = (): number => Number(new URL(service.url).port);

/**
 * The answer up to where the connection ends, and how it ended. It is read a byte at a time: where Node.js finds data
 * and a reset at once, and has room for more than the data, it takes the reset for an orderly end.
 */
async function answerTo(request: string): Promise<{ text: string; error: string | undefined }> {
  const bytes: number[] = [];
  const buffer = Buffer.alloc(1);
  const callback = (): boolean => bytes.push(buffer[0] ?? 0) > 0;
  const socket = connect({ port: port(), host: '127.0.0.1', onread: { buffer, callback } });
  socket.write(request);
  const error = await once(socket, 'end').then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  return { text: Buffer.from(bytes).toString(), error };
}

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

  const ask = (version: string, padding: string): string => {
    const fields = { hash: root.pair, cmd: 'v-list-access-keys', arg1: 'alice', arg2: 'json', padding };
    const body = new URLSearchParams(fields).toString();
    const type = 'Content-Type: application/x-www-form-urlencoded';
    const length = `Content-Length: ${String(body.length)}`;
    return `POST /api/ HTTP/${version}\r\nHost: panel\r\n${type}\r\n${length}\r\n\r\n${body}`;
  };
  const paths = [
    ['fast', ''],
    ['standard', 'x'.repeat(100_000)],
  ] as const;

  it.each(paths)('harms nobody where the client hangs up (%s path)', async (_, padding) => {
    const logged = service.log.length;
    for (let count = 0; count < 5; count++) {
      const socket = connect(port(), '127.0.0.1');
      socket.write(ask('1.1', padding));
      await once(socket, 'data');
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect(await service.api({ hash: root.pair, cmd: 'v-list-access-keys', arg1: 'bob' })).toBeDefined();
    expect(service.log.slice(logged)).not.toContain('a request could not be answered');
  });

  it.each(paths)('is sent whole, with its length, to a client of HTTP/1.0 (%s path)', async (_, padding) => {
    const { text, error } = await answerTo(ask('1.0', padding));
    const [head = '', body = ''] = text.split('\r\n\r\n', 2);
    expect(error).toBeUndefined();
    expect(head).toMatch(new RegExp(`^content-length: ${String(Buffer.byteLength(body))}$`, 'im'));
    expect(Object.keys(JSON.parse(body) as object)).toHaveLength(count + 1);
  });

  describe('that breaks off', () => {
    const change = (expiresAtMs: number | null): Promise<unknown> =>
      service
        .part<Database>(DATABASE)
        .updateTable('access_keys')
        .set({ expires_at_ms: expiresAtMs })
        .where('id', '=', expected.at(-1) ?? '')
        .execute();

    beforeAll(() => change(Number.MAX_SAFE_INTEGER)); // no time can be that
    afterAll(() => change(null));

    it.each(paths)('ends with a reset of the connection (%s path)', async (_, padding) => {
      const logged = service.log.length;
      const { text, error } = await answerTo(ask('1.1', padding));
      expect(error).toBe('ECONNRESET');
      expect(idsOf(text)).not.toContain(expected.at(-1));
      expect(service.log.slice(logged)).toContain('a request could not be answered');
    });

    it.each(paths)(
      'is an error to a client of HTTP/1.0, and no part of it is sent (%s path)',
      async (_, padding) => {
        const logged = service.log.length;
        const { text } = await answerTo(ask('1.0', padding));
        expect(text).toMatch(/^HTTP\/1\.1 500 /);
        expect(idsOf(text)).toEqual([]);
        expect(service.log.slice(logged)).toContain('a request could not be answered');
      },
    );

    const download = (version: string, cookie: string): string =>
      `GET /console/keys.csv?user=alice&sort=createdAt HTTP/${version}\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`;

    it('is not taken for a whole CSV file of the console either', async () => {
      const { cookie } = await new Person(service).logInByLink('admin');
      const chunked = await answerTo(download('1.1', cookie));
      expect(chunked.text).toMatch(/^HTTP\/1\.1 200 /);
      expect(chunked.error).toBe('ECONNRESET');
      const whole = await answerTo(download('1.0', cookie));
      expect(whole.text).toMatch(/^HTTP\/1\.1 500 /);
      expect(idsOf(whole.text)).toEqual([]);
    });
  });
});

/** A line of the record is no event any more, behind many that are: the newest are read first. */
async function spoilRecord(): Promise<void> {
  for (let asked = 0; asked < 50; asked++) await service.api({ hash: root.pair, cmd: 'v-list-sys-config' });
  const record = auditRecordFile(service.dataDir);
  const [line = ''] = readFileSync(record, 'utf8').split('\n', 1);
  const file = openSync(record, 'r+');
  writeSync(file, 'null'.padEnd(Buffer.byteLength(line)), 0);
  closeSync(file);
}

it.each(['text/csv', 'application/x-ndjson'])(
  'a stream of events (%s) that breaks off ends with a reset',
  async (type) => {
    await spoilRecord();
    const logged = service.log.length;
    const head = `Host: panel\r\nAuthorization: Bearer ${root.pair}\r\nAccept: ${type}`;
    const { text, error } = await answerTo(`GET /v1/audit-events HTTP/1.0\r\n${head}\r\n\r\n`);
    expect(error).toBe('ECONNRESET');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(service.log.slice(logged)).toContain('a list of events could not be sent');
  },
);

it('a CSV file of the record, from the console, that breaks off ends with a reset', async () => {
  await spoilRecord();
  const { cookie } = await new Person(service).logInByLink('admin');
  const head = `Host: 127.0.0.1\r\nCookie: ${cookie}`;
  const { text, error } = await answerTo(`GET /console/record.csv?reads=1 HTTP/1.1\r\n${head}\r\n\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(error).toBe('ECONNRESET');
});
