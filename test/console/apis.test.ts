/** API roles in a real browser: the list with broken files, the editor with its preview, and the end of a role. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { LateReads } from '../../src/http/console/late-reads.js';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';
import { ConsoleBrowser, startConsole, withoutScripts } from './console-browser.js';
import { ways } from './console-keys.js';

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
  // However busy the machine is.
  service.part<LateReads>(LateReads).patienceMs = 60_000;
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
  await service.addUser('alice');
});

async function codeOf(key: Key, command: string): Promise<number> {
  return (await service.call(key, command, ['alice'])).code;
}

/** No permission for the command. */
const forbidden = 10;

describeWith('chromium-headless-shell')('the list of API roles', () => {
  it.each(ways)(
    'has each role with its keys, and broken files with what is wrong (%s)',
    async (_name, options) => {
      await service.ok('v-add-access-key', 'alice', 'update-dns-records');
      const broken = "ROLE='user'\nCOMMANDS='v-list-user'\nWHAT='<script>document.title=1</script>'\n";
      writeFileSync(join(service.dataDir, 'api', 'broken'), broken);
      await within(1500, 'the broken file to be seen', async () =>
        (await service.ok('v-list-apis', 'json')).includes('broken'),
      );
      const browser = await ConsoleBrowser.logIn(service, 'admin', options);
      const { page } = browser;
      await browser.visit('/console/apis');
      const row = (name: string) =>
        page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
      expect(await row('billing').innerText()).toMatch(
        /keys of the root user and of administrators\s+11\s+0/,
      );
      expect(await row('broken').innerText()).toMatch(/broken: grants nothing line 3/);
      await row('update-dns-records')
        .getByRole('link', { name: /access keys? ha(s|ve) update-dns-records/ })
        .click();
      await page.waitForURL((url) => url.search === '?permission=update-dns-records');
      await browser.visit('/console/apis/broken');
      expect(await browser.text('.notice.wrong')).toContain('line 3');
      expect(browser.complaints).toEqual([]);
      await browser.close();
    },
  );

  it('does not wait for the keys to be counted', async () => {
    const reads = service.part<LateReads>(LateReads);
    reads.patienceMs = 0;
    const plain = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await plain.visit('/console/apis');
    expect(await plain.text('table')).toContain('…');
    await plain.click('link', 'Wait for it');
    expect(await plain.text('table')).not.toContain('…');
    const scripted = await ConsoleBrowser.logIn(service, 'admin');
    await scripted.visit('/console/apis');
    await within(3000, 'the counts', async () => !(await scripted.text('table')).includes('…'));
    expect(scripted.complaints).toEqual([]);
    reads.patienceMs = 60_000;
  });

  it('has no page of a role for a user', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'alice');
    for (const path of ['/new', '/mail-accounts', '/mail-accounts/change'])
      expect([path, (await browser.visit(`/console/apis${path}`)).status()]).toEqual([path, 403]);
    expect((await browser.visit('/console/apis')).status()).toBe(200);
    expect(await browser.page.getByRole('link', { name: 'New API role' }).count()).toBe(0);
    expect(await browser.page.locator('main a[href^="/console/apis"]').count()).toBe(0);
    await browser.close();
  });
});

describeWith('chromium-headless-shell')('a new API role', () => {
  it('is made of commands that were searched, with SAFE where a command names no user', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit('/console/apis');
    await page.keyboard.press('n');
    await page.waitForURL((url) => url.pathname === '/console/apis/new');
    await page.getByLabel('Name', { exact: true }).fill('dns-reader');
    await page.getByRole('radio', { name: /^user/ }).check();
    const search = page.getByLabel('Search commands by name or description');
    await search.fill('v-list-dns-records');
    await page.getByRole('checkbox', { name: /^v-list-dns-records / }).check();
    expect(await page.getByRole('checkbox', { name: 'v-list-dns-records is SAFE' }).count()).toBe(0);
    await search.fill('v-list-sys-cpu-status');
    expect(await page.getByRole('checkbox', { name: /^v-list-dns-records / }).isVisible()).toBe(false);
    await page.locator('[name=commands][value=v-list-sys-cpu-status]').check();
    await page.getByLabel('v-list-sys-cpu-status is SAFE').check();
    await page.getByText('What SAFE means').click();
    expect(await browser.text('fieldset .notice')).toContain('with any arguments that they like');
    await page.getByLabel('Further commands').fill('v-own-thing');
    await browser.press('Make the role');
    expect(await browser.text()).toContain('The API role is there.');
    expect(await page.locator('tbody th').allInnerTexts()).toEqual([
      'v-list-dns-records',
      expect.stringMatching(/^v-list-sys-cpu-status\s+SAFE$/),
      'v-own-thing',
    ]);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('is one that is ready-made, or refused with what is wrong, without scripts', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    const { page } = browser;
    await browser.visit('/console/apis/new');
    await page.getByLabel('Name', { exact: true }).fill('<b>x');
    await browser.press('Make the role');
    expect(await browser.text('[role=alert]')).toContain('Choose whose keys the role is for');
    await page.getByRole('radio', { name: /^admin/ }).check();
    await browser.press('Make the role');
    expect(await browser.text('[role=alert]')).toContain('Name: ');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('<b>x');
    await page.getByLabel('Name', { exact: true }).fill('billing');
    await page.getByLabel('Further commands').fill('v-list-user');
    await browser.press('Make the role');
    expect(await browser.text('[role=alert]')).toMatch(/billing/);
    await page.getByLabel('Name', { exact: true }).fill('shop');
    await page.getByLabel('Ready-made for a client').selectOption('fossbilling');
    await browser.press('Make the role');
    expect(await page.locator('h1').innerText()).toBe('shop');
    expect(await browser.text()).toContain('v-add-user');
    await page.getByRole('link', { name: 'New key with this role' }).click();
    expect(await page.getByRole('checkbox', { name: 'shop' }).isChecked()).toBe(true);
    await browser.close();
  });
});

describeWith('chromium-headless-shell')('a change of an API role', () => {
  it.each(ways)('shows what it takes from which key before it is saved (%s)', async (_name, options) => {
    const name = options === withoutScripts ? 'change-plain' : 'change-scripted';
    await service.ok('v-add-api', name, 'user', 'v-list-user,v-list-dns-records');
    const key = await service.makeKey('alice', name);
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    await browser.visit(`/console/apis/${name}/change`);
    await page.getByRole('checkbox', { name: /^v-list-user / }).uncheck();
    await browser.press('Save');
    // Nothing is saved yet.
    expect(await codeOf(key, 'v-list-user')).toBe(0);
    expect(await page.locator('#effect tbody tr').innerText()).toMatch(
      new RegExp(`^${key.id}\\s+alice\\s+v-list-user\\s+nothing$`),
    );
    // What is saved then is what was seen: another choice is shown anew.
    await page.getByRole('checkbox', { name: /^v-list-dns-records / }).uncheck();
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await page.locator('#effect', { hasText: 'v-list-dns-records v-list-user' }).waitFor();
    expect(await codeOf(key, 'v-list-user')).toBe(0);
    await page.getByLabel('Further commands').fill('v-list-dns-records');
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await page.locator('#effect tbody tr td:nth-child(3)', { hasText: /^v-list-user$/ }).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await page.waitForURL((url) => url.search.startsWith('?done=saved&undo='));
    expect(await codeOf(key, 'v-list-user')).toBe(forbidden);
    expect(await codeOf(key, 'v-list-dns-records')).not.toBe(forbidden);
    // What takes nothing away is saved at once.
    await browser.visit(`/console/apis/${name}/change`);
    await page.getByLabel('Further commands').fill('v-list-user');
    await browser.press('See what it changes');
    expect(await page.locator('#effect tbody tr').innerText()).toMatch(/alice\s+nothing\s+v-list-user$/);
    expect(await codeOf(key, 'v-list-user')).toBe(forbidden);
    await browser.press('Save');
    expect(await codeOf(key, 'v-list-user')).toBe(0);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  it('does not overwrite what another tab has saved', async () => {
    await service.ok('v-add-api', 'tabs', 'user', 'v-list-user');
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = browser;
    await browser.visit('/console/apis/tabs/change');
    await service.ok('v-change-api', 'tabs', 'user', 'v-list-user,v-list-dns-records');
    await page.getByLabel('Further commands').fill('v-own-thing');
    await browser.press('Save');
    expect(await browser.text()).toContain('Somebody else has changed this role');
    expect(await page.getByLabel('Further commands').inputValue()).toBe('v-own-thing');
    await page.getByRole('link', { name: 'Open the form anew' }).click();
    expect(await page.getByRole('checkbox', { name: /^v-list-dns-records / }).isChecked()).toBe(true);
    await browser.close();
  });

  it.each(ways)('that is its end tells first what it takes along (%s)', async (_name, options) => {
    const name = options === withoutScripts ? 'end-plain' : 'end-scripted';
    await service.ok('v-add-api', name, 'user', 'v-list-user');
    const key = await service.makeKey('alice', name);
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    await browser.visit(`/console/apis/${name}`);
    await browser.press('Delete');
    expect(await browser.text('#effect')).toMatch(new RegExp(`${key.id}\\s+alice\\s+v-list-user`));
    expect(await codeOf(key, 'v-list-user')).toBe(0);
    await browser.press('Delete the role');
    expect(await browser.text()).toContain(
      'The API role is deleted. It grants nothing any more, on any node.',
    );
    expect(await codeOf(key, 'v-list-user')).toBe(forbidden);
    expect((await browser.visit(`/console/apis/${name}`)).status()).toBe(404);
    await browser.visit(`/console/keys/${key.id}`);
    expect(await browser.text('.facts')).toContain('does not exist');
    await browser.close();
  });
});

describeWith('chromium-headless-shell')('every page about API roles', () => {
  it.each([
    ['light', 'en', 1280],
    ['dark', 'de', 360],
  ] as const)('can be used by everybody (%s, %s, %d pixels wide)', async (colorScheme, locale, width) => {
    const viewport = { width, height: 800 };
    const browser = await ConsoleBrowser.logIn(service, 'admin', { colorScheme, locale, viewport });
    const { page } = browser;
    const check = async (what: string): Promise<void> => {
      expect([what, await browser.barriers()]).toEqual([what, []]);
      expect([what, await page.locator('h1').count()]).toEqual([what, 1]);
      const scrolled = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([what, scrolled]).toEqual([what, width]);
    };
    for (const part of ['', '/new', '/mail-accounts', '/update-dns-records/change']) {
      await browser.visit(`/console/apis${part}`);
      await check(part);
    }
    await page.locator('[name=commands]:checked').first().uncheck();
    await page.locator('button[value=preview]').click();
    await page.locator('#effect').waitFor();
    await check('preview');
    await browser.visit('/console/apis/update-dns-records');
    await page.locator('main button.danger').click();
    await page.locator('#effect').waitFor();
    await check('end');
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });
});
