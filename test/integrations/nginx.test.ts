/** The lines of docs/integrations/nginx.md in a real nginx, between a client and a real server. */
import { beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import { readBlocks, replaceAll } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { postJson, startUpstream, type Received } from '../support/gate.js';
import { startGatedService } from '../support/gated-service.js';
import { startNginx } from '../support/nginx.js';
import { describeWith } from '../support/programs.js';
import { GuardedPanel, from, itIsGuarded, itPassesOnWhatWasDecided } from './guarded-panel.js';

describeWith('nginx')('nginx with auth_request', () => {
  let panel: GuardedPanel;

  beforeAll(async () => {
    const gated = await startGatedService([from]);
    const upstream = await startUpstream();
    const [http = '', server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    const port = await startNginx(
      replaceAll(server, { 'http://127.0.0.1:8080': `http://127.0.0.1:${String(upstream.port)}` }),
      ['127.0.0.1'],
      replaceAll(http, { '/run/hearthkey/gate.sock': gated.gateSocket }),
    );
    panel = new GuardedPanel(gated, upstream.received, port);
  });

  itIsGuarded(() => panel, [['GET', '/mail/bob', 'user_argument_mismatch']]);
  itPassesOnWhatWasDecided(() => panel);

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
    const { status, body } = await panel.get('/mail/alice', { headers: lies });
    expect(status).toBe(200);
    const { headers } = JSON.parse(body) as Received;
    expect(headers).toMatchObject({ 'x-hearthkey-user': 'alice', 'x-hearthkey-root-user': 'no' });
    expect(headers['x-hearthkey-command']).toBe('v-list-mail-domains');
    expect(headers['x-hearthkey-access-key']).toBe(panel.gated.alice.id);
    expect(Object.keys(headers)).not.toContain('x_hearthkey_user');
  });

  it('has nothing of the service to show to clients', async () => {
    expect((await panel.get('/hearthkey')).status).toBe(404);
  });

  it('says 403 and why while there is too much to do, and lets through a moment later', async () => {
    const { service } = panel.gated;
    const fresh = await service.makeKey('alice', 'mail-accounts');
    const slowHash = service.part(SlowHash);
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
      panel.call('GET', '/mail/alice', fresh),
      postJson(service, '/v1/authorize', question),
      panel.get('/mail/alice'), // its proof is there
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
    expect((await panel.call('GET', '/mail/alice', fresh)).status).toBe(200);
  });
});

describeWith('nginx')('nginx with a route table', () => {
  let panel: GuardedPanel;

  beforeAll(async () => {
    const routesFile = join(temporaryFolder(), 'routes');
    writeFileSync(routesFile, readBlocks('docs/integrations/forward-auth.md', '')[0] ?? '');
    const gated = await startGatedService([from], { GATE_ROUTES: routesFile });
    const upstream = await startUpstream();
    const [http = '', server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    // With a table each request is asked about, whatever its path is, and passed on as it is.
    const all = replaceAll(server, {
      'location ~ ^/mail/(?<account>[A-Za-z0-9_.-]+)$': 'location /',
      'set $hearthkey_arg1 $account;': 'set $hearthkey_arg1 "";',
      'http://127.0.0.1:8080/mail/$account$is_args$args': `http://127.0.0.1:${String(upstream.port)}`,
    });
    const port = await startNginx(
      all,
      ['127.0.0.1'],
      replaceAll(http, { '/run/hearthkey/gate.sock': gated.gateSocket }),
    );
    panel = new GuardedPanel(gated, upstream.received, port);
  });

  itPassesOnWhatWasDecided(() => panel);

  it('goes on with kept connections after a request that had a body', async () => {
    const answers: number[] = [];
    for (let round = 0; round < 20; round++) {
      const body = 'x'.repeat(77);
      const post = await panel.call('POST', '/mail/alice/example.com/suspend', panel.gated.alice, { body });
      answers.push(post.status, (await panel.get('/mail/alice')).status);
    }
    expect(new Set(answers)).toEqual(new Set([200]));
  });
});

describeWith('nginx')('nginx that hands on the length of a body that it does not send', () => {
  it('has each request answered, also on kept connections', async () => {
    const gated = await startGatedService([from]);
    const upstream = await startUpstream();
    const [http = '', server = ''] = readBlocks('docs/integrations/nginx.md', 'nginx');
    const careless = replaceAll(server, {
      'http://127.0.0.1:8080': `http://127.0.0.1:${String(upstream.port)}`,
      'proxy_pass_request_headers off;': '',
      'proxy_set_header Content-Length "";': '',
    });
    const port = await startNginx(
      careless,
      ['127.0.0.1'],
      replaceAll(http, { '/run/hearthkey/gate.sock': gated.gateSocket }),
    );
    const panel = new GuardedPanel(gated, upstream.received, port);
    const body = 'x'.repeat(77);
    for (let round = 0; round < 20; round++) {
      expect((await panel.call('POST', '/mail/alice', gated.alice, { body })).status).toBe(200);
      expect((await panel.get('/mail/alice')).status).toBe(200);
    }
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
