/** Who may call, in a browser without scripts: switches, addresses, who was refused, and the questions before one shuts oneself out. */
import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, originOf, startConsole, withoutScripts } from './console-browser.js';

const path = '/console/callers';
let service: TestService;
let alice: Key;
let visitor: ConsoleBrowser;

const entries = async (): Promise<string[]> =>
  (await service.ok('v-list-sys-api-ips', 'plain')).split('\n').filter((line) => line !== '');

async function setting(name: string): Promise<string | undefined> {
  const text = await service.ok('v-list-sys-config', 'json');
  return (JSON.parse(text) as { config: Record<string, string> }).config[name];
}

describeWith('chromium-headless-shell')('who may call', () => {
  beforeAll(async () => {
    service = await startConsole();
    await service.addUser('alice');
    alice = await service.makeKey('alice', 'mail-accounts');
    visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
  });

  it('is nobody at first; the own address is allowed by one click', async () => {
    await visitor.visit(path);
    expect(await visitor.text()).toContain('Nobody may call');
    expect(await visitor.text()).toContain('You come from 127.0.0.1. Programs at this address may not call.');
    await visitor.click('button', 'Allow my address');
    expect(visitor.page.url()).toContain(`${originOf(service)}${path}?done=addressAllowed&undo=`);
    expect(await visitor.text()).toContain('Programs at this address may call.');
    expect(await entries()).toEqual(['127.0.0.1']);
  });

  it('says what is wrong with an address, and keeps it to be corrected', async () => {
    await visitor.visit(path);
    await visitor.page.getByLabel('Address or range').fill('<b>203.0.113.300</b>');
    await visitor.click('button', 'Allow');
    expect(await visitor.text('.field.wrong')).toContain('expected an address');
    expect(await visitor.page.getByLabel('Address or range').inputValue()).toBe('<b>203.0.113.300</b>');
    await visitor.page.getByLabel('Address or range').fill('203.0.113.9/24');
    await visitor.click('button', 'Allow');
    expect(await entries()).toEqual(['127.0.0.1', '203.0.113.0/24']);
    await visitor.click('button', 'Delete 203.0.113.0/24');
    expect(await entries()).toEqual(['127.0.0.1']);
  });

  it('asks once more before every address is allowed', async () => {
    for (const everybody of ['allow-all', '0.0.0.0', '0.0.0.0/0', '::/0']) {
      await visitor.visit(path);
      await visitor.page.getByLabel('Address or range').fill(everybody);
      await visitor.click('button', 'Allow');
      expect(await visitor.text('form.warn')).toContain('every address in the world');
      expect(await entries()).toEqual(['127.0.0.1']);
    }
    await visitor.click('button', 'Allow every address');
    expect(await entries()).toContain('::/0');
    await visitor.click('button', 'Delete ::/0');
    expect(await entries()).toEqual(['127.0.0.1']);
  });

  it('asks once more before the own address is refused, and not where another entry allows it', async () => {
    await visitor.visit(path);
    await visitor.click('button', 'Delete 127.0.0.1');
    expect(await visitor.text('form.warn')).toContain('only 127.0.0.1 allows');
    expect(await entries()).toEqual(['127.0.0.1']);
    await visitor.click('link', 'Cancel');
    await service.ok('v-add-sys-api-ip', '127.0.0.0/30');
    await visitor.visit(path);
    await visitor.click('button', 'Delete 127.0.0.1');
    expect(await entries()).toEqual(['127.0.0.0/30']);
    await visitor.click('button', 'Delete 127.0.0.0/30');
    await visitor.click('button', 'Delete it all the same');
    expect(await entries()).toEqual([]);
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
  });

  it('has the switches in words, and asks before all programs are refused', async () => {
    await visitor.visit(path);
    await visitor.page.getByRole('radio', { name: /^All users/ }).check();
    await visitor.click('button', 'Save switches');
    expect(await setting('API_SYSTEM')).toBe('2');
    await visitor.page.getByRole('radio', { name: /^On Legacy/ }).check();
    await visitor.page.getByRole('radio', { name: /^Off No access key/ }).check();
    await visitor.click('button', 'Save switches');
    expect(await visitor.text('form.warn')).toContain('every program is refused');
    expect(await setting('API_SYSTEM')).toBe('2');
    await visitor.click('button', 'Switch off all the same');
    expect([await setting('API_SYSTEM'), await setting('API')]).toEqual(['0', 'yes']);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  });

  it('lists who was refused, each to be allowed by one click', async () => {
    const from = '127.0.0.7';
    const call = () => service.call(alice, 'v-list-mail-domains', ['alice'], { from });
    expect((await call()).body).toContain('not allowed');
    await within(1000, 'it is listed', async () => {
      await visitor.visit(path);
      return (await visitor.text('main > section:last-of-type')).includes(from);
    });
    await visitor.click('button', `Allow ${from}`);
    expect(await entries()).toContain(from);
    expect((await call()).body).not.toContain('not allowed');
  });

  it('takes no form without the token of its page, and is no page for users', async () => {
    const address = '198.51.100.1';
    expect((await visitor.person.send('POST', path, { address })).status).toBe(403);
    expect((await visitor.person.send('POST', path, { address, csrf: 'forged' })).status).toBe(403);
    expect(await entries()).not.toContain(address);
    const user = await ConsoleBrowser.logIn(service, 'alice', withoutScripts);
    expect((await user.visit(path)).status()).toBe(403);
    expect(await user.text()).not.toContain('127.0.0.1');
    expect((await user.visit('/console/doctor')).status()).toBe(403);
  });
});
