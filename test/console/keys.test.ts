/** A new access key in a real browser: the form, its one sentence, the secret, and samples that work. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole, withoutScripts } from './console-browser.js';
import { denied, leaveAnyway, shownKey, ways } from './console-keys.js';

const run = promisify(execFile);

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  await service.ok('v-add-sys-api-ip', '::1');
  for (const user of ['alice', 'bob', 'carol', 'anna']) await service.addUser(user);
  await service.ok('v-change-user-role', 'anna', 'admin');
});

async function codeOf(key: Key, command = 'v-list-mail-domains', user = 'alice'): Promise<number> {
  return (await service.call(key, command, [user])).code;
}

async function fillNewKey(page: Page, user: string, role: string): Promise<void> {
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByRole('checkbox', { name: role }).check();
}

describeWith(
  'chromium-headless-shell',
  'curl',
  'php',
)('a new key', () => {
  it('says in one sentence what it may do, as the form is filled in', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit('/console/keys/new');
    const sentence = () => page.locator('#sentence').innerText();
    await page.getByLabel('User', { exact: true }).fill('alice');
    expect(await sentence()).toMatch(/^May run no command, for alice only, from any address/);
    await page.getByRole('checkbox', { name: 'mail-accounts' }).check();
    // A role of the root user's keys gives a key of alice nothing.
    await page.getByRole('checkbox', { name: 'billing' }).check();
    expect(await sentence()).toMatch(/^May run 21 commands, for alice only/);
    await page.getByLabel('Allowed addresses').fill('203.0.113.9');
    await page.getByLabel('End', { exact: true }).selectOption('date');
    await page.getByLabel('Last day').fill('2099-02-25');
    await page.getByLabel('Rate limit').fill('5/s');
    expect(await sentence()).toBe(
      'May run 21 commands, for alice only, from one address, until February 25, 2099, at most 5/s.',
    );
    await page.getByLabel('User', { exact: true }).fill('admin');
    await page.getByLabel('Everything: every command, for all users').check();
    await page.getByLabel('Allowed addresses').fill('203.0.113.9\n2001:db8::/64');
    expect(await sentence()).toMatch(/^May run every command, for all users, from 2 addresses and ranges, /);
    await page.getByLabel('Everything: every command, for all users').uncheck();
    await page.getByLabel('User', { exact: true }).fill('anna');
    expect(await sentence()).toMatch(
      /^May run \d+ commands, 11 of them for all users but the root user, the others for anna only, /,
    );
    await page.getByRole('checkbox', { name: 'mail-accounts' }).uncheck();
    expect(await sentence()).toMatch(/^May run 11 commands, for all users but the root user, from 2/);
    await page.getByLabel('Search roles and commands').fill('v-CHANGE-dns');
    expect(await page.getByRole('checkbox', { name: 'update-dns-records' }).isVisible()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'mail-accounts' }).isVisible()).toBe(false);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it.each(ways)('is made, shows its secret once, and works (%s)', async (_name, options) => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    leaveAnyway(page);
    await browser.visit('/console/keys');
    await page.getByRole('link', { name: 'New access key' }).click();
    await fillNewKey(page, 'alice', 'mail-accounts');
    await page.getByLabel('Comment').fill('مفتاح البريد');
    await page.getByLabel('Rate limit').fill('100/min');
    await browser.press('Make the key');
    const key = await shownKey(browser);
    expect(key.secret).toHaveLength(40);
    expect(page.url() + (await page.title())).not.toContain(key.secret);
    expect(denied).not.toContain(await codeOf(key));
    expect(denied).toContain(await codeOf(key, 'v-list-web-domains'));
    const sample = await page.locator('#key-curl').innerText();
    const { stdout } = await run('sh', ['-c', sample]);
    expect(JSON.parse(stdout)).toMatchObject({ user: 'alice', accessKeyId: key.id });
    // Loading the answer again sends the form again.
    const again = await page.reload();
    expect([again?.status(), await page.content()]).toEqual([409, expect.not.stringContaining(key.secret)]);
    expect(await browser.text()).toContain('This form has done its work already');
    await page.getByRole('link', { name: 'Open the key' }).click();
    expect(await page.locator('dd bdi').innerText()).toBe('مفتاح البريد');
    expect(await page.content()).not.toContain(key.secret);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('has samples for a program, and a file with its settings', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    leaveAnyway(page);
    await browser.visit('/console/keys/new?user=admin');
    await page.getByLabel('Everything: every command, for all users').check();
    await browser.press('Make the key');
    const key = await shownKey(browser);
    const folder = temporaryFolder();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as .env' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`${key.id}.env`);
    await download.saveAs(join(folder, '.env'));
    const text = await readFile(join(folder, '.env'), 'utf8');
    expect(text).toContain(`HEARTHKEY_URL=${browser.origin}\nHEARTHKEY_ACCESS_KEY_ID=${key.id}\n`);
    const command = await page.locator('#key-command').innerText();
    expect((await run('sh', ['-c', command])).stdout).toMatch(/USERNAME: +admin/);
    const sample = join(folder, 'sample.php');
    await writeFile(sample, await page.locator('#key-php').innerText());
    const script = `set -a; . "${folder}/.env"; exec php "${sample}"`;
    expect((await run('sh', ['-c', script])).stdout).toContain('[user] => admin');
    await browser.close();
  });

  it('is not left behind unseen', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit('/console/keys/new');
    await fillNewKey(page, 'alice', 'mail-accounts');
    await browser.press('Make the key');
    const { id } = await shownKey(browser);
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      });
    });
    // oxlint-disable-next-line typescript/no-deprecated -- the page that the link leads to never comes
    await page.getByRole('link', { name: 'Overview' }).click({ noWaitAfter: true });
    expect(await asked).toBe('beforeunload');
    expect(await page.locator('#key-id').innerText()).toBe(id);
    // Who says that he has it is not asked.
    await page.getByRole('link', { name: 'I have the secret: go on to the key' }).click();
    await page.waitForURL((url) => url.pathname === `/console/keys/${id}`);
    await browser.close();
  });

  it.each(ways)('is refused with what is wrong, and what was entered stays (%s)', async (_name, options) => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    await browser.visit('/console/keys/new?user=alice');
    const hostile = '</textarea><script>document.title="broken"</script>\u202e';
    await page.getByLabel('Comment').fill(hostile);
    await page.getByLabel('Allowed addresses').fill('203.0.113.300');
    await page.getByLabel('Rate limit').fill('many');
    await browser.press('Make the key');
    expect(await browser.text('[role=alert]')).toContain('What it may do: Choose at least one API role');
    await page.getByRole('checkbox', { name: 'mail-accounts' }).check();
    await browser.press('Make the key');
    for (const field of ['comment', 'allowedAddresses', 'rateLimit'])
      expect(await page.locator(`#${field}[aria-invalid]`).count()).toBe(1);
    expect(await page.getByLabel('Comment').inputValue()).toBe(hostile);
    expect(await page.getByRole('checkbox', { name: 'mail-accounts' }).isChecked()).toBe(true);
    expect(await page.title()).toContain('New access key');
    await page.getByLabel('Comment').fill('');
    await page.getByLabel('Allowed addresses').fill('203.0.113.30');
    await page.getByLabel('Rate limit').fill('');
    await page.getByLabel('User', { exact: true }).fill('nobody');
    await browser.press('Make the key');
    expect(await browser.text('[role=alert]')).toContain('nobody');
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('of the root user may do everything only where that is said', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    const { page } = browser;
    await browser.visit('/console/keys/new');
    await browser.press('Make the key');
    expect(await browser.text('[role=alert]')).toContain('say that the key may do everything');
    await page.getByRole('checkbox', { name: 'billing' }).check();
    await page.getByLabel('Everything: every command, for all users').check();
    await browser.press('Make the key');
    expect(await browser.text('[role=alert]')).toContain('not both');
    await page.getByRole('checkbox', { name: 'billing' }).uncheck();
    await browser.press('Make the key');
    expect(await codeOf(await shownKey(browser), 'v-list-user')).toBe(0);
    await browser.close();
  });

  it('of a user is his own, with the API roles that he may take', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'carol');
    const { page } = browser;
    leaveAnyway(page);
    await browser.visit('/console/keys/new?user=bob');
    expect(await page.getByLabel('User', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('checkbox', { name: 'billing' }).count()).toBe(0);
    expect(await page.getByText('Everything: every command').count()).toBe(0);
    await page.getByRole('checkbox', { name: 'mail-accounts' }).check();
    expect(await page.locator('#sentence').innerText()).toMatch(/^May run 21 commands, for carol only/);
    await browser.press('Make the key');
    const key = await shownKey(browser);
    expect(denied).not.toContain(await codeOf(key, 'v-list-mail-domains', 'carol'));
    await browser.visit('/console/keys');
    expect(await page.locator('tbody th').allInnerTexts()).toEqual([key.id]);
    expect((await browser.visit('/console/apis')).status()).toBe(200);
    expect(await browser.text('tbody')).not.toContain('billing');
    await browser.close();
  });
});
