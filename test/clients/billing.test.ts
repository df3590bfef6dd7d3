import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { runClient, startPanel, type Panel } from './panel.js';

let panel: Panel;
let key: Key;

beforeAll(async () => {
  panel = await startPanel();
  key = await panel.service.makeKey('admin', 'billing', 'Billing system');
});

/** One action of the billing system: what its module makes of the answer. */
async function billing(action: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runClient('billing.php', [action, ...args], {
    ...panel.place,
    HASH: key.pair,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

/** The state of an account as the billing key sees it. */
async function account(name: string): Promise<Record<string, string> | undefined> {
  const { status, body } = await panel.service.call(key, 'v-list-user', [name, 'json']);
  return status === 200 ? (JSON.parse(body) as Record<string, Record<string, string>>)[name] : undefined;
}

describeWith('php', 'openssl')("a billing system's module, with a key of the root user for billing", () => {
  it('makes an account with a password and a package', async () => {
    expect(
      await billing('create', 'buyer', 'first&pass=1', 'buyer@example.com', 'gold', 'Bea', 'Buyer'),
    ).toBe('success');
    expect(await account('buyer')).toMatchObject({
      NAME: 'Bea Buyer',
      ROLE: 'user',
      PACKAGE: 'gold',
      CONTACT: 'buyer@example.com',
      SUSPENDED: 'no',
    });
    expect(await billing('create', 'buyer', 'first&pass=1', 'buyer@example.com', 'gold')).toBe(
      'there is such an account already',
    );
    expect(await billing('create', 'other', 'short', 'buyer@example.com', 'gold')).toBe(
      'an argument is not valid',
    );
    expect(await account('other')).toBeUndefined();
  });

  it("suspends it, which shuts the account's own access keys out until it is unsuspended", async () => {
    const { service } = panel;
    await service.ok('v-add-api', 'web', 'user', 'v-add-web-domain,v-list-web-domains');
    const own = await service.makeKey('buyer', 'web');
    const call = () => service.call(own, 'v-list-web-domains', ['buyer']);
    expect((await call()).code).toBe(0);

    expect(await billing('suspend', 'buyer')).toBe('success');
    expect(await account('buyer')).toMatchObject({ SUSPENDED: 'yes' });
    expect(await call()).toMatchObject({ status: 401, code: 9, body: 'Error: user buyer is suspended' });
    expect(await billing('suspend', 'buyer')).toBe('the account is suspended already');

    expect(await billing('unsuspend', 'buyer')).toBe('success');
    expect(await account('buyer')).toMatchObject({ SUSPENDED: 'no' });
    expect((await call()).code).toBe(0);
    expect(await billing('unsuspend', 'buyer')).toBe('the account is not suspended');
  });

  it('changes its package, and reads the new one back', async () => {
    expect(await billing('package', 'buyer', 'silver')).toBe('success');
    expect(await account('buyer')).toMatchObject({ PACKAGE: 'silver' });
    expect(await billing('package', 'nobody', 'silver')).toBe('there is no such account');
  });

  it('changes its password, and not the one of the root user', async () => {
    expect(await billing('password', 'buyer', 'second+pass 2')).toBe('success');
    expect(await billing('password', 'nobody', 'second+pass 2')).toBe('there is no such account');
    expect(await billing('password', 'admin', 'second+pass 2')).toBe('the key may not do that');
  });

  it('terminates it with its access keys, and finds nothing afterwards', async () => {
    const own = await panel.service.makeKey('buyer', 'web');
    expect(await billing('terminate', 'buyer')).toBe('success');
    expect(await account('buyer')).toBeUndefined();
    expect((await panel.service.call(own, 'v-list-web-domains', ['buyer'])).code).toBe(9);
    expect(await billing('suspend', 'buyer')).toBe('there is no such account');
  });

  it('may do nothing else', async () => {
    const { service } = panel;
    expect((await service.call(key, 'v-add-web-domain', ['admin', 'x.example'])).code).toBe(10);
    expect((await service.call(key, 'v-add-access-key', ['admin', ''])).code).toBe(10);
  });

  it('leaves an event of each change that names its key, and no password', async () => {
    const events = await panel.service.events('--key', key.id);
    const changes = events.filter(({ type, actor }) => type === 'change' && actor.accessKeyId === key.id);
    expect(changes.map(({ command }) => command)).toEqual([
      'v-add-user',
      'v-suspend-user',
      'v-unsuspend-user',
      'v-change-user-package',
      'v-change-user-password',
      'v-delete-user',
    ]);
    const { dataDir, stderr } = panel.service;
    const written = `${readFileSync(join(dataDir, 'audit/events.jsonl'), 'utf8')}${stderr}`;
    for (const secret of ['first&pass=1', 'second+pass 2', key.secret]) expect(written).not.toContain(secret);
  });
});
