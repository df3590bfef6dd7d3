/** The fast path of /v1/authorize answers as the standard path does, to the byte, for every question. */
import { beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const command = 'v-list-mail-domains';
let service: TestService;
let alice: Key;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({ [command]: { options: 'USER', script: 'echo ran' } });
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR, FAILURE_LIMIT: '0' });
  alice = await service.makeKey('alice', 'mail-accounts');
});

/** What is plain is asked by this type alone; with parameters it takes the standard path. */
const types = { short: 'application/json', usual: 'application/json; charset=utf-8' };

async function ask(body: string, type: string): Promise<Partial<HttpAnswer>> {
  const headers = { 'Content-Type': type };
  const answer = await service.request('POST', '/v1/authorize', body, { headers });
  return { status: answer.status, body: answer.body, headers: { ...answer.headers, date: 'some time' } };
}

async function expectSame(body: string): Promise<Partial<HttpAnswer>> {
  const usual = await ask(body, types.usual);
  expect(await ask(body, types.short)).toEqual(usual);
  return usual;
}

const question = (): Record<string, unknown> => ({
  accessKeyId: alice.id,
  secretAccessKey: alice.secret,
  command,
  args: ['alice'],
  clientIp: '127.0.0.1',
});

it('allows and denies alike', async () => {
  expect(await expectSame(JSON.stringify(question()))).toMatchObject({ status: 200 });
  for (const [change, reason] of [
    [{ args: ['bob'] }, 'user_argument_mismatch'],
    [{ args: undefined }, 'allowed'],
    [{ command: 'v-add-user' }, 'permission_missing'],
    [{ secretAccessKey: 'wrong' }, 'secret_mismatch'],
    [{ accessKeyId: 'x' }, 'credentials_malformed'],
    [{ clientIp: 'nowhere' }, 'address_malformed'],
    [{ clientIp: '203.0.113.9' }, 'address_not_allowed'],
    [{ args: ['alice\0'] }, 'command_malformed'],
    [{ clientIp: undefined }, 'allowed'],
  ] as const) {
    const answer = await expectSame(JSON.stringify({ ...question(), ...change }));
    expect(answer).toMatchObject({ status: 200 });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ reason });
  }
});

it('answers alike to the byte', async () => {
  const { port } = new URL(service.url);
  const askRaw = async (type: string): Promise<string> => {
    const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
    await once(socket, 'connect');
    const body = JSON.stringify(question());
    const fields = `Host: x\r\nContent-Type: ${type}\r\nContent-Length: ${String(body.length)}\r\n`;
    socket.write(`POST /v1/authorize HTTP/1.1\r\n${fields}\r\n${body}`);
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    return answer.replace(/Date: [^\r]*/, 'Date: some time');
  };
  const usual = await askRaw(types.usual);
  expect(usual).toMatch(/"reason":"allowed"/);
  expect(await askRaw(types.short)).toBe(usual);
});

it('refuses what is no question alike, and goes on', async () => {
  const odd = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{}',
    '1',
    '\uFEFF{}',
    `{"__proto__":{}}`,
    '{"args":{"length":1}}',
  ];
  for (const body of odd) expect((await expectSame(body)).status).toBe(400);
  const changes = [
    { accessKeyId: 'x'.repeat(101) },
    { secretAccessKey: 7 },
    { command: null },
    { args: 'alice' },
    { args: [1] },
    { args: Array.from({ length: 101 }, () => 'x') },
    { clientIP: '127.0.0.1' },
    { prototype: { constructor: {} } },
  ];
  for (const change of changes) {
    expect((await expectSame(JSON.stringify({ ...question(), ...change }))).status).toBe(400);
  }
  expect((await expectSame(JSON.stringify(question()))).status).toBe(200);
});

it('does so for whatever is put into a question', async () => {
  const names = fc.constantFrom(
    'accessKeyId',
    'secretAccessKey',
    'command',
    'args',
    'clientIp',
    '__proto__',
    'x',
  );
  const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.string({ maxLength: 300 }), fc.array(fc.string()));
  const changes = fc.array(fc.tuple(names, fc.option(value, { nil: undefined })), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const body = Object.entries(question()).concat(changed);
      const members = body.flatMap(([name, content]) =>
        content === undefined ? [] : `${JSON.stringify(name)}:${JSON.stringify(content)}`,
      );
      await expectSame(`{${members.join(',')}}`);
    }),
    { numRuns: 150 },
  );
});

it('hears only gateways that ask for themselves', async () => {
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    const headers = { 'Content-Type': types.short, [name]: '203.0.113.9' };
    const { status } = await service.request('POST', '/v1/authorize', JSON.stringify(question()), {
      headers,
    });
    expect(status).toBe(403);
  }
});

it('is harmed by no caller who hangs up: within a body, or before the answer', async () => {
  // A key in its first use, so that argon2 is still running when nobody waits any more.
  const fresh = await service.makeKey('alice', 'mail-accounts');
  const body = JSON.stringify({ ...question(), accessKeyId: fresh.id, secretAccessKey: fresh.secret });
  const head = `POST /v1/authorize HTTP/1.1\r\nHost: x\r\nContent-Type: ${types.short}\r\nContent-Length: ${String(body.length)}\r\n\r\n`;
  for (const sent of [head, head + body.slice(0, 20), head + body, head + body + head]) {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(sent, () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  await expectSame(body);
  expect(await service.events('--key', fresh.id, '--outcome', 'allow')).not.toHaveLength(0);
});
