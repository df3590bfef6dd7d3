/** `/v1/authorize`, who may ask it, and the gate socket. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Client, type CallOptions, type Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { askSocket, postJson, type JsonAnswer } from '../support/gate.js';
import { runProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

const gateSocket = join(temporaryFolder(), 'gate.sock');
const client = '203.0.113.9';
const addressesHere = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
const hasIpv6 = addressesHere.some(({ address }) => address === '::1');
let service: TestService;
let ipv4: Client;
let alice: Key;
let root: Key;

beforeAll(async () => {
  service = await TestService.start({
    LISTEN: hasIpv6 ? '[::]:0' : '0.0.0.0:0',
    GATE_SOCKET: gateSocket,
    TRUSTED_PROXIES: '127.0.0.2, 198.51.100.7',
  });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', client);
  await service.addUser('alice');
  ipv4 = new Client(`http://127.0.0.1:${new URL(service.url).port}`, service.socketPath);
  alice = await service.makeKey('alice', 'mail-accounts');
  root = await service.makeKey('admin', '');
});

const question = (key: Key, more: object = {}): Record<string, unknown> => ({
  accessKeyId: key.id,
  secretAccessKey: key.secret,
  command: 'v-list-mail-domains',
  args: ['alice'],
  clientIp: client,
  ...more,
});

const ask = (body: unknown, options?: CallOptions): Promise<JsonAnswer> =>
  postJson(ipv4, '/v1/authorize', body, options);

describe('POST /v1/authorize', () => {
  it('answers with the decision, and has recorded it before', async () => {
    const { status, json, headers } = await ask(question(alice));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json).toEqual({
      allowed: true,
      code: 0,
      reason: 'allowed',
      user: 'alice',
      isRootUser: false,
      permissions: ['mail-accounts'],
      userArgPosition: 1,
      userArgPositions: [1],
    });
    const events = await service.events('--key', alice.id, '--outcome', 'allow');
    expect(events.at(-1)).toMatchObject({
      type: 'decision',
      outcome: 'allow',
      command: 'v-list-mail-domains',
      args: ['alice'],
      clientAddress: client,
    });
  });

  it('tells a gateway the exact reason of a denial, and the user once the secret was right', async () => {
    const wrong = { ...alice, secret: root.secret };
    const unknown = { ...alice, id: 'x'.repeat(20) };
    const asked: [object, object][] = [
      [question(wrong), { code: 9, reason: 'secret_mismatch' }],
      [question(unknown), { code: 9, reason: 'key_unknown' }],
      [question({ ...alice, id: 'short' }), { code: 9, reason: 'credentials_malformed' }],
      [question(alice, { args: ['bob'] }), { code: 10, reason: 'user_argument_mismatch', user: 'alice' }],
      [question(alice, { args: [] }), { code: 10, reason: 'user_argument_mismatch', user: 'alice' }],
      [
        question(alice, { command: 'v-delete-user' }),
        { code: 10, reason: 'permission_missing', user: 'alice' },
      ],
      [question(alice, { command: '' }), { code: 2, reason: 'command_missing' }],
      [question(alice, { command: '../x' }), { code: 2, reason: 'command_malformed' }],
      [question(alice, { args: ['alice\0'] }), { code: 2, reason: 'command_malformed' }],
      [question(alice, { clientIp: '192.0.2.1' }), { code: 10, reason: 'address_not_allowed' }],
      [question(alice, { clientIp: '203.0.113.9:80' }), { code: 9, reason: 'address_malformed' }],
      [question(alice, { clientIp: '' }), { code: 9, reason: 'address_malformed' }],
    ];
    for (const [body, denial] of asked) {
      expect(await ask(body)).toMatchObject({ status: 200 });
      expect((await ask(body)).json).toEqual({ allowed: false, ...denial });
    }
  });

  it('compares no arguments that it was not told, and says where the user has to stand', async () => {
    const untold = question(alice, { args: undefined });
    expect((await ask(untold)).json).toMatchObject({ allowed: true, user: 'alice', userArgPositions: [1] });
    expect((await ask(question(root, { args: [] }))).json).toMatchObject({
      ...{ allowed: true, user: 'admin', isRootUser: true, userArgPosition: 0, userArgPositions: [] },
    });
  });

  it('takes the gateway for the client where it names none', async () => {
    const own = question(alice, { clientIp: undefined });
    expect((await ask(own)).json).toMatchObject({ reason: 'address_not_allowed' });
    await service.ok('v-add-sys-api-ip', '127.0.0.6');
    expect((await ask(own, { from: '127.0.0.6' })).json).toMatchObject({ allowed: true });
    const events = await service.events('--key', alice.id, '--outcome', 'allow');
    expect(events.at(-1)?.clientAddress).toBe('127.0.0.6');
  });

  it('knows mapped and other spellings of the client', async () => {
    const spelling = { clientIp: '::ffff:203.0.113.9' };
    expect((await ask(question(alice, spelling))).json).toMatchObject({ allowed: true });
  });

  it('says in one shape what is wrong with a question, and repeats nothing of it', async () => {
    const bodies: [unknown, number][] = [
      ['{', 400],
      ['[]', 400],
      ['null', 400],
      ['"SECRET"', 400],
      ['', 400],
      [{}, 400],
      [question(alice, { clientIP: client }), 400],
      [question(alice, { command: 5 }), 400],
      [question(alice, { args: 'alice' }), 400],
      [question(alice, { args: [1] }), 400],
      [question(alice, { args: Array(101).fill('') }), 400],
      [question(alice, { secretAccessKey: 'SECRET'.repeat(50) }), 400],
      [`{"__proto__": {"command": "v-x"}, "accessKeyId": "SECRET"}`, 400],
      [question(alice, { args: Array(20).fill('x'.repeat(20_000)) }), 413],
    ];
    for (const [body, status] of bodies) {
      const answer = await ask(body);
      expect(answer).toMatchObject({ status, json: { status, title: expect.any(String) } });
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(JSON.stringify(answer.json)).not.toMatch(/SECRET|v-x/);
      expect(JSON.stringify(answer.json)).not.toContain(alice.secret);
    }
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(await ask('command=v-x', { headers: form })).toMatchObject({ status: 415 });
    expect((await service.request('GET', '/v1/authorize', undefined)).status).toBe(404);
  });
});

describe('who may ask', () => {
  const forwarded = { detail: expect.stringContaining('HEARTHKEY_TRUSTED_PROXIES'), status: 403 };

  it('is a gateway of this machine, over IPv4 and, where there is one, IPv6', async () => {
    const port = new URL(service.url).port;
    for (const host of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])]) {
      const answer = await fetch(`http://${host}:${port}/v1/authorize`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(question(alice)),
      });
      expect(await answer.json()).toMatchObject({ allowed: true });
    }
  });

  it('is nobody who comes in by another address, as far as this machine has one', async () => {
    for (const { address } of addressesHere.filter(
      ({ internal, family }) => !internal && family === 'IPv4',
    )) {
      const outside = new Client(`http://${address}:${new URL(service.url).port}`, service.socketPath);
      for (const path of [
        '/v1/authorize',
        '/access/v1/evaluation',
        '/v1/forward-auth',
        '/v1/forward-auth/x',
      ]) {
        for (const forwardedFor of ['127.0.0.1', '127.0.0.2', undefined]) {
          const options = forwardedFor === undefined ? {} : { forwardedFor };
          const answer = await postJson(outside, path, question(alice), options);
          expect([path, answer]).toMatchObject([path, { status: 403, json: forwarded }]);
        }
      }
    }
  });

  it.each(['203.0.113.9', '127.0.0.1, 203.0.113.9', 'unknown', ''])(
    'is not who was forwarded (%p), also with a right secret',
    async (forwardedFor) => {
      for (const path of ['/v1/authorize', '/access/v1/evaluation', '/access/v1/evaluations']) {
        const answer = await postJson(service, path, question(alice), { forwardedFor });
        expect(answer).toMatchObject({ status: 403, json: forwarded });
      }
    },
  );

  it('is a gateway that another gateway forwards', async () => {
    const answer = await ask(question(alice), { forwardedFor: '198.51.100.7', from: '127.0.0.2' });
    expect(answer.json).toMatchObject({ allowed: true });
  });
});

describe('the gate socket', () => {
  it('is open to its owner and group alone', () => {
    expect(lstatSync(gateSocket).mode & 0o777).toBe(0o660);
  });

  it('decides', async () => {
    const { status, body } = await askSocket(gateSocket, 'POST', '/v1/authorize', question(alice));
    expect([status, JSON.parse(body)]).toMatchObject([200, { allowed: true }]);
    const own = question(alice, { clientIp: undefined });
    const nobody = await askSocket(gateSocket, 'POST', '/v1/authorize', own);
    expect(JSON.parse(nobody.body)).toMatchObject({ reason: 'address_not_allowed' });
  });

  it('does nothing else', async () => {
    for (const path of ['/api/', '/livez', '/readyz', '/']) {
      for (const method of ['GET', 'POST']) {
        const { status, body } = await askSocket(gateSocket, method, path);
        expect([status, JSON.parse(body)]).toMatchObject([404, { status: 404, title: 'Not Found' }]);
      }
    }
  });

  it('is put in the place of one that was left behind, and gone after a stop', async () => {
    const left = join(temporaryFolder(), 'gate.sock');
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    await runProcess(process.execPath, ['-e', script, left]);
    expect(existsSync(left)).toBe(true);
    const another = await TestService.start({ GATE_SOCKET: left });
    expect((await askSocket(left, 'GET', '/')).status).toBe(404);
    await another.close();
    expect(existsSync(left)).toBe(false);
  });

  it('that is in use, or is no socket, or has too long a path, stops the start', async () => {
    const path = join(temporaryFolder(), 'gate.sock');
    const other = createServer().listen(path);
    await once(other, 'listening');
    const start = (socket: string) => TestService.start({ GATE_SOCKET: socket });
    await expect(start(path)).rejects.toThrow(`HEARTHKEY_GATE_SOCKET: ${path} is in use by another process`);
    expect(existsSync(path)).toBe(true);
    other.close();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'kept');
    await expect(start(file)).rejects.toThrow(`HEARTHKEY_GATE_SOCKET: ${file} exists and is no socket`);
    expect(existsSync(file)).toBe(true);
    await expect(start(`/tmp/${'x'.repeat(103)}`)).rejects.toThrow('is longer than 107 bytes');
    await expect(start('/nonexistent/gate.sock')).rejects.toThrow(
      'HEARTHKEY_GATE_SOCKET: there is no folder /nonexistent',
    );
  });
});
