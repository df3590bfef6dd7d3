/** The overview in a browser: the checklist of a new installation up to a real request, numbers that lead on, the doctor. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { LateReads } from '../../src/http/console/late-reads.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole, withoutScripts } from './console-browser.js';

const run = promisify(execFile);

describeWith('chromium-headless-shell')('the overview', () => {
  let service: TestService;

  it('of a new installation is a checklist, ticked as each step is done, up to a request with curl', async () => {
    service = await startConsole();
    // However busy the machine is.
    service.part<LateReads>(LateReads).patienceMs = 60_000;
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console');
    const { page } = visitor;
    expect(await visitor.text('h1')).toBe('Welcome to Hearthkey');
    const badges = (): Promise<string[]> => page.locator('[data-step] .badge').allInnerTexts();
    const ticked = (count: number): Promise<void> =>
      within(3000, `${String(count)} steps are done`, async () => {
        return (await badges()).filter((text) => text === 'done').length === count;
      });
    await ticked(0);
    await service.addUser('alice');
    await ticked(1);
    const key = await service.makeKey('alice', 'mail-accounts');
    await ticked(2);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    await ticked(3);
    const curl = await visitor.text('#curl');
    expect(curl).toContain(`${key.id}:SECRET`);
    const { stdout } = await run('sh', [
      '-c',
      `${curl.replace('SECRET', key.secret)} --silent --noproxy '*'`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ user: 'alice', accessKeyId: key.id });
    // Then nothing is left to do, and the overview takes its place.
    await within(3000, 'the overview', async () => (await visitor.text('h1')) === 'Overview');
    expect(visitor.complaints).toEqual([]);
  });

  it('counts decisions about programs by reason, and each number leads to its events', async () => {
    const key = await service.makeKey('alice', 'mail-accounts', 'Never used');
    for (const command of ['v-list-users', 'v-list-users', 'v-add-database'])
      await service.call(key, command);
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    for (const span of ['Last hour', 'Last day', 'Last 30 days']) {
      await visitor.visit('/console');
      await visitor.click('link', span);
      expect(await visitor.text('.figures')).toMatch(/1\s+allowed\s+3\s+denied/);
      const chart = visitor.page.getByRole('img', { name: 'Decisions over time: 1 allowed, 3 denied' });
      expect(await chart.locator('rect').count()).toBeGreaterThan(0);
      await visitor.click('link', 'Permission missing');
      expect(await visitor.page.locator('tbody tr').count()).toBe(3);
    }
    await visitor.visit('/console');
    await visitor.click('link', /denied$/);
    expect(await visitor.page.locator('tbody tr').count()).toBe(3);
  });

  it('names keys that end soon and those that were never used, and leads to their lists', async () => {
    await service.ok('v-add-access-key', 'alice', 'mail-accounts', 'Soon', 'plain', '--expires', '3d');
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await visitor.visit('/console');
    const card = visitor.page.locator('section.card', { hasText: 'Keys that end within 14 days' });
    expect(await card.innerText()).toMatch(/\n1\n/);
    expect(await card.innerText()).toContain('in 3 days');
    await card.locator('.figure a').click();
    expect(await visitor.page.locator('tbody tr').count()).toBe(1);
    expect(await visitor.text('tbody')).toContain('Soon');
    await visitor.visit('/console');
    await visitor.page.locator('section.card', { hasText: 'never used' }).locator('.figure a').click();
    expect(await visitor.page.getByLabel('Use', { exact: true }).inputValue()).toBe('never');
  });

  it('has the findings of the doctor, with scripts beside the rest and without them by a link', async () => {
    await service.ok('v-add-sys-api-ip', 'allow-all');
    const scripted = await ConsoleBrowser.logIn(service, 'admin');
    await scripted.visit('/console');
    await within(2000, 'a number', async () => /\d+ finding/.test(await scripted.text('[data-loads]')));
    expect(scripted.complaints).toEqual([]);
    const plain = await ConsoleBrowser.logIn(service, 'admin', { ...withoutScripts, locale: 'de' });
    await plain.visit('/console');
    await plain.click('link', 'Jetzt prüfen');
    expect(await plain.text()).toContain('Was zu tun ist');
    expect(await plain.text()).toContain('everybody_allowed');
  });

  it('waits for nothing that takes long: the script fetches it, and without scripts it has a page', async () => {
    const reads = service.part<LateReads>(LateReads);
    reads.patienceMs = 0;
    const plain = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await plain.visit('/console?all=1&span=day');
    expect(await plain.page.locator('.figures').count()).toBe(0);
    await plain.page.locator('section.card', { hasText: 'Decisions' }).getByRole('link').click();
    expect(await plain.text('.figures')).toMatch(/1\s+allowed\s+3\s+denied/);
    expect((await plain.visit('/console/overview/nothing')).status()).toBe(404);
    const scripted = await ConsoleBrowser.logIn(service, 'admin');
    await scripted.visit('/console?all=1');
    await scripted.page.locator('.figures').waitFor();
    await within(3000, 'every part', async () => !(await scripted.text()).includes('takes a little'));
    expect(await scripted.barriers()).toEqual([]);
    expect(scripted.complaints).toEqual([]);
    reads.patienceMs = 60_000;
  });

  it('shows a user his own keys and events, and nothing of others', async () => {
    const bobs = await (async () => {
      await service.addUser('bob');
      return service.makeKey('bob', 'mail-accounts', 'Mail of bob');
    })();
    await service.call(bobs, 'v-list-users');
    const visitor = await ConsoleBrowser.logIn(service, 'bob', withoutScripts);
    await visitor.visit('/console');
    expect(await visitor.text()).toContain('Mail of bob');
    expect(await visitor.text('table')).toContain('Permission missing');
    expect(await visitor.page.content()).not.toContain('alice');
    expect(await visitor.text()).not.toContain('Nodes');
  });
});
