/** `/v1/forward-auth` answers from the head alone: proxies hand on the length of a body that they don't send. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { METHODS } from 'node:http';
import { connect, type NetConnectOpts } from 'node:net';
import { startGatedService, type GatedService } from '../support/gated-service.js';
import { within } from '../support/waiting.js';

const client = '203.0.113.9';
let gated: GatedService;

beforeAll(async () => {
  gated = await startGatedService([client]);
});

const places = {
  'over TCP': () => ({ host: '127.0.0.1', port: Number(new URL(gated.service.url).port) }),
  'at the gate socket': () => ({ path: gated.gateSocket }),
};

function head(method: string, body: string): string {
  const own = `Authorization: Bearer ${gated.alice.pair}\r\nX-Hearthkey-Command: v-list-mail-domains\r\nX-Hearthkey-Arg1: alice`;
  return `${method} /v1/forward-auth HTTP/1.1\r\nHost: x\r\n${own}\r\nX-Forwarded-For: ${client}\r\n${body}\r\n`;
}

/** All that comes until the service closes the connection. */
async function ask(place: NetConnectOpts, sent: string): Promise<string> {
  const socket = connect(place);
  let answer = '';
  let hasEnded = false;
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('end', () => (hasEnded = true)).on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(sent);
  await within(20_000, 'the service answers and closes the connection', () => hasEnded);
  socket.destroy();
  return answer;
}

describe.each(Object.entries(places))('a question %s', (_place, place) => {
  const methods = METHODS.filter((method) => method !== 'CONNECT'); // which is no request to a server of ours

  it.each(methods)(
    'by %s with the length of a body that never comes is answered, and the connection ends',
    async (method) => {
      for (const body of ['Content-Length: 77\r\n', 'Transfer-Encoding: chunked\r\n']) {
        const answer = await ask(place(), head(method, body));
        expect(answer).toMatch(/^HTTP\/1\.1 200 /);
        expect(answer).toMatch(/^connection: close\r$/im);
      }
    },
  );

  it('takes nothing that comes behind it for another question', async () => {
    const answer = await ask(place(), `${head('GET', 'Content-Length: 77\r\n')}${head('GET', '')}`);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('goes on with the connection where no body is announced', async () => {
    const last = head('GET', 'Connection: close\r\n');
    const answer = await ask(place(), `${head('GET', '')}${head('POST', 'Content-Length: 0\r\n')}${last}`);
    expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
  });

  it('is denied from the head too', async () => {
    const denied = head('GET', 'Content-Length: 77\r\n').replace('Arg1: alice', 'Arg1: bob');
    expect(await ask(place(), denied)).toMatch(/^HTTP\/1\.1 403 [\s\S]*user_argument_mismatch/);
  });
});

describe('JSON questions', () => {
  const json = (path: string, body: string) =>
    gated.service.request('POST', path, body, { headers: { 'Content-Type': 'application/json' } });

  it.each(['/v1/authorize', '/access/v1/evaluation', '/access/v1/evaluations'])(
    'at %s that are too deep or too long are 400, and cost no parsing',
    async (path) => {
      for (const body of [
        '['.repeat(200_000),
        `{"context":${'{"a":'.repeat(9)}1${'}'.repeat(10)}`,
        `{"args":[${'1,'.repeat(30_000)}1]}`,
      ])
        expect([path, (await json(path, body)).status]).toEqual([path, 400]);
    },
  );

  it('have room for a hundred questions with a hundred arguments each', async () => {
    const one = {
      resource: {
        type: 'command',
        id: 'v-list-mail-domains',
        properties: { args: Array<string>(100).fill('a') },
      },
    };
    const subject = { type: 'access_key', id: gated.alice.id, properties: { secretAccessKey: 'x' } };
    const body = JSON.stringify({ subject, action: { name: 'run' }, evaluations: Array(100).fill(one) });
    expect((await json('/access/v1/evaluations', body)).status).toBe(200);
  });
});
