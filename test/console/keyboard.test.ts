/** A key by the keyboard alone, from the login to a request with curl; and a service that is away for a while. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.js';
import { temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';

const run = promisify(execFile);

async function settingsOf(): Promise<Record<string, string>> {
  const port = String(await freePort());
  return {
    ...{ LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: `http://localhost:${port}` },
    DATA_DIR: temporaryFolder(),
  };
}

/** Goes on with Tab until what has the focus is this. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let steps = 0; steps < 100; steps++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`no way by Tab to ${selector}`);
}

async function logIn(page: Page, service: ServiceProcess): Promise<void> {
  const { stdout } = await service.bin('hearthkey', ['login-link', 'admin']);
  await page.goto(stdout.trim().split('\n')[0] ?? '');
  await page.waitForURL((url) => url.pathname === '/console');
}

describeWith('chromium-headless-shell', 'curl')('without a mouse', () => {
  it('a new installation gets to a key that curl uses', async () => {
    const service = await ServiceProcess.start(await settingsOf());
    await service.bin('v-change-sys-config-value', ['API_SYSTEM', '2']);
    await service.bin('v-add-sys-api-ip', ['127.0.0.1']);
    const page = await openPage('about:blank', { locale: 'en' });
    await logIn(page, service);
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.waitForURL((url) => url.pathname === '/console/keys');
    await page.keyboard.press('n');
    await page.waitForURL((url) => url.pathname === '/console/keys/new');
    await tabTo(page, '[name=permissions][value=update-dns-records]');
    await page.keyboard.press('Space');
    await tabTo(page, '[name=comment]');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    const secret = (await page.locator('#key-secret').innerText()).trim();
    const id = (await page.locator('#key-id').innerText()).trim();
    const authorization = `Authorization: Bearer ${id}:${secret}`;
    const { stdout } = await run('curl', ['-s', `${service.url}/v1/whoami`, '-H', authorization]);
    expect(JSON.parse(stdout)).toMatchObject({
      accessKeyId: id,
      user: 'admin',
      permissions: ['update-dns-records'],
    });
    await service.end();
  });
});

describeWith('chromium-headless-shell')('a service that is away', () => {
  it('is said to be so, and the page goes on when it is back', async () => {
    const settings = await settingsOf();
    const first = await ServiceProcess.start(settings);
    await first.makeKey('admin', '', 'First');
    await first.makeKey('admin', '', 'Second');
    const page = await openPage('about:blank', { locale: 'en' });
    await logIn(page, first);
    await page.goto(`${settings['PUBLIC_URL'] ?? ''}/console/keys`);
    await first.end('SIGKILL');
    await page.locator('[name=text]').fill('Second');
    await page.getByText('The service cannot be reached').waitFor();
    expect(await page.locator('[data-results] tbody tr').count()).toBe(2);
    const second = await ServiceProcess.start(settings);
    await page.locator('[name=text]').fill('Second');
    await page.locator('[data-results] tbody tr').nth(1).waitFor({ state: 'detached' });
    expect(await page.locator('[data-results] tbody').innerText()).toContain('Second');
    await second.end();
  });
});
