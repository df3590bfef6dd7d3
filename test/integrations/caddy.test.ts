/** The lines of docs/integrations/caddy.md in a real Caddy, with the route table of docs/integrations/forward-auth.md. */
import { beforeAll, expect, it } from '@jest/globals';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCaddy } from '../support/caddy.js';
import { Client, type CallOptions, type HttpAnswer, type Key } from '../support/client.js';
import { readBlocks, replaceAll } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { startUpstream, type Received } from '../support/gate.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';

const from = '127.0.0.5';

describeWith('caddy')('Caddy with forward_auth', () => {
  const routesFile = join(temporaryFolder(), 'routes');
  const [table = ''] = readBlocks('docs/integrations/forward-auth.md', '');
  let gated: GatedService;
  let front: Client;
  let received: Received[];

  beforeAll(async () => {
    writeFileSync(routesFile, table);
    gated = await startGatedService([from], { GATE_ROUTES: routesFile });
    const upstream = await startUpstream();
    received = upstream.received;
    const [sites = ''] = readBlocks('docs/integrations/caddy.md', 'caddyfile');
    const parts = {
      'forward_auth 127.0.0.1:8183': `forward_auth ${new URL(gated.service.url).host}`,
      'reverse_proxy 127.0.0.1:8080': `reverse_proxy 127.0.0.1:${String(upstream.port)}`,
    };
    const port = await startCaddy(replaceAll(sites, parts), 'panel.example.com');
    front = new Client(`http://127.0.0.1:${String(port)}`, gated.service.socketPath);
  });

  function call(
    method: string,
    path: string,
    key: Key | undefined,
    options: CallOptions & { body?: string } = {},
  ) {
    const authorization = key === undefined ? {} : { Authorization: `Bearer ${key.pair}` };
    const headers = { ...authorization, ...options.headers };
    return front.request(method, path, options.body, { from, ...options, headers });
  }

  /** With a path that `URL` would tidy up. */
  function callAsIs(method: string, path: string): Promise<IncomingMessage> {
    const { port } = new URL(front.url);
    const headers = { Authorization: `Bearer ${gated.alice.pair}` };
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, localAddress: from });
      request.on('error', reject).on('response', (response) => resolve(response.resume()));
      request.end();
    });
  }

  const get = (path: string, options?: CallOptions): Promise<HttpAnswer> =>
    call('GET', path, gated.alice, options);

  it('lets an allowed request through, with who it is and without the secret', async () => {
    const answer = await get('/mail/alice?x=1');
    expect(answer.status).toBe(200);
    const { method, url, headers } = JSON.parse(answer.body) as Received;
    expect([method, url]).toEqual(['GET', '/mail/alice?x=1']);
    expect(headers).toMatchObject({
      'x-hearthkey-user': 'alice',
      'x-hearthkey-access-key': gated.alice.id,
      'x-hearthkey-command': 'v-list-mail-domains',
      'x-hearthkey-root-user': 'no',
    });
    expect(headers.authorization).toBeUndefined();
    const events = await gated.service.events('--key', gated.alice.id, '--outcome', 'allow');
    expect(events.at(-1)).toMatchObject({ clientAddress: from, args: ['alice'] });
  });

  it('lets a body through that the service never sees', async () => {
    const body = 'x'.repeat(300_000);
    const answer = await call('POST', '/mail/alice/example.com/suspend', gated.alice, { body });
    const reached = JSON.parse(answer.body) as Received;
    expect([reached.method, reached.body.length]).toEqual(['POST', 300_000]);
    expect(reached.headers['x-hearthkey-command']).toBe('v-suspend-mail-accounts');
  });

  it('takes away what a client calls itself', async () => {
    const lies = {
      'X-Hearthkey-User': 'admin',
      'x-hearthkey-root-user': 'yes',
      'X-Hearthkey-Command': 'v-list-mail-domains',
      'X-Hearthkey-Arg1': 'alice',
      'X-Hearthkey-Other': 'x',
      X_Hearthkey_User: 'admin',
    };
    const answer = await get('/mail/alice', { headers: lies });
    const { headers } = JSON.parse(answer.body) as Received;
    const names = Object.keys(headers).filter((name) => /hearthkey/i.test(name));
    const own = [
      'x-hearthkey-access-key',
      'x-hearthkey-command',
      'x-hearthkey-root-user',
      'x-hearthkey-user',
    ];
    expect(names.sort()).toEqual(own);
    expect(headers).toMatchObject({ 'x-hearthkey-user': 'alice', 'x-hearthkey-root-user': 'no' });
  });

  it('denies with 401 or 403, and nothing reaches the server behind it', async () => {
    const before = received.length;
    const wrong = { ...gated.alice, pair: `${gated.alice.id}:${'x'.repeat(40)}` };
    for (const key of [undefined, wrong]) {
      const { status, headers } = await call('GET', '/mail/alice', key);
      expect([status, headers['x-hearthkey-reason']]).toEqual([401, 'credentials_refused']);
    }
    const denied: [string, string, string][] = [
      ['GET', '/mail/bob', 'user_argument_mismatch'],
      ['GET', '/users', 'permission_missing'],
      ['DELETE', '/mail/alice', 'command_missing'],
      ['GET', '/mail/alice/../bob', 'command_missing'],
      ['GET', '/mail/alice%2F..%2Fbob', 'command_missing'],
      ['GET', '//mail/alice', 'command_missing'],
    ];
    for (const [method, path, reason] of denied) {
      const { statusCode, headers } = await callAsIs(method, path);
      expect([path, statusCode, headers['x-hearthkey-reason']]).toEqual([path, 403, reason]);
    }
    expect(received).toHaveLength(before);
  });

  it('does not let a client choose another command than its request stands for', async () => {
    const lies = {
      'X-Hearthkey-Command': 'v-list-mail-domains',
      'X-Hearthkey-Arg1': 'alice',
      'X-Forwarded-Uri': '/mail/alice',
      'X-Forwarded-Method': 'GET',
    };
    const path = '/mail/bob?command=v-list-mail-domains';
    const { status, headers } = await get(path, { headers: lies });
    expect([status, headers['x-hearthkey-reason']]).toEqual([403, 'user_argument_mismatch']);
  });

  it('denies another client, whatever it says of its address', async () => {
    const headers = { 'X-Real-IP': from, Forwarded: `for=${from}`, 'CF-Connecting-IP': from };
    for (const forwardedFor of [from, `${from}, 127.0.0.1`, '203.0.113.9']) {
      const answer = await get('/mail/alice', { from: '127.0.0.6', forwardedFor, headers });
      expect([answer.status, answer.headers['x-hearthkey-reason']]).toEqual([403, 'address_not_allowed']);
    }
    const events = await gated.service.events('--reason', 'address_not_allowed');
    const addresses = events.map((event) => event.clientAddress);
    expect(addresses).toContain('127.0.0.6');
    expect(addresses).not.toContain(from);
  });

  it('goes by the route table as it was edited, and denies everything where that is none', async () => {
    const edit = (text: string): void => {
      writeFileSync(`${routesFile}.new`, text);
      renameSync(`${routesFile}.new`, routesFile);
    };
    edit(`${table}GET /news/{user} v-list-mail-domains {user}\n`);
    await within(5000, 'the new line counts', async () => (await get('/news/alice')).status === 200);
    edit('GET /mail/{user}\n');
    await within(5000, 'nothing is let through', async () => (await get('/mail/alice')).status === 403);
    expect(gated.service.log).toContain('is no route table: line 1: expected a command');
    edit(table);
    await within(5000, 'the old lines count again', async () => (await get('/mail/alice')).status === 200);
  });

  it('lets nothing through without the service behind it', async () => {
    await gated.service.close();
    const before = received.length;
    expect((await get('/mail/alice')).status).toBe(502);
    expect(received).toHaveLength(before);
  });
});
