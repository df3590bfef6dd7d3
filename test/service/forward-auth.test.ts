/** `/v1/forward-auth`, where the proxy names the command by header. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpAnswer } from '../support/client.js';
import { askSocket } from '../support/gate.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';
import { within } from '../support/waiting.js';

const forwardedFor = '203.0.113.9';
let gated: GatedService;

beforeAll(async () => {
  gated = await startGatedService([forwardedFor]);
});

function ask(
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: string,
): Promise<HttpAnswer> {
  const own = {
    Authorization: `Bearer ${gated.alice.pair}`,
    'X-Hearthkey-Command': 'v-list-mail-domains',
    'X-Hearthkey-Arg1': 'alice',
    'X-Forwarded-For': forwardedFor,
  };
  return gated.service.request(method, '/v1/forward-auth', body, { headers: { ...own, ...headers } });
}

const reasonOf = ({ status, headers }: HttpAnswer): unknown[] => [status, headers['x-hearthkey-reason']];

describe('forward-auth', () => {
  it('answers 200 with who it is, and has recorded the decision before', async () => {
    const { status, body, headers } = await ask();
    expect([status, body]).toEqual([200, '']);
    expect(headers).toMatchObject({
      'x-hearthkey-user': 'alice',
      'x-hearthkey-access-key': gated.alice.id,
      'x-hearthkey-command': 'v-list-mail-domains',
      'x-hearthkey-root-user': 'no',
      'cache-control': 'no-store',
    });
    const events = await gated.service.events('--key', gated.alice.id, '--outcome', 'allow');
    expect(events.at(-1)).toMatchObject({ outcome: 'allow', clientAddress: forwardedFor, args: ['alice'] });
  });

  it.each([
    'X-Hearthkey-Arg14',
    'X-Hearthkey-Arg-1',
    'X-Hearthkey-Args',
    'X-Hearthkey_Arg2',
    'X-Hearthkey-Comand',
  ])('refuses %s, which would be passed over in silence', async (name) => {
    const { status, headers } = await ask({ [name]: 'alice' });
    expect([status, headers['x-hearthkey-reason']]).toEqual([403, 'command_malformed']);
  });

  it('passes over what it answers itself, which a proxy may send on', async () => {
    expect((await ask({ 'X-Hearthkey-User': 'admin', 'X-Hearthkey-Root-User': 'yes' })).status).toBe(200);
  });

  it('takes Basic as well as Bearer, in any case', async () => {
    const basic = `bAsIc ${Buffer.from(gated.alice.pair).toString('base64')}`;
    expect((await ask({ Authorization: basic })).status).toBe(200);
    expect((await ask({ Authorization: `bearer ${gated.alice.pair}` })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['another scheme', 'Digest x'],
    ['no colon', 'Bearer x'],
    ['too long a text', `Bearer ${'x'.repeat(20)}:${'y'.repeat(5000)}`],
    ['Basic that is no base64', 'Basic ????'],
    ['two in one', `Bearer ${'x'.repeat(20)}:${'y'.repeat(40)}, Bearer a:b`],
  ])('is 401 with %s for credentials', async (_what, Authorization) => {
    const answer = await ask({ Authorization });
    expect(reasonOf(answer)).toEqual([401, 'credentials_refused']);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Hearthkey"');
  });

  it('does not tell an unknown key from a wrong secret, nor repeat a secret', async () => {
    const answers: HttpAnswer[] = [];
    for (const pair of [`${gated.alice.id}:${'x'.repeat(40)}`, `${'x'.repeat(20)}:${gated.alice.secret}`]) {
      answers.push(await ask({ Authorization: `Bearer ${pair}` }));
    }
    const [one, other] = answers.map(({ status, body, headers }) => {
      return { status, body, headers: { ...headers, date: undefined } };
    });
    expect(one).toEqual(other);
    expect(one?.body).not.toContain(gated.alice.secret);
  });

  it('takes the last of two credentials for none, so that nobody checks one and believes the other', async () => {
    const { host } = new URL(gated.service.url);
    const lines = [
      'GET /v1/forward-auth HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${gated.alice.pair}`,
      'Authorization: Bearer x:y',
      'X-Hearthkey-Command: v-list-mail-domains',
      'X-Hearthkey-Arg1: alice',
      `X-Forwarded-For: ${forwardedFor}`,
      'Connection: close',
    ];
    expect(await sendRaw(`${lines.join('\r\n')}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is 403 for what the key may not do, with the reason', async () => {
    expect(reasonOf(await ask({ 'X-Hearthkey-Arg1': 'bob' }))).toEqual([403, 'user_argument_mismatch']);
    expect(reasonOf(await ask({ 'X-Hearthkey-Command': '' }))).toEqual([403, 'command_missing']);
    expect(reasonOf(await ask({ 'X-Hearthkey-Command': 'v-a, v-b' }))).toEqual([403, 'command_malformed']);
    expect(reasonOf(await ask({ 'X-Hearthkey-Command': 'v-list-users' }))).toEqual([
      403,
      'permission_missing',
    ]);
    expect(reasonOf(await ask({ 'X-Hearthkey-Arg2': '\xe9' }))).toEqual([403, 'command_malformed']);
    const { status, body, headers } = await ask({ 'X-Hearthkey-Arg1': 'bob' });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ status, code: 10, reason: 'user_argument_mismatch' });
  });

  it('holds a key to its user also where an argument was left out', async () => {
    const moved = { 'X-Hearthkey-Arg1': 'alice', 'X-Hearthkey-Arg3': 'json' };
    expect((await ask(moved)).status).toBe(200);
    const answer = await gated.service.request('GET', '/v1/forward-auth', undefined, {
      forwardedFor,
      headers: {
        Authorization: `Bearer ${gated.alice.pair}`,
        'X-Hearthkey-Command': 'v-list-mail-domains',
        'X-Hearthkey-Arg2': 'alice',
        'X-Hearthkey-Arg3': 'json',
      },
    });
    expect(reasonOf(answer)).toEqual([403, 'user_argument_mismatch']);
  });

  it('knows no client where the proxy names none', async () => {
    await gated.service.ok('v-add-sys-api-ip', '127.0.0.1');
    for (const value of ['', 'unknown', '203.0.113.9:80', '203.0.113.9, x']) {
      expect(reasonOf(await ask({ 'X-Forwarded-For': value }))).toEqual([403, 'address_not_allowed']);
    }
  });

  it('has an answer for every method, type and length', async () => {
    for (const method of METHODS.filter((name) => name !== 'CONNECT')) {
      expect([method, (await ask({}, method)).status]).toEqual([method, 200]);
    }
    for (const type of ['application/json', 'text/plain', 'x', '']) {
      expect((await ask({ 'Content-Type': type }, 'POST', '{')).status).toBe(200);
    }
    expect((await ask({}, 'POST', 'x'.repeat(3_000_000))).status).toBe(200);
  });

  it('has one for every path behind its own, as Envoy asks', async () => {
    for (const path of ['%zz', 'mail/%ff', 'x'.repeat(5000), '/', ';', '?x=%zz', '..%2f']) {
      for (const method of ['GET', 'POST', 'PROPFIND']) {
        const answer = await gated.service.request(method, `/v1/forward-auth/${path}`, undefined, {
          forwardedFor,
        });
        expect([path, ...reasonOf(answer)]).toEqual([path, 403, 'command_missing']);
      }
    }
  });

  it('answers at the gate socket', async () => {
    const headers = {
      Authorization: `Bearer ${gated.alice.pair}`,
      'X-Hearthkey-Command': 'v-list-mail-domains',
      'X-Hearthkey-Arg1': 'alice',
    };
    const asked = (more: Record<string, string>) =>
      askSocket(gated.gateSocket, 'GET', '/v1/forward-auth', undefined, { ...headers, ...more });
    expect((await asked({ 'X-Forwarded-For': forwardedFor })).status).toBe(200);
    expect((await asked({})).status).toBe(403);
  });

  it('is 403 and soon over while nothing can be recorded', async () => {
    const own = await startGatedService([forwardedFor]);
    rmSync(join(own.service.dataDir, 'audit'), { recursive: true });
    const headers = {
      Authorization: `Bearer ${own.alice.pair}`,
      'X-Hearthkey-Command': 'v-list-mail-domains',
      'X-Hearthkey-Arg1': 'alice',
    };
    await within(5000, 'it is noticed', async () => {
      const answer = await own.service.request('GET', '/v1/forward-auth', undefined, {
        forwardedFor,
        headers,
      });
      return answer.status === 403;
    });
    const answer = await own.service.request('GET', '/v1/forward-auth', undefined, { forwardedFor, headers });
    expect(reasonOf(answer)).toEqual([403, 'audit_unavailable']);
    expect(answer.headers['retry-after']).toBe('1');
  });
});

function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gated.service.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.write(text);
  });
}
