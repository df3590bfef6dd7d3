/** Undo: what a form changed is put back by the notice that follows it, with scripts and without. */
import { beforeAll, expect, it } from '@jest/globals';
import { Person } from '../support/person.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';
import { ways } from './console-keys.js';

interface ShownKey {
  state: string;
  permissions: string[];
  comment: string;
}

let service: TestService;
let root: Person;

const list = async (...command: [string, ...string[]]): Promise<Record<string, unknown>> =>
  JSON.parse(await service.ok(...command)) as Record<string, unknown>;
const keyOf = async (id: string) => (await root.get<ShownKey>(`/v1/access-keys/${id}`)).json;
const addresses = async (): Promise<string[]> =>
  (await service.ok('v-list-sys-api-ips', 'plain')).split('\n').filter((line) => line !== '');
const switches = async () => (await list('v-list-sys-config', 'json'))['config'] as Record<string, string>;

const undo = (visitor: ConsoleBrowser): Promise<void> => visitor.press('Undo', '.notice.done');

describeWith('chromium-headless-shell')('undo', () => {
  beforeAll(async () => {
    service = await startConsole();
    for (const user of ['alice', 'bob']) await service.addUser(user);
    root = await new Person(service).logInByLink('admin');
  });

  it.each(ways)('lets a suspended key count again, %s, and says what it did', async (_, options) => {
    const { id } = await service.makeKey('alice', 'mail-accounts');
    const visitor = await ConsoleBrowser.logIn(service, 'admin', options);
    await visitor.visit(`/console/keys/${id}`);
    await visitor.press('Suspend', 'main');
    expect((await keyOf(id)).state).toBe('suspended');
    await undo(visitor);
    expect(await visitor.text('.notice.done')).toContain('Undone. It is as it was before');
    expect(new URL(visitor.page.url()).pathname).toBe(`/console/keys/${id}`);
    expect((await keyOf(id)).state).toBe('active');
    // An undo is not undone.
    expect(await visitor.page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it.each(ways)('lets several count again, but none that was suspended before, %s', async (_, options) => {
    const made = [];
    for (const comment of ['one', 'two', 'three'])
      made.push((await service.makeKey('bob', 'mail-accounts', comment)).id);
    const [before = '', ...others] = made;
    await service.ok('v-suspend-access-key', before);
    const visitor = await ConsoleBrowser.logIn(service, 'admin', options);
    await visitor.visit('/console/keys?user=bob&sort=-createdAt');
    for (const id of made) await visitor.page.getByLabel(`Select ${id}`).check();
    await visitor.press('Suspend', 'main');
    await visitor.press('Suspend these keys', 'main');
    const [gone = '', ...rest] = others;
    await service.ok('v-delete-access-key', gone);
    await undo(visitor);
    expect(await visitor.text('.notice.done')).toContain(
      'keys that are gone, or were not suspended any more',
    );
    expect((await keyOf(before)).state).toBe('suspended');
    for (const id of rest) expect((await keyOf(id)).state).toBe('active');
    expect(visitor.page.url()).toContain('user=bob&sort=-createdAt');
    for (const id of [before, ...rest]) await service.ok('v-delete-access-key', id);
  });

  it('gives a key back what it was, unless it was changed since', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts', 'As it was');
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    const change = async (): Promise<void> => {
      await visitor.visit(`/console/keys/${id}/change`);
      await visitor.page.getByLabel('Comment').fill('Changed');
      await visitor.page.getByRole('checkbox', { name: /^purge-nginx-cache/ }).check();
      await visitor.page.getByLabel('Allowed addresses').fill('203.0.113.9');
      await visitor.press('Save', 'main');
    };
    const before = await keyOf(id);
    await change();
    expect((await keyOf(id)).permissions).toContain('purge-nginx-cache');
    await undo(visitor);
    expect(await keyOf(id)).toEqual(before);
    await change();
    await service.ok('v-change-access-key', id, 'COMMENT', 'By somebody else');
    await undo(visitor);
    expect(await visitor.text('h1')).toBe('That did not work');
    expect((await keyOf(id)).comment).toBe('By somebody else');
  });

  it('puts back addresses and switches', async () => {
    await service.ok('v-add-sys-api-ip', '203.0.113.0/24');
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/callers');
    await visitor.press('Delete 203.0.113.0/24', 'main');
    expect(await addresses()).toEqual([]);
    await undo(visitor);
    expect(await addresses()).toEqual(['203.0.113.0/24']);
    const allow = async (address: string): Promise<void> => {
      await visitor.page.getByLabel('Address or range').fill(address);
      await visitor.press('Allow', 'main');
    };
    await allow('198.51.100.7/24');
    expect(await addresses()).toHaveLength(2);
    await undo(visitor);
    expect(await addresses()).toEqual(['203.0.113.0/24']);
    // It was there: taking it away would be no undo.
    await allow('203.0.113.0/24');
    expect(await visitor.page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    const before = await switches();
    await visitor.page.getByLabel('All users').check();
    await visitor.press('Save switches', 'main');
    expect((await switches())['API_SYSTEM']).toBe('2');
    await undo(visitor);
    expect(await switches()).toEqual(before);
    await visitor.page.getByLabel('All users').check();
    await visitor.press('Save switches', 'main');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    await undo(visitor);
    expect(await visitor.text('h1')).toBe('That did not work');
    expect((await switches())['API_SYSTEM']).toBe('0');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', before['API_SYSTEM'] ?? '');
  });

  it('puts back a role that was changed, and one that was deleted', async () => {
    const content = ['user', 'v-list-user,v-list-sys-info', 'v-list-sys-info'];
    await service.ok('v-add-api', 'reader', ...content, '--only', 'USER=alice');
    const role = () => list('v-list-api', 'reader', 'json');
    const before = await role();
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/apis/reader/change');
    await visitor.page.getByRole('checkbox', { name: /^v-list-sys-info \[/ }).uncheck();
    await visitor.page.locator('[name=only]').fill('');
    await visitor.press('Save', 'main');
    expect(await role()).not.toEqual(before);
    await undo(visitor);
    expect(await role()).toEqual(before);
    await visitor.press('Delete', 'main');
    await visitor.press('Delete the role', 'main');
    expect(await service.ok('v-list-apis', 'plain')).not.toContain('reader');
    await undo(visitor);
    expect(await role()).toEqual(before);
  });

  it('lets a suspended user back in', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/users/bob');
    await visitor.press('Suspend', 'main');
    expect(await service.ok('v-list-user', 'bob', 'json')).toContain('"SUSPENDED": "yes"');
    await undo(visitor);
    expect(await service.ok('v-list-user', 'bob', 'json')).toContain('"SUSPENDED": "no"');
  });

  it('is not offered where the reader could not do it, or where nothing brings it back', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts');
    const alice = await ConsoleBrowser.logIn(service, 'alice');
    await alice.visit(`/console/keys/${id}`);
    await alice.press('Suspend', 'main');
    expect(await alice.text('.notice.done')).toContain('suspended');
    expect(await alice.page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    const admin = await ConsoleBrowser.logIn(service, 'admin');
    await admin.visit(`/console/keys/${id}/delete`);
    await admin.page.getByLabel(/type its ID/).fill(id);
    await admin.press('Delete the key', 'main');
    expect(await admin.text('.notice.done')).toContain('This can not be undone.');
    expect(await admin.page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('is not offered by a link that somebody else made', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/callers');
    await visitor.page.getByLabel('Address or range').fill('192.0.2.1');
    await visitor.press('Allow', 'main');
    const signed = new URL(visitor.page.url()).searchParams.get('undo') ?? '';
    const offered = async (browser: ConsoleBrowser, text: string): Promise<number> => {
      await browser.visit(`/console/callers?done=saved&undo=${encodeURIComponent(text)}`);
      return browser.page.getByRole('button', { name: 'Undo' }).count();
    };
    const other = await ConsoleBrowser.logIn(service, 'admin');
    expect([await offered(visitor, signed), await offered(other, signed)]).toEqual([1, 0]);
    const forged = `${signed.slice(0, -1)}${signed.endsWith('A') ? 'E' : 'A'}`;
    expect(await offered(visitor, forged)).toBe(0);
    const form = { csrf: other.person.csrfToken, undo: signed };
    const answer = await other.page.request.post(`${other.origin}/console/undo`, {
      form,
      headers: { Origin: other.origin },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(400);
    expect(await addresses()).toContain('192.0.2.1');
  });
});
