/** Every page of the console, for the root user and for another: WCAG 2.2 AA, widths, headers, both languages and themes. */
import { expect, it, beforeAll } from '@jest/globals';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';

// Those about keys and API roles have tests of their own beside theirs.
const ofRootUser = [
  ...['/console', '/console/callers', '/console/doctor', '/console/record', '/console/record/1'],
  ...['/console/record/verification', '/console/users', '/console/users/new', '/console/users/alice'],
  ...['/console/sessions', '/console/account', '/console/settings', '/console/about', '/console/nothing'],
];
const ofUsers = ['/console', '/console/keys', '/console/record', '/console/account', '/console/about'];
const hostile = `</td><script>document.title='broken'</script>\u202e" onfocus=alert(1)`;

let service: TestService;

beforeAll(async () => {
  service = await startConsole();
  await service.addUser('alice');
  await service.makeKey('alice', 'purge-nginx-cache');
  await service.makeKey('admin', '');
});

const looks = [
  { name: 'light, English', colorScheme: 'light', locale: 'en' },
  { name: 'dark, German', colorScheme: 'dark', locale: 'de' },
] as const;

describeWith('chromium-headless-shell')('every page', () => {
  it.each(looks)('can be used by everybody ($name)', async ({ colorScheme, locale }) => {
    for (const [user, pages] of [
      ['admin', ofRootUser],
      ['alice', ofUsers],
    ] as const) {
      const browser = await ConsoleBrowser.logIn(service, user, { colorScheme, locale });
      expect(await browser.page.locator('html').getAttribute('lang')).toBe(locale);
      for (const path of pages) {
        const response = await browser.visit(path);
        expect([path, response.status()]).toEqual([path, path.endsWith('nothing') ? 404 : 200]);
        expect([path, await browser.barriers()]).toEqual([path, []]);
        expect([path, await browser.page.locator('h1').count()]).toEqual([path, 1]);
      }
      expect(browser.complaints).toEqual([]);
      await browser.close();
    }
  });

  it('fits a window of 360 pixels', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin', { viewport: { width: 360, height: 700 } });
    for (const path of ofRootUser) {
      await browser.visit(path);
      const width = await browser.page.evaluate<number>('document.documentElement.scrollWidth');
      expect([path, width]).toEqual([path, 360]);
    }
  });

  it('has headers that keep out what is not ours', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    for (const path of ofRootUser) {
      const headers = (await browser.visit(path)).headers();
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|\*|data:/);
    }
  });

  it('is within 50 KB at first, and asks nobody else', async () => {
    const browser = await ConsoleBrowser.open(service, '/console/login');
    await browser.page.waitForLoadState('networkidle');
    const entries = await browser.page.evaluate<{ name: string; bytes: number }[]>(
      `['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
         .map(({ name, decodedBodySize }) => ({ name, bytes: decodedBodySize }))`,
    );
    expect(entries.filter(({ name }) => !name.startsWith(browser.origin))).toEqual([]);
    expect(entries.length).toBeLessThanOrEqual(4);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(50_000);
  });

  it('shows what users wrote as text', async () => {
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    await browser.visit(`/console/keys?text=${encodeURIComponent(hostile)}`);
    expect(await browser.page.getByLabel('Search ID, user or comment').inputValue()).toBe(hostile);
    expect(await browser.page.title()).toContain('Access keys');
    expect(await browser.page.locator('main script').count()).toBe(0);
    expect(browser.complaints).toEqual([]);
  });

  it('is not there with HEARTHKEY_CONSOLE=no', async () => {
    const off = await startConsole({ CONSOLE: 'no' });
    for (const path of ['/console', '/console/login', '/console/assets/console.css'])
      expect((await off.request('GET', path, undefined)).status).toBe(404);
    expect((await off.request('GET', '/livez', undefined)).status).toBe(200);
  });
});
