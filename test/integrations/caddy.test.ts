/** The lines of docs/integrations/caddy.md in a real Caddy, with the route table of docs/integrations/forward-auth.md. */
import { beforeAll, expect, it } from '@jest/globals';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCaddy } from '../support/caddy.js';
import { readBlocks, replaceAll } from '../support/documents.js';
import { temporaryFolder } from '../support/folders.js';
import { startUpstream, type Received } from '../support/gate.js';
import { startGatedService } from '../support/gated-service.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';
import { GuardedPanel, from, itIsGuarded, itPassesOnWhatWasDecided } from './guarded-panel.js';

describeWith('caddy')('Caddy with forward_auth', () => {
  const routesFile = join(temporaryFolder(), 'routes');
  const [table = ''] = readBlocks('docs/integrations/forward-auth.md', '');
  let panel: GuardedPanel;

  beforeAll(async () => {
    writeFileSync(routesFile, table);
    const gated = await startGatedService([from], { GATE_ROUTES: routesFile });
    const upstream = await startUpstream();
    const [sites = ''] = readBlocks('docs/integrations/caddy.md', 'caddyfile');
    const parts = {
      'forward_auth 127.0.0.1:8183': `forward_auth ${new URL(gated.service.url).host}`,
      'reverse_proxy 127.0.0.1:8080': `reverse_proxy 127.0.0.1:${String(upstream.port)}`,
    };
    const port = await startCaddy(replaceAll(sites, parts), 'panel.example.com');
    panel = new GuardedPanel(gated, upstream.received, port);
  });

  itIsGuarded(
    () => panel,
    [
      ['GET', '/mail/bob', 'user_argument_mismatch'],
      ['GET', '/users', 'permission_missing'],
      ['DELETE', '/mail/alice', 'command_missing'],
      ['GET', '/mail/alice/../bob', 'command_missing'],
      ['GET', '/mail/alice%2F..%2Fbob', 'command_missing'],
      ['GET', '//mail/alice', 'command_missing'],
    ],
  );

  itPassesOnWhatWasDecided(() => panel);

  it('lets a body through that the service never sees', async () => {
    const body = 'x'.repeat(300_000);
    const answer = await panel.call('POST', '/mail/alice/example.com/suspend', panel.gated.alice, { body });
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
    const answer = await panel.get('/mail/alice', { headers: lies });
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

  it('does not let a client choose another command than its request stands for', async () => {
    const lies = {
      'X-Hearthkey-Command': 'v-list-mail-domains',
      'X-Hearthkey-Arg1': 'alice',
      'X-Forwarded-Uri': '/mail/alice',
      'X-Forwarded-Method': 'GET',
    };
    const path = '/mail/bob?command=v-list-mail-domains';
    const { status, headers } = await panel.get(path, { headers: lies });
    expect([status, headers['x-hearthkey-reason']]).toEqual([403, 'user_argument_mismatch']);
  });

  it('goes by the route table as it was edited, and denies everything where that is none', async () => {
    const edit = (text: string): void => {
      writeFileSync(`${routesFile}.new`, text);
      renameSync(`${routesFile}.new`, routesFile);
    };
    edit(`${table}GET /news/{user} v-list-mail-domains {user}\n`);
    await within(5000, 'the new line counts', async () => (await panel.get('/news/alice')).status === 200);
    edit('GET /mail/{user}\n');
    await within(5000, 'nothing is let through', async () => (await panel.get('/mail/alice')).status === 403);
    expect(panel.gated.service.log).toContain('is no route table: line 1: expected a command');
    edit(table);
    await within(
      5000,
      'the old lines count again',
      async () => (await panel.get('/mail/alice')).status === 200,
    );
  });

  it('lets nothing through without the service behind it', async () => {
    await panel.gated.service.close();
    const before = panel.received.length;
    expect((await panel.get('/mail/alice')).status).toBe(502);
    expect(panel.received).toHaveLength(before);
  });
});
