/** The console in a real browser: logging in, users, sessions, the own account, settings. */
import { get } from 'node:http';
import { beforeAll, expect, it } from '@jest/globals';
import { VirtualAuthenticator } from '../support/browser.js';
import { linkToken } from '../support/person.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';
import { ConsoleBrowser, startConsole, withoutScripts } from './console-browser.js';

const password = 'Correct-Horse-7';

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
});

describeWith('chromium-headless-shell')('logging in', () => {
  beforeAll(async () => {
    await service.ok('v-add-user', 'anna', password, 'anna@example.com');
  });

  it.each([
    ['with scripts', {}],
    ['without scripts', withoutScripts],
  ])('with a password, %s', async (_name, options) => {
    const { page, ...browser } = await ConsoleBrowser.open(service, '/console/keys?text=x', options);
    expect(new URL(page.url()).pathname).toBe('/console/login');
    await page.getByLabel('User', { exact: true }).fill('anna');
    await page.getByLabel('Password', { exact: true }).fill('wrong-Password-1');
    await page.getByRole('button', { name: 'Log in', exact: true }).first().click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('User', { exact: true }).inputValue()).toBe('anna');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).first().click();
    // Where he wanted to go.
    await page.waitForURL((url) => url.pathname === '/console/keys' && url.search === '?text=x');
    expect(await page.locator('.who').innerText()).toContain('anna');
    expect(browser.complaints).toEqual([]);
  });

  it('with the link of an operator, whose token leaves the address at once', async () => {
    const token = await linkToken(service, 'anna');
    const { page } = await ConsoleBrowser.open(service, `/console/login#token=${token}`);
    await page.waitForURL((url) => url.pathname === '/console');
    const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }])';
    expect(await page.evaluate(stored)).toBe('[{},{}]');
    for (let step = 0; step < 2; step++) {
      await page.goBack().catch(() => undefined);
      expect(page.url()).not.toContain(token);
    }
  });

  it('leads to no other site', async () => {
    const { page } = await ConsoleBrowser.open(
      service,
      '/console/login?next=https://elsewhere.example/console',
    );
    await page.getByLabel('User', { exact: true }).fill('anna');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).first().click();
    await page.waitForURL((url) => url.pathname === '/console');
  });

  it('ends by logging out, and going back shows nothing', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'anna');
    await browser.press('Log out');
    expect((await browser.visit('/console')).url()).toContain('/console/login');
  });

  it('with a passkey that was enrolled on the own page', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'anna');
    const { page } = browser;
    const authenticator = await VirtualAuthenticator.addTo(page);
    await browser.visit('/console/account');
    await page.getByLabel('Name of the new passkey').fill('My <b>phone</b>');
    await browser.press('Enrol a passkey');
    await page.getByRole('rowheader', { name: 'My <b>phone</b>' }).waitFor();
    expect(await authenticator.credentials()).toHaveLength(1);
    await browser.press('Log out');
    await page.getByRole('button', { name: 'Log in with a passkey' }).click();
    await page.waitForURL((url) => url.pathname === '/console');
    await browser.visit('/console/account');
    await browser.press('Delete the passkey My <b>phone</b>');
    expect(await browser.text('#passkeys')).toContain('No passkey yet');
  });
});

describeWith('chromium-headless-shell')('users', () => {
  it.each([
    ['with scripts', {}, 'berta'],
    ['without scripts', withoutScripts, 'bruno'],
  ])('are added, suspended and deleted by the root user, %s', async (_name, options, user) => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', options);
    const { page } = browser;
    await browser.visit('/console/users/new');
    await page.getByLabel('Name of the user').fill('no good!');
    await page.getByLabel('E-mail').fill('x@example.com');
    await page.getByLabel('First name').fill('<script>alert(1)</script>');
    await page.getByLabel('Password').fill(password);
    await browser.press('Add the user');
    expect(await page.getByLabel('E-mail').inputValue()).toBe('x@example.com');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    expect(await page.locator('.field.wrong label').allInnerTexts()).toContain('Name of the user');
    await page.getByLabel('Name of the user').fill(user);
    await page.getByLabel('First name').fill('Bea');
    await page.getByLabel('Password').fill(password);
    await browser.press('Add the user');
    expect(new URL(page.url()).pathname).toBe(`/console/users/${user}`);

    await browser.press('Suspend');
    expect(await browser.text()).toContain('suspended');
    expect(await service.ok('v-list-user', user, 'json')).toContain('"SUSPENDED": "yes"');
    await browser.press('Unsuspend');
    expect(await service.ok('v-list-user', user, 'json')).toContain('"SUSPENDED": "no"');

    await page.getByLabel(`Enter “${user}” to delete it`).fill('somebody');
    await browser.press('Delete');
    expect(await browser.text()).toContain('This is not the name of the user');
    await page.getByLabel(`Enter “${user}” to delete it`).fill(user);
    await browser.press('Delete');
    expect(new URL(page.url()).pathname).toBe('/console/users');
    expect((await service.run('v-list-user', user)).code).toBe(3);
  });

  it('are nothing that another user gets to see', async () => {
    await service.ok('v-add-user', 'carla', password, 'carla@example.com');
    const browser = await ConsoleBrowser.logIn(service, 'carla');
    for (const path of [
      '/console/users',
      '/console/users/anna',
      '/console/settings',
      '/console/sessions?user=anna',
    ]) {
      const response = await browser.visit(path);
      expect([path, response.status()]).toEqual([path, 403]);
      expect(await browser.text('body')).not.toContain('anna@example.com');
    }
    expect(await browser.page.locator('nav.pages a').allInnerTexts()).not.toContain('Users');
  });
});

describeWith('chromium-headless-shell')('sessions', () => {
  it('are ended by the root user, and the page of their user leads to the login', async () => {
    await service.ok('v-add-user', 'dora', password, 'dora@example.com');
    const theirs = await ConsoleBrowser.logIn(service, 'dora');
    const root = await ConsoleBrowser.logIn(service, 'admin');
    await root.visit('/console/sessions');
    await root.press('End the session of dora');
    expect(await root.text()).toContain('The session has ended on every node');
    expect((await theirs.visit('/console/account')).url()).toContain(
      '/console/login?next=%2Fconsole%2Faccount',
    );
  });

  it('end with the password, which its user changes on the own page', async () => {
    await service.ok('v-add-user', 'emil', password, 'emil@example.com');
    const browser = await ConsoleBrowser.logIn(service, 'emil');
    await browser.visit('/console/account');
    await browser.page.getByLabel('New password').fill('short');
    await browser.press('Change the password');
    expect(await browser.page.locator('.field.wrong').count()).toBe(1);
    await browser.page.getByLabel('New password').fill('Another-Horse-8');
    await browser.press('Change the password');
    expect((await browser.visit('/console')).url()).toContain('/console/login');
  });
});

describeWith('chromium-headless-shell')('settings', () => {
  it('turn read-only mode on, which is turned off on the server alone', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    await browser.visit('/console/settings');
    await browser.press('Turn on');
    expect((await service.run('v-add-access-key', 'admin', '', 'Billing')).code).toBe(1);
    expect(await browser.text()).toContain('v-change-sys-config-value DEMO_MODE no');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
    expect((await service.run('v-add-access-key', 'admin', '', 'Billing')).code).toBe(0);
  });

  it('make a legacy key that is shown once, and revoke it', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    await browser.visit('/console/settings');
    await browser.press('Make a legacy key');
    const key = (await browser.page.locator('#legacy-key').innerText()).trim();
    expect(key).toMatch(/^[\w-]{32}$/);
    expect(browser.page.url()).not.toContain(key);
    await browser.page.getByRole('link', { name: 'I have copied it' }).click();
    await within(10_000, 'the list', () => new URL(browser.page.url()).pathname === '/console/settings');
    expect(await browser.text()).not.toContain(key);
    await browser.page.getByRole('button', { name: /^Revoke the legacy key/ }).click();
    await browser.page.getByText('No legacy key').waitFor();
  });
});

describeWith('chromium-headless-shell')('a name in the address of a page', () => {
  // As a client sends it that does not take the dots away, as browsers do.
  const statusOf = ({ person, origin }: ConsoleBrowser, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(origin);
      get(
        { hostname, port, path, headers: { Cookie: person.cookie, Host: `localhost:${port}` } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      ).on('error', reject);
    });

  it('is never a step to another operation', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    expect(await statusOf(browser, '/console/users/admin')).toBe(200);
    for (const path of ['users/%2e%2e', 'users/%2e', 'keys/%2e%2e%2fusers', 'keys/%2e%2e', 'apis/%2e%2e'])
      expect([path, await statusOf(browser, `/console/${path}`)]).toEqual([path, 404]);
    // What it would have been: a list in place of one of its entries.
    expect(await statusOf(browser, '/console/record/%2e')).toBe(404);
  });
});

describeWith('chromium-headless-shell')('a form of another site', () => {
  it('changes nothing, with the cookie of somebody who has logged in', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    await browser.visit('/console/settings');
    const post = `fetch('/console/settings/read-only', { method: 'POST', redirect: 'manual',
      body: new URLSearchParams({ csrf: 'made-up' }) }).then(({ status }) => status)`;
    expect(await browser.page.evaluate(post)).toBe(403);
    expect(await service.ok('v-list-sys-config', 'json')).toContain('"DEMO_MODE": "no"');
  });
});
