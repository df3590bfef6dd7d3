/** The lines of docs/integrations/nginx.md in a real nginx, between a client and a real server. */
import { beforeAll, expect, it } from '@jest/globals';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { Client, type CallOptions, type HttpAnswer, type Key } from '../support/client.js';
import { readBlocks, replaceAll } from '../support/documents.js';
import { postJson, startUpstream, type Received } from '../support/gate.js';
import { startGatedService, type GatedService } from '../support/gated-service.js';
import { startNginx } from '../support/nginx.js';
import { describeWith } from '../support/programs.js';

const from = '127.0.0.5';

describeWith('nginx')('nginx with auth_request', () => {
  let gated: GatedService;
  let front: Client;
  let received: Received[];

  beforeAll(async () => {
    gated = await startGatedService([from]);
    const upstream = await startUpstream();
    received = upstream.received;
    const [http = '', server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    const port = await startNginx(
      replaceAll(server, { 'http://127.0.0.1:8080': `http://127.0.0.1:${String(upstream.port)}` }),
      ['127.0.0.1'],
      replaceAll(http, { '/run/hearthkey/gate.sock': gated.gateSocket }),
    );
    front = new Client(`http://127.0.0.1:${String(port)}`, gated.service.socketPath);
  });

  function call(path: string, key: Key | undefined, options: CallOptions = {}): Promise<HttpAnswer> {
    const authorization = key === undefined ? {} : { Authorization: `Bearer ${key.pair}` };
    const headers = { ...authorization, ...options.headers };
    return front.request('GET', path, undefined, { from, ...options, headers });
  }

  it('lets an allowed request through, with who it is and without the secret', async () => {
    const answer = await call('/mail/alice?x=1', gated.alice);
    expect(answer.status).toBe(200);
    const { url, headers } = JSON.parse(answer.body) as Received;
    expect(url).toBe('/mail/alice?x=1');
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

  it('writes over what a client calls itself', async () => {
    const lies = {
      'X-Hearthkey-User': 'admin',
      'x-hearthkey-root-user': 'yes',
      'X-Hearthkey-Access-Key': 'x',
      'X-Hearthkey-Command': 'v-delete-user',
      'X-Hearthkey-Arg1': 'bob',
      X_Hearthkey_User: 'admin',
      'X-Forwarded-Method': 'DELETE',
      'X-Forwarded-Uri': '/mail/bob',
    };
    const { status, body } = await call('/mail/alice', gated.alice, { headers: lies });
    expect(status).toBe(200);
    const { headers } = JSON.parse(body) as Received;
    expect(headers).toMatchObject({ 'x-hearthkey-user': 'alice', 'x-hearthkey-root-user': 'no' });
    expect(headers['x-hearthkey-command']).toBe('v-list-mail-domains');
    expect(headers['x-hearthkey-access-key']).toBe(gated.alice.id);
    expect(Object.keys(headers)).not.toContain('x_hearthkey_user');
  });

  it('denies with 401 or 403, and nothing reaches the server behind it', async () => {
    const before = received.length;
    const wrong = { ...gated.alice, pair: `${gated.alice.id}:${'x'.repeat(40)}` };
    const unknown = { ...gated.alice, pair: `${'x'.repeat(20)}:${gated.alice.secret}` };
    for (const key of [undefined, wrong, unknown]) {
      const { status, headers } = await call('/mail/alice', key);
      expect([status, headers['x-hearthkey-reason']]).toEqual([401, 'credentials_refused']);
      expect(headers['www-authenticate']).toBe('Bearer realm="Hearthkey"');
    }
    const { status, headers } = await call('/mail/bob', gated.alice);
    expect([status, headers['x-hearthkey-reason']]).toEqual([403, 'user_argument_mismatch']);
    expect((await call('/hearthkey', gated.alice)).status).toBe(404);
    expect(received).toHaveLength(before);
  });

  it('denies another client, whatever it says of its address', async () => {
    const headers = { 'X-Real-IP': from, Forwarded: `for=${from}`, 'CF-Connecting-IP': from };
    for (const forwardedFor of [from, `${from}, 127.0.0.1`, '203.0.113.9']) {
      const answer = await call('/mail/alice', gated.alice, { from: '127.0.0.6', forwardedFor, headers });
      expect(answer).toMatchObject({
        status: 403,
        headers: { 'x-hearthkey-reason': 'address_not_allowed' },
      });
    }
    const events = await gated.service.events('--reason', 'address_not_allowed');
    expect(new Set(events.map((event) => event.clientAddress))).toEqual(new Set(['127.0.0.6']));
  });

  it('says 403 and why while there is too much to do, and lets through a moment later', async () => {
    const fresh = await gated.service.makeKey('alice', 'mail-accounts');
    const slowHash = gated.service.part(SlowHash);
    let isOver = false;
    // Each comes again in the moment that it is done, so that the queue has no place for anybody else.
    const keepAsking = async (): Promise<void> => {
      while (!isOver) await slowHash.hash('x').catch(() => (isOver = true));
    };
    const load = Array.from({ length: 256 + slowHash.concurrency }, keepAsking);
    const question = {
      accessKeyId: fresh.id,
      secretAccessKey: fresh.secret,
      ...{ command: 'v-list-mail-domains', args: ['alice'], clientIp: from },
    };
    const [answer, told, known] = await Promise.all([
      call('/mail/alice', fresh),
      postJson(gated.service, '/v1/authorize', question),
      call('/mail/alice', gated.alice), // its proof is there
    ]);
    expect(isOver).toBe(false);
    isOver = true;
    expect(answer).toMatchObject({
      status: 403,
      headers: { 'x-hearthkey-reason': 'overloaded', 'retry-after': '1' },
    });
    expect(told).toMatchObject({ status: 200, json: { allowed: false, code: 14, reason: 'overloaded' } });
    expect(known.status).toBe(200);
    await Promise.all(load);
    expect((await call('/mail/alice', fresh)).status).toBe(200);
  });
});

describeWith('nginx')('nginx without the service behind it', () => {
  it('lets nothing through', async () => {
    const upstream = await startUpstream();
    const [http = '', server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    const port = await startNginx(
      replaceAll(server, { 'http://127.0.0.1:8080': `http://127.0.0.1:${String(upstream.port)}` }),
      ['127.0.0.1'],
      http,
    );
    expect((await fetch(`http://127.0.0.1:${String(port)}/mail/alice`)).status).toBe(500);
    expect(upstream.received).toEqual([]);
  });
});
