/** The console in a real browser: changes that wait for a second person. */
import { beforeAll, expect, it } from '@jest/globals';
import { approvalIn, SudoUser } from '../support/approvers.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';

let service: TestService;
let alice: SudoUser;

beforeAll(async () => {
  service = await startConsole({ APPROVALS: '2' });
  alice = new SudoUser(service, 'alice');
});

const ask = async (comment: string): Promise<string> =>
  approvalIn((await alice.run('v-add-access-key', 'admin', '', comment)).stdout) ?? '';

describeWith('chromium-headless-shell')('approvals', () => {
  it('can be read by everybody, in both languages and themes, on a narrow window', async () => {
    await ask('first');
    const looks = [
      { colorScheme: 'light', locale: 'en', title: 'Approvals' },
      { colorScheme: 'dark', locale: 'de', title: 'Freigaben' },
    ] as const;
    for (const { title, ...look } of looks) {
      const browser = await ConsoleBrowser.logIn(service, 'admin', {
        ...look,
        viewport: { width: 360, height: 700 },
      });
      await browser.visit('/console/approvals');
      expect(await browser.text('h1')).toBe(title);
      expect(await browser.text('main')).toContain('comment=first');
      expect(await browser.barriers()).toEqual([]);
      expect(await browser.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
      expect(browser.complaints).toEqual([]);
      await browser.close();
    }
  });

  it('are given and refused by the root user, whose own have to wait for somebody else', async () => {
    const [one, other] = [await ask('one'), await ask('other')];
    const browser = await ConsoleBrowser.logIn(service, 'admin');
    await browser.visit('/console/approvals');
    await browser.press(`Approve the change ${one}`);
    expect(await browser.text()).toContain('Approved. The person who asked for the change can make it now');
    await browser.press(`Reject the change ${other}`);
    expect((await alice.run('v-add-access-key', 'admin', '', 'one')).code).toBe(0);
    expect((await service.run('v-approve-change', other)).code).toBe(3);
    await browser.visit('/console/settings');
    await browser.press('Make a legacy key');
    expect(await browser.text()).toContain('a second person has to approve this change');
    await browser.visit('/console/approvals');
    expect(await browser.text('main')).toContain('Somebody else has to approve what you have asked for.');
  });

  it('are no page of others, and of nobody where nothing waits', async () => {
    const open = await startConsole();
    const browser = await ConsoleBrowser.logIn(open, 'admin');
    expect(await browser.page.locator('nav.pages a').allInnerTexts()).not.toContain('Approvals');
    await browser.visit('/console/approvals');
    expect(await browser.text('main')).toContain('Nothing is approved on this page');
    await service.addUser('bert');
    const bert = await ConsoleBrowser.logIn(service, 'bert');
    expect((await bert.visit('/console/approvals')).status()).toBe(403);
  });
});
