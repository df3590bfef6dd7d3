/** Access keys in a real browser: made, used, changed, rotated, suspended, deleted; the list and its CSV. */
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
import { ConsoleBrowser, startConsole } from './console-browser.js';

const run = promisify(execFile);
const withoutScripts = { javaScriptEnabled: false };
const ways = [
  ['with scripts', {}],
  ['without scripts', withoutScripts],
] as const;

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  await service.ok('v-add-sys-api-ip', '::1');
  for (const user of ['alice', 'bob', 'carol']) await service.addUser(user);
});

/** Leaving a page with a secret asks first; these tests leave. */
function leaveAnyway(page: Page): void {
  page.on('dialog', (dialog) => void dialog.accept());
}

async function shownKey({ page }: ConsoleBrowser): Promise<Key> {
  const id = await page.locator('#key-id').innerText();
  const secret = await page.locator('#key-secret').innerText();
  return { id, secret, pair: `${id}:${secret}` };
}

async function codeOf(key: Key, command = 'v-list-mail-domains', user = 'alice'): Promise<number> {
  return (await service.call(key, command, [user])).code;
}

/** The panel has no such thing here; the key was let through. */
const denied = [9, 10];

async function fillNewKey(page: Page, user: string, role: string): Promise<void> {
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByRole('checkbox', { name: role }).check();
}

describeWith(
  'chromium',
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
    const hostile = '</textarea><script>document.title="broken"</script>';
    await page.getByLabel('Comment').fill(hostile);
    await page.getByLabel('Allowed addresses').fill('203.0.113.300');
    await page.getByLabel('Rate limit').fill('many');
    await browser.press('Make the key');
    expect(await browser.text('[role=alert]')).toContain('permissions: Choose at least one API role');
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

describeWith('chromium')('the page of a key', () => {
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
    expect(await page.locator('svg.chart rect.allow').count()).toBe(1);
    expect(await page.locator('svg.chart rect.deny').count()).toBe(1);
    const denial = page.getByRole('region', { name: 'Last denials' }).locator('tbody tr');
    expect(await denial.innerText()).toMatch(/v-list-web-domains\s+permission_missing\s+127.0.0.1/);
    const why = denial.getByRole('link', { name: 'Why was v-list-web-domains denied?' });
    expect(await why.getAttribute('href')).toMatch(/^\/console\/record\/\d+$/);
    expect(await page.getByRole('region', { name: 'Changes' }).innerText()).toContain('v-add-access-key');
    await page.getByLabel('Period').selectOption('7');
    await browser.press('Show');
    expect(await browser.text()).toContain('3 allowed and 1 denied requests');
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('is nothing that another user sees', async () => {
    const [own, other] = [
      await ConsoleBrowser.logIn(service, 'alice'),
      await ConsoleBrowser.logIn(service, 'bob'),
    ];
    for (const part of ['', '/change', '/rotate', '/delete']) {
      expect([part, (await own.visit(path(part))).status()]).toEqual([part, 200]);
      expect([part, (await other.visit(path(part))).status()]).toEqual([part, 404]);
    }
    await other.visit(`/console/keys?user=alice`);
    expect(await other.text()).not.toContain(key.id);
    await own.close();
    await other.close();
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
    await page.waitForURL((url) => url.search === '?done=saved');
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
    await second.waitForURL((url) => url.search === '?done=saved');
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
    expect(await browser.text()).toContain('Deleted. No node accepts it any more.');
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

describeWith('chromium')('the list of keys', () => {
  const made: Key[] = [];

  beforeAll(async () => {
    for (let number = 1; number <= 3; number++)
      made.push(await service.makeKey('bob', 'mail-accounts', `List ${String(number)}`));
    await service.ok('v-change-access-key', made[2]!.id, '--expires', '10d');
  });

  const shownIds = ({ page }: ConsoleBrowser) => page.locator('tbody th code').allInnerTexts();

  it.each(ways)('is filtered by the end of keys (%s)', async (_name, options) => {
    const browser = await ConsoleBrowser.logIn(service, 'bob', options);
    const ids = made.map(({ id }) => id);
    await browser.visit('/console/keys?end=never');
    expect((await shownIds(browser)).sort()).toEqual(ids.slice(0, 2).sort());
    await browser.visit('/console/keys?end=soon');
    expect(await shownIds(browser)).toEqual(ids.slice(2));
    await browser.close();
  });

  it.each(ways)(
    'suspends several, and deletes several, once that is confirmed (%s)',
    async (_name, options) => {
      const keys = [];
      for (const comment of ['Several 1', 'Several 2', 'Several 3'])
        keys.push(await service.makeKey('bob', 'mail-accounts', comment));
      const browser = await ConsoleBrowser.logIn(service, 'admin', options);
      const { page } = browser;
      await browser.visit('/console/keys?text=Several');
      await browser.press('Suspend', 'main');
      expect(await browser.text()).toContain('No access key is selected');
      await page.getByRole('link', { name: 'Back to the list' }).click();
      for (const { id } of keys.slice(0, 2)) await page.getByLabel(`Select ${id}`).check();
      await browser.press('Suspend', 'main');
      expect(await page.locator('h1').innerText()).toBe('Suspend 2 access keys?');
      expect(denied).not.toContain(await codeOf(keys[0]!, 'v-list-mail-domains', 'bob'));
      await browser.press('Suspend these keys');
      expect(new URL(page.url()).search).toBe('?text=Several&done=keysSuspended');
      for (const [index, key] of keys.entries())
        expect(denied.includes(await codeOf(key, 'v-list-mail-domains', 'bob'))).toBe(index < 2);
      if (options === withoutScripts)
        for (const { id } of keys) await page.getByLabel(`Select ${id}`).check();
      else await page.getByLabel('Select all on this page').check();
      await browser.press('Delete', 'main');
      expect(await page.locator('h1').innerText()).toBe('Delete 3 access keys?');
      // One of them is gone meanwhile: that is as it is to be.
      await service.ok('v-delete-access-key', keys[2]!.id);
      await browser.press('Delete these keys');
      expect(await browser.text()).toContain('The access keys are deleted.');
      expect(await browser.text()).toContain('No access key matches these filters');
      await browser.close();
    },
  );

  it('is downloaded as a whole, with the filters', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'bob');
    const { page } = browser;
    await browser.visit('/console/keys?text=List&sort=-createdAt');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('access-keys.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^accessKeyId,user,permissions,comment,state,createdAt,expiresAt,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 5))).toEqual(
      [...made]
        .reverse()
        .map(({ id }, index) => [...[id, 'bob', 'mail-accounts', `List ${String(3 - index)}`, 'active']]),
    );
    const answer = await page.request.get(`${browser.origin}/console/keys.csv?sort=wrong`);
    expect([answer.status(), answer.headers()['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    await page.context().clearCookies();
    await page.goto(`${browser.origin}/console/keys.csv`);
    expect(new URL(page.url()).pathname).toBe('/console/login');
    await browser.close();
  });

  it('has every key in its CSV, of however many pages of REST v1', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const answer = await browser.page.request.get(`${browser.origin}/console/keys.csv?cursor=x`);
    const ids = (await answer.text())
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.slice(0, 20));
    const all = JSON.parse(await service.ok('v-list-access-keys', '', 'json')) as object;
    expect(ids.sort()).toEqual(Object.keys(all).sort());
    await browser.close();
  });
});

describeWith('chromium')('every page about keys', () => {
  it.each([
    ['light', 'en', 1280],
    ['dark', 'de', 1280],
    ['light', 'de', 360],
  ] as const)('can be used by everybody (%s, %s, %d pixels wide)', async (colorScheme, locale, width) => {
    const { id } = await service.makeKey('alice', 'mail-accounts', 'مفتاح');
    const viewport = { width, height: 800 };
    const browser = await ConsoleBrowser.logIn(service, 'admin', { colorScheme, locale, viewport });
    const { page } = browser;
    leaveAnyway(page);
    const check = async (what: string): Promise<void> => {
      expect([what, await browser.barriers()]).toEqual([what, []]);
      expect([what, await page.locator('h1').count()]).toEqual([what, 1]);
      const scrolled = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([what, scrolled]).toEqual([what, width]);
    };
    for (const part of ['', '/new', `/${id}`, `/${id}/change`, `/${id}/rotate`, `/${id}/delete`]) {
      await browser.visit(`/console/keys${part}`);
      await check(part);
    }
    await page.locator('[name=typed]').fill('x');
    await page.locator('main form button').last().click();
    await page.locator('[role=alert]').waitFor();
    await check('refused');
    await browser.visit(`/console/keys/${id}/rotate`);
    await page.locator('main form button.primary').click();
    await page.locator('#key-secret').waitFor();
    await check('secret');
    await browser.visit('/console/keys');
    await page.locator('[name=key]').first().check();
    await page.locator('button[value=delete]').click();
    await page.locator('[name=confirmed]').waitFor({ state: 'attached' });
    await check('confirmation');
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });
});
