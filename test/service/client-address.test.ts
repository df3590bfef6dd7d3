/** The table of docs/client-address.md over real connections, as far as this machine has the addresses. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Key } from '../support/client.js';
import { documentedRows } from '../support/documented-addresses.js';
import { commandsDirectory, temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const gateSocket = join(temporaryFolder(), 'gate.sock');
const allowed = ['203.0.113.9', '2001:db9::1'];
let service: TestService;
let root: Key;

beforeAll(async () => {
  service = await TestService.start({
    COMMANDS_DIR: commandsDirectory({ 'v-list-something': { script: 'echo something' } }),
    GATE_SOCKET: gateSocket,
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32',
  });
  for (const address of allowed) await service.ok('v-add-sys-api-ip', address);
  root = await service.makeKey('admin', '');
});

describe('a call of the API', () => {
  it.each(documentedRows().filter(({ from }) => from.startsWith('127.')))(
    'from $from with $with is decided for $client',
    async ({ from, headers, client }) => {
      const byName: Record<string, string[]> = {};
      for (const [name, value] of headers) (byName[name] ??= []).push(value);
      const { 'X-Forwarded-For': forwardedFor, ...others } = byName;
      const single = Object.entries(others).map(([name, values]) => [name, values.join(', ')]);
      const isAllowed = allowed.includes(client);
      // Failed attempts on one key within a second are one event: each row has a key of its own.
      const key = isAllowed ? root : await service.makeKey('admin', '');
      const answer = await service.call(key, 'v-list-something', [], {
        from,
        headers: Object.fromEntries(single) as Record<string, string>,
        ...(forwardedFor === undefined ? {} : { forwardedFor }),
      });
      expect(answer.status).toBe(isAllowed ? 200 : 401);
      const events = await service.events('--key', key.id, '--type', 'decision');
      expect(events.at(-1)?.clientAddress ?? '').toBe(client);
    },
  );
});

describe('what a proxy adds behind very many fields of a client', () => {
  /** As long a head as there may be: Node.js would leave out what stands behind the first thousand fields. */
  const manyFields = 'd:\r\n'.repeat(3500);

  async function ask(to: NetConnectOpts, path: string, type: string, body: string): Promise<string> {
    const socket = connect(to);
    await once(socket, 'connect');
    const answer = text(socket.setEncoding('latin1'));
    const length = `Content-Type: ${type}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n`;
    const added = 'X-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n';
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${length}${manyFields}${added}\r\n${body}`);
    return answer;
  }
  const tcp = (): NetConnectOpts => ({ port: Number(new URL(service.url).port), host: '127.0.0.1' });

  it('is where a call of the API comes from', async () => {
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    const body = `access_key=${root.id}&secret_key=${root.secret}&cmd=v-list-something`;
    const answer = await ask(tcp(), '/api/', 'application/x-www-form-urlencoded', body);
    await service.ok('v-delete-sys-api-ip', '127.0.0.1');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    const events = await service.events('--key', root.id, '--type', 'decision');
    expect(events.at(-1)).toMatchObject({ outcome: 'deny', clientAddress: '198.51.100.7' });
  });

  it('makes nobody a gateway that asks for itself', async () => {
    const question = { accessKeyId: root.id, secretAccessKey: root.secret, command: 'v-list-something' };
    const body = JSON.stringify({ ...question, clientIp: '203.0.113.9' });
    expect(await ask(tcp(), '/v1/authorize', 'application/json', body)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('is the client of forward-auth, at the gate socket too', async () => {
    for (const to of [tcp(), { path: gateSocket }]) {
      const answer = await ask(to, '/v1/forward-auth', 'text/plain', '');
      expect(answer).toMatch(/^HTTP\/1\.1 40[13] /);
      expect((await service.events('--type', 'decision')).at(-1)?.clientAddress).toBe('198.51.100.7');
    }
  });
});
