/** The list of access keys in a real browser, several at once, its CSV; and every page about keys for everybody. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole, withoutScripts } from './console-browser.js';
import { denied, leaveAnyway, ways } from './console-keys.js';

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

describeWith('chromium-headless-shell')('the list of keys', () => {
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
      expect(new URL(page.url()).search).toContain('?text=Several&done=keysSuspended&undo=');
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
    expect(lines[0]).toMatch(/^accessKeyId,user,permissions,comment,state,createdAt,expiresAt,.*,isDerived,/);
    expect(lines[0]).not.toContain('isCanary');
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
    const [head, ...lines] = (await answer.text()).trimEnd().split('\r\n');
    expect(head).toMatch(/,isDerived,quota,isCanary,/);
    const ids = lines.map((line) => line.slice(0, 20));
    const all = JSON.parse(await service.ok('v-list-access-keys', '', 'json')) as object;
    expect(ids.sort()).toEqual(Object.keys(all).sort());
    await browser.close();
  });
});

describeWith('chromium-headless-shell')('every page about keys', () => {
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
