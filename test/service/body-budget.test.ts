/** Bodies that nobody has vouched for yet take up a bounded amount of memory, over all connections together. */
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { httpTimeouts } from '../../src/config/http-limits.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { patienceMs, within } from '../support/waiting.js';

const form = 'application/x-www-form-urlencoded';
const COMMANDS_DIR = commandsDirectory({ 'v-list-sys-services': { script: 'echo "{}"' } });
let service: TestService;
let key: Key;
let stalled: Socket[] = [];

beforeAll(async () => {
  // On a busy machine bodies take their time, and those that end early use nothing up.
  const patient = { ...httpTimeouts, headMs: patienceMs, requestMs: patienceMs };
  service = await TestService.startOpen([], { COMMANDS_DIR }, { httpTimeouts: patient });
  key = await service.makeKey('admin', '');
});

afterEach(() => {
  for (const socket of stalled) socket.destroy();
  stalled = [];
});

/** Requests that send almost all of a body and then nothing any more, large ones and small ones, until there is no room. */
function useUp(): void {
  const { hostname, port } = new URL(service.url);
  const sizes = [...Array<number>(40).fill(2_000_000), ...Array<number>(150).fill(40_000)];
  for (const size of sizes) {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /api/ HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nContent-Length: ${String(size)}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(size - 1, 'x'));
    });
    stalled.push(socket.on('error', () => undefined).resume());
  }
}

async function expectUsedUp(): Promise<void> {
  await within(20_000, 'bodies are refused', async () => (await overRest(longJson)).status === 503);
}

const fields = () => new URLSearchParams({ hash: key.pair, cmd: 'v-list-sys-services' }).toString();
const large = (): Promise<HttpAnswer> => service.post(`${fields()}&other=${'x'.repeat(1_990_000)}`, form);

function overRest(body: string): Promise<HttpAnswer> {
  const headers = { Authorization: `Bearer ${key.pair}`, 'Content-Type': 'application/json' };
  return service.request('POST', '/api/accounts', body, { headers });
}

const longJson = `{"other":"${'x'.repeat(60_000)}"}`;

it('above the budget another one is refused: 503, code 14, and the end of the connection', async () => {
  useUp();
  await expectUsedUp();
  const answer = await large();
  expect(answer).toMatchObject({
    status: 503,
    code: 14,
    body: '14 Error: The server is too busy, try again',
  });
  expect(answer.headers.connection).toBe('close');
  const rest = await overRest(longJson);
  expect(rest).toMatchObject({ status: 503, headers: { connection: 'close', 'retry-after': '1' } });
  expect(JSON.parse(rest.body)).toEqual({
    error: 'unavailable',
    message: 'The server is too busy, try again',
    code: 14,
  });
});

it('requests of a usual size are served meanwhile, and large ones when there is room again', async () => {
  useUp();
  await expectUsedUp();
  expect(await service.post(fields(), form)).toMatchObject({ status: 200, code: 0 });
  expect((await overRest('{}')).status).toBe(400);
  for (const socket of stalled) socket.destroy();
  await within(20_000, 'a large body is served', async () => (await large()).status === 200);
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, large));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }
  expect(service.log).toBe('');
});

it('a body in chunks of one byte is refused long before 2 MiB: each is work', async () => {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  stalled.push(socket);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
  socket.write('POST /api/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  let sent = 0;
  // No more than the service has read by then: what lies unread as it closes the connection would cost us the answer.
  for (; answer === '' && !socket.closed && sent < 300_000; sent += 5000) {
    socket.write('1\r\nx\r\n'.repeat(5000));
    await service.request('GET', '/livez', undefined);
  }
  await within(20_000, 'it is answered or closed', () => answer !== '' || socket.closed);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

it('where nothing takes a body none is kept that would count', async () => {
  const headers = { 'Content-Type': 'application/json' };
  for (const path of ['/nothing', '/livez']) {
    const answer = await service.request('POST', path, JSON.stringify('x'.repeat(20_000)), { headers });
    expect(answer.status).toBe(413);
  }
});
