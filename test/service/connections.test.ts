/** Connections: how long an unfinished request may take, and how many there may be. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { ConnectionCap, possibleConnections, readDescriptorLimit } from '../../src/network/connection-cap.js';
import { selfSigned } from '../support/certificates.js';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const httpTimeouts = { headMs: 400, requestMs: 400, handshakeMs: 400, checkMs: 50 };
const generousMs = 60_000;
let opened: Socket[] = [];

afterEach(() => {
  for (const socket of opened) socket.destroy();
  opened = [];
});

function portOf(service: TestService): number {
  return Number(new URL(service.url).port);
}

/** @returns whether the other end has closed it */
async function open(
  place: NetConnectOpts,
  sent: string,
): Promise<{ socket: Socket; hasEnded: () => boolean }> {
  const socket = connect(place);
  let hasEnded = false;
  opened.push(socket);
  socket
    .on('close', () => (hasEnded = true))
    .on('error', () => undefined)
    .resume();
  // A test that has enough of it may destroy it before it is connected.
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  if (sent !== '') socket.write(sent);
  return { socket, hasEnded: () => hasEnded };
}

const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
const unfinished: [string, string][] = [
  ['nothing', ''],
  ['a part of a head', 'POST /api/ HTTP/1.1\r\nHost: x\r\n'],
  ['a part of a short body', `POST /api/ HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 100\r\n\r\nhash=`],
  ['a part of a long body', `POST /api/ HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 100000\r\n\r\nhash=`],
  [
    'a part of a body in chunks',
    `POST /api/ HTTP/1.1\r\nHost: x\r\n${form}Transfer-Encoding: chunked\r\n\r\n5\r\nhash=\r\n`,
  ],
  [
    'a part of a body in the REST dialect',
    'POST /api/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  ],
  [
    'a part of a question',
    'POST /v1/authorize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  ],
];

describe.each([
  ['the fast path', 'info'],
  ['the standard path', 'debug'],
])('on %s', (_path, LOG_LEVEL) => {
  let service: TestService;
  let gateSocket: string;

  beforeAll(async () => {
    gateSocket = join(temporaryFolder(), 'gate.sock');
    service = await TestService.startOpen([], { LOG_LEVEL, GATE_SOCKET: gateSocket }, { httpTimeouts });
  });

  it.each(unfinished)('a client that sends %s and no more is ended', async (_what, sent) => {
    const { hasEnded } = await open({ host: '127.0.0.1', port: portOf(service) }, sent);
    await within(generousMs, 'it is ended', hasEnded);
  });

  it.each(unfinished)('a client that sends %s and the rest byte by byte is ended', async (_what, sent) => {
    const { socket, hasEnded } = await open({ host: '127.0.0.1', port: portOf(service) }, sent);
    const byte = sent === '' || !sent.includes('\r\n\r\n') ? 'x' : ' ';
    const timer = setInterval(() => socket.write(byte), 20);
    await within(generousMs, 'it is ended', hasEnded).finally(() => clearInterval(timer));
  });

  it('so is one at the gate socket', async () => {
    const { hasEnded } = await open({ path: gateSocket }, 'POST /v1/authorize HTTP/1.1\r\n');
    await within(generousMs, 'it is ended', hasEnded);
  });
});

it('a client that does not agree on TLS is ended', async () => {
  const folder = temporaryFolder();
  const { cert, key } = selfSigned('DNS:localhost,IP:127.0.0.1');
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  const tls = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
  const service = await TestService.startOpen([], tls, { httpTimeouts });
  for (const sent of ['', '\x16\x03\x01']) {
    const { hasEnded } = await open({ host: '127.0.0.1', port: portOf(service) }, sent);
    await within(generousMs, 'it is ended', hasEnded);
  }
  const silent = connectTls({ host: '127.0.0.1', port: portOf(service), ca: cert });
  opened.push(silent);
  silent.on('error', () => undefined).resume();
  await once(silent, 'secureConnect');
  expect(service.part(ConnectionCap).count).toBeGreaterThan(0);
  await within(generousMs, 'it is ended, too', () => silent.destroyed);
  await within(generousMs, 'none is left', () => service.part(ConnectionCap).count === 0);
});

describe('too many connections', () => {
  const settings = { CONNECTIONS: '300', CONNECTIONS_PER_ADDRESS: '40', TRUSTED_PROXIES: '127.0.0.3' };
  let service: TestService;
  let key: Key;

  beforeAll(async () => {
    service = await TestService.startOpen([], settings);
    key = await service.makeKey('admin', '');
  });

  const begin = (localAddress: string, sent = 'POST /api/ HTTP/1.1\r\n') =>
    open({ host: '127.0.0.1', port: portOf(service), localAddress }, sent);
  const count = (): number => service.part(ConnectionCap).count;
  const ask = (from: string) => service.call(key, 'v-list-users', ['json'], { from });

  it('of one address are closed at once, and those before them go on', async () => {
    const held = await Promise.all(Array.from({ length: 40 }, () => begin('127.0.2.1')));
    const more = await Promise.all(Array.from({ length: 20 }, () => begin('127.0.2.1')));
    await within(generousMs, 'they are closed', () => more.every(({ hasEnded }) => hasEnded()));
    expect(held.some(({ hasEnded }) => hasEnded())).toBe(false);
    expect((await ask('127.0.2.2')).status).toBe(200);
    for (const { socket } of held) socket.destroy();
    await within(
      generousMs,
      'there is room again',
      async () => (await ask('127.0.2.1').catch(() => undefined))?.status === 200,
    );
  });

  it('of a trusted proxy are no such thing', async () => {
    const held = await Promise.all(Array.from({ length: 60 }, () => begin('127.0.0.3')));
    expect((await ask('127.0.0.3')).status).toBe(200);
    expect(held.some(({ hasEnded }) => hasEnded())).toBe(false);
  });

  it.each([
    [
      'from many addresses',
      (index: number) => `127.0.${String(20 + (index % 4))}.${String(1 + (index % 200))}`,
      '',
    ],
    [
      'that have had an answer',
      (index: number) => `127.0.30.${String(1 + (index % 15))}`,
      'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
  ])('in all %s end no connection of a client that goes on', async (_what, from, greeting) => {
    const kept = await begin('127.0.0.78', '');
    const askOnIt = async (): Promise<void> => {
      kept.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      await Promise.race([once(kept.socket, 'data'), once(kept.socket, 'close')]);
    };
    await askOnIt();
    const refusedBefore = service.part(ConnectionCap).refused.total;
    for (let index = 0; index < 1200; index++) {
      await begin(from(index), greeting === '' ? 'POST /api/ HTTP/1.1\r\n' : greeting);
      if (index % 100 === 0) await askOnIt();
    }
    await within(
      generousMs,
      'others had to go',
      () => service.part(ConnectionCap).refused.total > refusedBefore + 800,
    );
    expect(kept.hasEnded()).toBe(false);
  });

  it('in all, 10,000 of them from 250 addresses, shut out no client, and leave nothing', async () => {
    const refusedBefore = { ...service.part(ConnectionCap).refused };
    let left = 10_000;
    let most = 0;
    const flood = async (worker: number): Promise<void> => {
      while (left-- > 0) {
        await begin(`127.0.${String(10 + (left % 5))}.${String(1 + (Math.floor(left / 5) % 50))}`);
        most = Math.max(most, count());
        // Of each worker some stay open; the service ends the oldest.
        if (opened.length > 2_000) for (const socket of opened.splice(0, 500)) socket.destroy();
        if (worker === 0 && left % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const workers = Promise.all(Array.from({ length: 50 }, (_, worker) => flood(worker)));
    const over = new AbortController();
    void workers.finally(() => over.abort());
    const statuses = new Set<number>();
    let asked = 0;
    while (!over.signal.aborted) {
      statuses.add((await ask('127.0.0.77')).status);
      asked++;
    }
    await workers;
    expect(asked).toBeGreaterThan(0);
    expect([...statuses]).toEqual([200]);
    expect(most).toBeLessThanOrEqual(300);
    await within(
      generousMs,
      'connections made room for others',
      () => service.part(ConnectionCap).refused.total > refusedBefore.total,
    );
    for (const socket of opened) socket.destroy();
    await within(generousMs, 'nothing is left', () => count() === 0);
    expect((await ask('127.0.0.77')).status).toBe(200);
  });
});

it('the cap leaves the process descriptors for its files', () => {
  expect(readDescriptorLimit()).toBeGreaterThan(0);
  expect(possibleConnections(4096, 1024)).toBe(768);
  expect(possibleConnections(4096, 1_048_576)).toBe(4096);
  expect(possibleConnections(4096, undefined)).toBe(4096);
  expect(possibleConnections(4096, 100)).toBe(16);
});
