/** Clients of one site or one server: the WordPress cache plug-in, an MCP server, phpMyAdmin's single sign-on. */
import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { keyInTwo, linesOf, startPanel, type Panel } from './panel.js';

let panel: Panel;

beforeAll(async () => {
  panel = await startPanel();
  const { service } = panel;
  await service.addUser('alice');
  const root = await service.makeKey('admin', '');
  await service.call(root, 'v-add-web-domain', ['alice', 'blog.example']);
});

describeWith('php', 'openssl')('the cache plug-in for WordPress, over HTTP/1.0', () => {
  let key: Key;
  const purge = (pair: Key, ...args: string[]): Promise<string[]> =>
    linesOf('wordpress.php', args, { ...panel.place, ...keyInTwo(pair) });

  beforeAll(async () => {
    key = await panel.service.makeKey('alice', 'purge-nginx-cache');
  });

  it('purges the cache of its site, and reads that from the header', async () => {
    expect(await purge(key, 'alice', 'blog.example')).toEqual([
      'v-purge-nginx-cache alice blog.example -> 200 0 0',
      'purged',
    ]);
    expect(readFileSync(join(panel.recordsDir, 'purged'), 'utf8')).toBe('blog.example\n');
  });

  it('reads every refusal from the header: another user, no such site, a wrong secret', async () => {
    expect((await purge(key, 'admin', 'blog.example')).at(-1)).toBe('could not be purged: 10');
    expect((await purge(key, 'alice', 'none.example')).at(-1)).toBe('could not be purged: 3');
    const wrong = { ...key, secret: 'x'.repeat(40) };
    expect((await purge(wrong, 'alice', 'blog.example')).at(-1)).toBe('could not be purged: 9');
  });
});

describeWith('openssl')('an MCP server', () => {
  const call = (key: Key, ...args: string[]): Promise<string[]> =>
    linesOf('mcp.mjs', args, { ...panel.place, ...keyInTwo(key), NODE_EXTRA_CA_CERTS: panel.place.CA_FILE });

  it('reads JSON, plain text, nothing, and failures with their code', async () => {
    await panel.service.ok(
      'v-add-api',
      'mcp',
      'user',
      'v-list-web-domains,v-add-web-domain,v-suspend-web-domain',
    );
    const key = await panel.service.makeKey('alice', 'mcp');
    expect(await call(key, 'v-list-web-domains', 'alice', 'json')).toEqual(['done: 200 0 ["blog.example"]']);
    expect(await call(key, 'v-list-web-domains', 'alice')).toEqual(['done: 200 0 "blog.example no"']);
    expect(await call(key, 'v-suspend-web-domain', 'alice', 'blog.example')).toEqual(['done: 204 0 ""']);
    expect(await call(key, 'v-suspend-web-domain', 'alice', 'blog.example')).toEqual([
      'failed: 401 5 Error: web domain blog.example is suspended',
    ]);
    expect((await call(key, 'v-list-users')).join()).toMatch(/^failed: 401 10 Error: /);
    expect((await call({ ...key, secret: '' }, 'v-list-users')).join()).toMatch(/^failed: 401 9 Error: /);
  });
});

describeWith('php', 'openssl')("phpMyAdmin's single sign-on, from the server's own address", () => {
  it('gets a one-time login as JSON, and takes it back', async () => {
    const key = await panel.service.makeKey('admin', 'phpmyadmin-sso');
    const act = (...args: string[]): Promise<string[]> =>
      linesOf('phpmyadmin.php', args, { ...panel.place, ...keyInTwo(key) });
    expect((await act('login', 'alice', 'alice_shop')).at(-1)).toBe('login as hestia_sso_1');
    expect((await act('login', 'alice', 'bob_shop')).at(-1)).toBe('no login');
    expect(await act('logout', 'alice', 'hestia_sso_1')).toEqual([
      "v-delete-database-temp-user alice hestia_sso_1 mysql localhost -> 204 0 ''",
    ]);
  });
});
