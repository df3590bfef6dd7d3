/** Answers of Hestia's page that clients may rely on, beside those that the conformance cases have. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { CertificateAuthority } from '../support/certificates.js';
import type { Fields, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const form = 'application/x-www-form-urlencoded';
const scripts = {
  'v-list-text': { script: 'echo text' },
  'v-list-nothing': { script: 'exit 0' },
  'v-list-zero': { script: 'echo 0' },
  'v-list-mine': { options: '[FORMAT]', script: 'printf "[%s]" "$1"; [ "$1" = json ] || exit 5' },
};
const password = 'root-password-1';
let service: TestService;
let root: Key;
let legacyKey: string;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], {
    COMMANDS_DIR: commandsDirectory(scripts),
    FAILURE_LIMIT: '0',
  });
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-change-user-password', 'admin', password);
  root = await service.makeKey('admin', '');
  legacyKey = (await service.ok('v-generate-api-key')).trim();
});

const byKey = () => ({ access_key: root.id, secret_key: root.secret });
const byLegacyKey = () => ({ hash: legacyKey });
const byPassword = () => ({ user: 'admin', password });

describe('returncode=yes', () => {
  it('makes an unknown FORMAT of a listing one that says nothing, for only the code is sent', async () => {
    const listings: Fields[] = [
      { cmd: 'v-list-users', arg1: root.id },
      { cmd: 'v-list-user', arg1: 'alice', arg2: 'xml' },
      { cmd: 'v-list-apis', arg1: '.*' },
      { cmd: 'v-list-api', arg1: 'billing', arg2: 'csv' },
      { cmd: 'v-list-access-keys', arg1: '', arg2: 'xml' },
      { cmd: 'v-list-access-key', arg1: root.id, arg2: 'xml' },
      { cmd: 'v-list-sys-config', arg1: 'xml' },
      { cmd: 'v-list-sys-api-ips', arg1: 'xml' },
      { cmd: 'v-list-api-keys', arg1: 'xml' },
      { cmd: 'v-list-audit-events', arg1: 'xml' },
    ];
    for (const credentials of [byKey, byLegacyKey, byPassword]) {
      for (const listing of listings) {
        const asked = { ...credentials(), ...listing };
        expect([listing, (await service.api({ ...asked, returncode: 'yes' })).body]).toEqual([listing, '0']);
      }
    }
    const answer = await service.api({ ...byKey(), ...listings[0] });
    expect([answer.status, answer.code]).toEqual([422, 2]);
    const usual = new URLSearchParams({ ...byKey(), ...listings[0], returncode: 'yes' }).toString();
    const headers = { 'Content-Type': form };
    expect((await service.request('POST', '/api/?', usual, { headers })).body).toBe('0');
  });

  it('leaves every other mistake one, and changes nothing about a command that does something', async () => {
    const code = async (fields: Fields) =>
      (await service.api({ ...byKey(), ...fields, returncode: 'yes' })).body;
    expect(await code({ cmd: 'v-list-user', arg1: 'nobody', arg2: 'xml' })).toBe('3');
    const before = await service.ok('v-list-access-keys', '', 'plain');
    expect(await code({ cmd: 'v-add-access-key', arg1: 'admin', arg2: '', arg3: '', arg4: 'xml' })).toBe('2');
    expect(await service.ok('v-list-access-keys', '', 'plain')).toBe(before);
    // A command of the panel says itself what it makes of its FORMAT.
    expect(await code({ cmd: 'v-list-mine', arg1: 'xml' })).toBe('5');
  });

  it('is meant by that text and no other', async () => {
    for (const returncode of ['yes ', ' yes', 'yes\n', 'YES', 'Yes', '1', 'true', ''])
      expect((await service.api({ ...byKey(), cmd: 'v-list-text', returncode })).body).toBe('text');
  });

  it('gets a bare number where the legacy API is off: PHP 7 takes a text for 0', async () => {
    await service.ok('v-change-sys-config-value', 'API', 'no');
    const off = await service.api({ ...byLegacyKey(), cmd: 'v-list-text', returncode: 'yes' });
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    expect([off.status, off.code, off.body]).toEqual([400, 11, '11']);
  });
});

describe('a command', () => {
  it('that there is not ends with 127 for a legacy credential, as in a shell', async () => {
    for (const credentials of [byLegacyKey, byPassword]) {
      // One that nobody knows, one of the panel that is not here, and one of any length.
      for (const cmd of ['v-nosuch', 'v-list-web-domains', `v-${'a'.repeat(400)}`]) {
        const asked = { ...credentials(), cmd, arg1: 'alice' };
        expect((await service.api({ ...asked, returncode: 'yes' })).body).toBe('127');
        expect((await service.api(asked)).body).toMatch(/^Error/);
      }
    }
  });

  it('whose name is hundreds of characters long is one that there is not, on every way', async () => {
    for (const length of [99, 100, 101, 200, 201, 700, 5_000]) {
      const command = `v-${'a'.repeat(length)}`;
      const { status, code, body } = await service.api({ ...byKey(), cmd: command });
      expect([status, code, body]).toEqual([401, 10, `Error: Command ${command} not found`]);
      expect((await service.run('v-check-access-key', root.id, root.secret, command)).code).toBe(10);
      const headers = { 'Content-Type': 'application/json' };
      const question = { accessKeyId: root.id, secretAccessKey: root.secret, command };
      const decision = await service.request('POST', '/v1/authorize', JSON.stringify(question), { headers });
      expect(JSON.parse(decision.body)).toMatchObject({
        allowed: false,
        code: 10,
        reason: 'command_unknown',
      });
      const evaluation = {
        subject: { type: 'access_key', id: root.id, properties: { secretAccessKey: root.secret } },
        action: { name: 'run' },
        resource: { type: 'command', id: command },
      };
      const path = '/access/v1/evaluation';
      const evaluated = await service.request('POST', path, JSON.stringify(evaluation), { headers });
      expect(JSON.parse(evaluated.body)).toMatchObject({
        decision: false,
        context: { code: 10, reason: 'command_unknown' },
      });
      const forwarded = await service.request('GET', '/v1/forward-auth', undefined, {
        headers: {
          Authorization: `Bearer ${root.pair}`,
          'X-Forwarded-For': '127.0.0.1',
          'X-Hearthkey-Command': command,
        },
      });
      expect([forwarded.status, forwarded.headers['x-hearthkey-reason']]).toEqual([403, 'command_unknown']);
      expect((await service.run(command)).code).toBe(3);
    }
  });

  it('that prints 0 has printed nothing', async () => {
    const { status, code, body } = await service.api({ ...byKey(), cmd: 'v-list-zero' });
    expect([status, code, body]).toEqual([204, 0, '']);
    expect((await service.api({ ...byLegacyKey(), cmd: 'v-list-zero' })).body).toBe('0\n');
  });

  it('v-check-access-key with too few arguments fails with 9, as with wrong ones', async () => {
    for (const args of [[], [root.id], [root.id, root.secret]]) {
      const { code, stdout } = await service.run('v-check-access-key', ...args);
      expect([code, stdout]).toEqual([
        9,
        'Usage: v-check-access-key ACCESS_KEY_ID SECRET_ACCESS_KEY COMMAND [IP] [FORMAT]\n',
      ]);
      expect((await service.call(root, 'v-check-access-key', args)).status).toBe(401);
    }
  });
});

describe('a request', () => {
  it('may have slashes too many in its path', async () => {
    const body = new URLSearchParams({ ...byKey(), cmd: 'v-list-text' }).toString();
    for (const path of ['//api/', '//api', '///api//', '/api//index.php', '//api//index.php?x=1'])
      expect(await rawStatus(path, body)).toBe(200);
    for (const path of ['/v1//authorize', '//apix/', '/x//api/'])
      expect(await rawStatus(path, body)).toBe(404);
  });

  /** With a path that no client of ours would send. */
  async function rawStatus(path: string, body: string): Promise<number> {
    const { port } = new URL(service.url);
    const socket = connect(Number(port), '127.0.0.1');
    const answer = text(socket);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${form}\r\n` +
        `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
    return Number(/^HTTP\/1.1 (\d+)/.exec(await answer)?.[1]);
  }

  it('that names nobody is told where its fields are described', async () => {
    const { status, body } = await service.api({ cmd: 'v-list-text' });
    expect([status, body]).toEqual([
      405,
      'Error: data received is null or invalid, check https://hestiacp.com/docs/server-administration/rest-api.html',
    ]);
  });

  it('with a hash that is 0 is one with none', async () => {
    const fields = { hash: '0', cmd: 'v-list-text' };
    expect((await service.api({ ...fields, ...byPassword() })).body).toBe('text\n');
    expect((await service.api(fields)).code).toBe(10);
    expect((await service.api({ ...fields, user: 'admin', password: 'x' })).code).toBe(9);
  });

  it('for a user who is not the key’s is refused in Hestia’s words, backslashes and all', async () => {
    const alice = await service.makeKey('alice', 'mail-accounts');
    const { body } = await service.call(alice, 'v-list-mail-domains', ['admin']);
    expect(body).toBe(`Error: Key ${alice.id} - the "user" argument doesn\\'t match the key\\'s user`);
  });

  it('longer than 2 MiB is refused, also where a file is to be made of it', async () => {
    const { status } = await service.call(root, 'v-make-tmp-file', ['x'.repeat(2_097_152), 'long']);
    expect(status).toBe(413);
  });
});

describe('HTTP/1.0', () => {
  const request = (cmd: string, connection = '') => {
    const body = new URLSearchParams({ ...byKey(), cmd }).toString();
    const length = `Content-Length: ${String(body.length)}\r\n`;
    return `POST /api/ HTTP/1.0\r\nContent-Type: ${form}\r\n${connection}${length}\r\n${body}`;
  };

  it.each(['v-list-text', 'v-list-nothing'])(
    'gets one answer to %s, and the connection ends',
    async (cmd) => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      const answer = text(socket);
      socket.write(request(cmd));
      const [head = '', body] = (await answer).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 20[04] [^]*Connection: close/i);
      expect(head).not.toMatch(/transfer-encoding/i);
      expect(body).toBe(cmd === 'v-list-text' ? 'text' : '');
    },
  );

  it('may keep its connection where it asks for that, as far as an answer can say where it ends', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    let answers = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answers += chunk));
    const ended = once(socket, 'close');
    const kept = 'Connection: keep-alive\r\n';
    for (const count of [1, 2, 3]) {
      socket.write(request('v-list-text', kept));
      await within(60_000, 'an answer', () => answers.split('\r\n\r\ntext').length - 1 === count);
    }
    expect(answers).not.toMatch(/connection: close/i);
    socket.write(request('v-list-text'));
    await ended;
    expect(answers.split('\r\n\r\ntext')).toHaveLength(5);
  });

  it('is let in over TLS where a client names nothing else', async () => {
    const authority = new CertificateAuthority();
    const { certFile, keyFile } = authority.issue('the service');
    const secure = await TestService.start({ TLS_CERT: certFile, TLS_KEY: keyFile });
    for (const protocols of [['http/1.0'], ['http/1.1'], ['h2', 'http/1.0'], undefined]) {
      const socket = connectTls({
        port: Number(new URL(secure.url).port),
        host: '127.0.0.1',
        ca: authority.ca,
        ...(protocols && { ALPNProtocols: protocols }),
      });
      await once(socket, 'secureConnect');
      expect(socket.alpnProtocol).toBe(protocols?.at(-1) ?? false);
      const answer = text(socket);
      socket.write('POST /api/ HTTP/1.0\r\nContent-Length: 0\r\n\r\n');
      expect(await answer).toMatch(/^HTTP\/1.1 405/);
    }
  });
});

describe('a listing of nothing', () => {
  it('is its head alone, or an empty object, or nothing', async () => {
    const folder = join(service.dataDir, 'api');
    rmSync(folder, { recursive: true, force: true });
    await within(60_000, 'no API is known', async () => (await service.ok('v-list-apis', 'json')) === '{}\n');
    expect(await service.ok('v-list-apis')).toBe('API  ROLE  COMMANDS\n---  ----  --------\n');
    expect(await service.ok('v-list-apis', 'plain')).toBe('');
    expect((await service.call(root, 'v-list-apis', ['plain'])).status).toBe(204);
    const empty = await TestService.start();
    expect(await empty.ok('v-list-access-keys')).toBe(
      'ID  USER    PERMISSIONS  COMMENT      TIME     DATE\n--  ------  ----         -----------  -------  ----  ----\n',
    );
    expect(await empty.ok('v-list-access-keys', '', 'json')).toBe('{}\n');
    expect(await empty.ok('v-list-access-keys', '', 'plain')).toBe('');
    expect(await empty.ok('v-list-api-keys', 'json')).toBe('{}\n');
    expect(await empty.ok('v-list-api-keys')).toBe('ID  TIME  DATE\n--  ----  ----\n');
    expect(await empty.ok('v-list-sys-api-ips', 'json')).toBe('[]\n');
    expect(await empty.ok('v-list-sys-api-ips', 'plain')).toBe('');
    expect(await empty.ok('v-list-sys-api-ips')).toBe('IP\n--\n');
    expect(await empty.ok('v-list-audit-events', 'json', '--user', 'nobody')).toBe('[]\n');
    expect(await empty.ok('v-list-audit-events', 'plain', '--user', 'nobody')).toBe('');
  });
});
