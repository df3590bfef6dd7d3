/** The page of an access key in a real browser: what it did, and how it is changed, rotated, suspended and deleted. */
import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';
import { denied, leaveAnyway, shownKey, ways } from './console-keys.js';

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  for (const user of ['alice', 'bob', 'carol']) await service.addUser(user);
});

async function codeOf(key: Key, command = 'v-list-mail-domains', user = 'alice'): Promise<number> {
  return (await service.call(key, command, [user])).code;
}

describeWith('chromium-headless-shell')('the page of a key', () => {
  let key: Key;
  const path = (part = ''): string => `/console/keys/${key.id}${part}`;

  beforeAll(async () => {
    key = await service.makeKey('alice', 'mail-accounts', 'Mail script');
    for (const command of ['v-list-mail-domains', 'v-list-mail-domains', 'v-list-mail-account'])
      await service.call(key, command, ['alice', 'example.com', 'info']);
    await service.call(key, 'v-list-web-domains', ['alice']);
  });

  it.each(ways)('tells what it ran, what it never ran, and what was denied (%s)', async (_name, options) => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    await browser.visit(path());
    expect(await browser.text()).toContain('May run 21 commands, for alice only, from any address');
    const commands = page.getByRole('region', { name: 'Commands' });
    expect(await commands.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/v-list-mail-domains\s+2/),
      expect.stringMatching(/v-list-mail-account\s+1/),
    ]);
    expect(await browser.text()).toContain('19 commands were never used in this period');
    expect(await browser.text()).toContain('3 allowed and 1 denied requests');
    expect(await page.locator('.chart rect.allow').count()).toBe(1);
    expect(await page.locator('.chart rect.deny').count()).toBe(1);
    const denial = page.getByRole('region', { name: 'Last denials' }).locator('tbody tr');
    expect(await denial.innerText()).toMatch(/v-list-web-domains\s+Permission missing\s+127.0.0.1/);
    const why = denial.getByRole('link', { name: 'Why was v-list-web-domains denied?' });
    expect(await why.getAttribute('href')).toMatch(/^\/console\/record\/\d+$/);
    expect(await page.getByRole('region', { name: 'Changes' }).innerText()).toContain('v-add-access-key');
    await page.getByLabel('Period').selectOption('7');
    await browser.press('Show');
    expect(await browser.text()).toContain('3 allowed and 1 denied requests');
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('shows the keys that were derived from it, and that one is a canary to the root user alone', async () => {
    const [id = ''] = (await service.ok('v-derive-access-key', key.id, 'plain', '--for', '15m')).split(':');
    const canary = await service.ok('v-add-access-key', 'alice', 'mail-accounts', '', 'plain', '--canary');
    const canaryPath = `/console/keys/${canary.slice(0, 20)}`;
    for (const user of ['admin', 'alice']) {
      const browser = await ConsoleBrowser.logIn(service, user);
      await browser.visit(path());
      expect(await browser.text()).toMatch(new RegExp(`Keys that it made\\s+${id}\\s+active\\s+derived`));
      await browser.visit(canaryPath);
      expect((await browser.text()).includes('is a canary')).toBe(user === 'admin');
      await browser.close();
    }
    await service.ok('v-delete-access-key', id);
    await service.ok('v-delete-access-key', canary.slice(0, 20));
  });

  it('is nothing that another user sees', async () => {
    const [own, other] = [
      await ConsoleBrowser.logIn(service, 'alice'),
      await ConsoleBrowser.logIn(service, 'bob'),
    ];
    for (const part of ['', '/change', '/rotate', '/delete', '/use']) {
      expect([part, (await own.visit(path(part))).status()]).toEqual([part, 200]);
      expect([part, (await other.visit(path(part))).status()]).toEqual([part, 404]);
    }
    await other.visit(`/console/keys?user=alice`);
    expect(await other.text()).not.toContain(key.id);
    await own.close();
    await other.close();
  });

  it('leads to the smallest role, which a button makes and gives to the key', async () => {
    const used = await service.makeKey('alice', 'mail-accounts');
    expect(await codeOf(used)).toBe(3);
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit(`/console/keys/${used.id}`);
    await page.getByRole('link', { name: 'What it uses, and the smallest role' }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/use'));
    // An option is never parted behind its hyphens.
    expect(await page.locator('.copy-box .whole').allInnerTexts()).toContain('--allow-ip');
    expect(await page.getByRole('region', { name: 'Used' }).innerText()).toMatch(/v-list-mail-domains\s+1/);
    expect(await browser.text()).toContain('Never used (20)');
    expect(await browser.text()).toContain(`v-add-api use-${used.id} user v-list-mail-domains`);
    const widened = 'The new role has a new name, so the record and alerts may call the key widened.';
    expect(await browser.text()).toContain(widened);
    await page.getByLabel('Yes, this key may do only that from now on').check();
    await browser.press('Make the role and change the key');
    expect(await browser.text()).toContain('May run 1 command, for alice only, from one address');
    expect(await service.ok('v-list-api', `use-${used.id}`, 'plain')).toBe(
      `use-${used.id}\tuser\tv-list-mail-domains\n`,
    );
    const [change] = (await service.events('--key', used.id, '--type', 'change')).slice(-1);
    expect(change?.target).toMatchObject({ widened: expect.stringContaining('permissions') as unknown });
    await browser.visit(`/console/keys/${used.id}/use`);
    expect(await browser.text()).not.toContain(widened);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('shows what is tried of it, and makes that real once it is confirmed', async () => {
    const tried = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-change-access-key', tried.id, '--trial', 'update-dns-records');
    expect(await codeOf(tried)).toBe(3);
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit(`/console/keys/${tried.id}`);
    expect(await browser.text()).toContain('It would have denied 1 of 1 allowed requests.');
    const denials = page.getByRole('region', { name: 'What it would have denied' }).locator('tbody tr');
    expect(await denials.innerText()).toMatch(/v-list-mail-domains\s+Permission missing\s+1/);
    await page.getByLabel('Yes, this counts for the key from now on').check();
    await browser.press('Enforce');
    expect(await browser.text()).not.toContain('On trial');
    expect(await codeOf(tried)).toBe(10);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('is not found where no such key is', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    for (const id of ['A'.repeat(20), 'x'])
      expect((await browser.visit(`/console/keys/${id}`)).status()).toBe(404);
    await browser.close();
  });

  it.each(ways)('changes the key, and not over what another tab has saved (%s)', async (_name, options) => {
    const { page, ...browser } = await ConsoleBrowser.logIn(service, 'admin', options);
    const second = await page.context().newPage();
    for (const tab of [page, second]) await tab.goto(browser.origin + path('/change'));
    await page.getByLabel('Comment').fill('First tab');
    await page.getByRole('checkbox', { name: 'update-dns-records' }).check();
    await page.getByLabel('End', { exact: true }).selectOption('30d');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL((url) => url.search.startsWith('?done=saved&undo='));
    expect(await page.getByRole('main').innerText()).toContain('in 30 days');
    await second.getByLabel('Comment').fill('Second tab');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByRole('alert').first().waitFor();
    expect(await second.getByRole('main').innerText()).toContain('Somebody else has changed this key');
    expect(await second.getByLabel('Comment').inputValue()).toBe('Second tab');
    // Sending it again does not help.
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByRole('link', { name: 'Open the form anew' }).click();
    expect(await second.getByLabel('Comment').inputValue()).toBe('First tab');
    await second.getByLabel('Comment').fill('');
    await second.getByRole('checkbox', { name: 'update-dns-records' }).uncheck();
    await second.getByLabel('End', { exact: true }).selectOption('never');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.waitForURL((url) => url.search.startsWith('?done=saved&undo='));
    const shown = await service.ok('v-list-access-key', key.id, 'json');
    expect(JSON.parse(shown)).toMatchObject({ COMMENT: '', PERMISSIONS: ['mail-accounts'] });
    await page.context().close();
  });

  it('gives it a new secret with an overlap, once', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'alice');
    const { page } = browser;
    leaveAnyway(page);
    await browser.visit(path('/rotate'));
    await page.getByLabel('Overlap').selectOption('1h');
    await browser.press('Make a new secret');
    const renewed = await shownKey(browser);
    expect(renewed.id).toBe(key.id);
    expect(renewed.secret).not.toBe(key.secret);
    expect(await browser.text()).toContain('The old secret counts as well until');
    for (const secret of [key, renewed]) expect(denied).not.toContain(await codeOf(secret));
    expect((await page.reload())?.status()).toBe(409);
    expect(denied).not.toContain(await codeOf(renewed));
    await page.getByRole('link', { name: 'Open the key' }).click();
    expect(await browser.text()).toContain('Old secret valid until');
    await browser.visit('/console/keys?secret=old');
    expect(await page.locator('tbody th code').allInnerTexts()).toEqual([key.id]);
    // Without an overlap the old one ends at once.
    await browser.visit(path('/rotate'));
    expect(await browser.text()).toContain('There is an overlap already');
    await page.getByLabel('Overlap').selectOption('0');
    await browser.press('Make a new secret');
    const newest = await shownKey(browser);
    for (const secret of [key, renewed]) expect(denied).toContain(await codeOf(secret));
    expect(denied).not.toContain(await codeOf(newest));
    key = newest;
    await browser.close();
  });

  it.each(ways)('suspends it before it deletes it (%s)', async (_name, options) => {
    key = await service.makeKey('alice', 'mail-accounts');
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    await browser.visit(path('/delete'));
    await browser.press('Suspend the key');
    expect(await browser.text()).toContain('The access key is suspended.');
    expect(denied).toContain(await codeOf(key));
    await browser.press('Unsuspend');
    expect(denied).not.toContain(await codeOf(key));
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByLabel(/^To delete it, type its ID/).fill(key.id.toLowerCase());
    await browser.press('Delete the key');
    expect(await browser.text('[role=alert]')).toContain('That is not the ID of this key.');
    await page.getByLabel(/^To delete it, type its ID/).fill(key.id);
    await browser.press('Delete the key');
    expect(await browser.text()).toContain('The access key is deleted. No node accepts it any more.');
    expect(denied).toContain(await codeOf(key));
    expect((await browser.visit(path())).status()).toBe(404);
    await browser.close();
  });

  it('of a user who suspends his key says that an operator has to unsuspend it', async () => {
    key = await service.makeKey('carol', 'mail-accounts');
    const browser = await ConsoleBrowser.logIn(service, 'carol');
    await browser.visit(path('/delete'));
    expect(await browser.text()).toContain('An operator can unsuspend it.');
    await browser.press('Suspend the key');
    expect(await browser.page.getByRole('button', { name: 'Unsuspend' }).count()).toBe(0);
    await browser.close();
  });
});
