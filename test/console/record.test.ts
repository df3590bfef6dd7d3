/** The record in a browser: filters, CSV, the live tail, an event with its explanation and what allows it. */
import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { beforeAll, expect, it } from '@jest/globals';
import { AuditLog } from '../../src/audit/audit-log.js';
import { SessionAuthorizer } from '../../src/authorization/authorize-session.js';
import { denyReasons } from '../../src/errors.js';
import { reasonsTexts } from '../../src/http/console/record/reasons.texts.js';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, originOf, startConsole, withoutScripts } from './console-browser.js';

let service: TestService;
let alice: Key;

const hostile = '<img src=x onerror="globalThis.wasRun = true">\u202egpj.exe';

/** The number of the newest event that fits. */
async function newestEvent(...filters: string[]): Promise<number> {
  const text = await service.ok('v-list-audit-events', 'json', '--limit', '1', ...filters);
  return (JSON.parse(text) as { seq: number }[])[0]?.seq ?? 0;
}

const refusedFrom = (from: string) => service.call(alice, 'v-list-mail-domains', ['alice'], { from });

it('has every deny reason in words, in both languages', () => {
  const names = Object.keys(denyReasons).sort();
  for (const texts of [reasonsTexts.en, reasonsTexts.de]) {
    expect(Object.keys(texts).sort()).toEqual(names);
    for (const words of Object.values(texts)) for (const text of words) expect(text).toMatch(/\S{3}/);
  }
});

describeWith('chromium-headless-shell')('the record in a browser', () => {
  beforeAll(async () => {
    service = await startConsole();
    for (const user of ['alice', 'bob']) await service.addUser(user);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    alice = await service.makeKey('alice', 'mail-accounts');
    await service.call(alice, 'v-list-users');
    await service.call(alice, 'v-list-mail-domains', [hostile]);
    await refusedFrom('127.0.0.5');
    // They are summed for a second.
    await within(
      1000,
      'the refusal is recorded',
      async () => (await newestEvent('--reason', 'address_not_allowed')) > 0,
    );
  });

  it.each([
    ['with scripts', {}],
    ['without scripts', withoutScripts],
  ])('is listed with reasons in words, %s, and filters stand in the URL', async (_, options) => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', options);
    expect((await visitor.visit('/console/record?actor=programs&outcome=deny')).status()).toBe(200);
    const table = await visitor.text('table');
    for (const reason of ['Permission missing', 'Address not allowed', 'About another user'])
      expect(table).toContain(reason);
    expect(new Set(await visitor.page.locator('tbody .badge').allInnerTexts())).toEqual(new Set(['denied']));
    await visitor.page.getByLabel('Reason').selectOption({ label: 'Permission missing' });
    await visitor.click('button', 'Filter');
    await visitor.page.waitForURL(/reason=permission_missing/);
    await within(1000, 'one row', async () => (await visitor.page.locator('tbody tr').count()) === 1);
    expect(await visitor.text('tbody')).toContain('v-list-users');
    expect(await visitor.page.getByLabel('By', { exact: true }).inputValue()).toBe('programs');
    expect(visitor.complaints).toEqual([]);
  });

  it('leaves out what people only looked at, unless it is asked for', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await visitor.visit('/console/record?user=admin');
    expect(await visitor.text()).not.toContain('read-session');
    await visitor.page.getByLabel('also what people only looked at').check();
    await visitor.click('button', 'Filter');
    expect(await visitor.text('table')).toContain('read-session');
  });

  it('says what is wrong with a filter that is half typed, and stays where it is', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/record');
    await visitor.page.getByLabel('Access key').pressSequentially(alice.id.slice(0, 5));
    await visitor.page.locator('[data-results] [role=alert]').waitFor();
    expect(await visitor.text('[data-results] [role=alert]')).toContain('expected the ID of an access key');
    await visitor.page.getByLabel('Access key').pressSequentially(alice.id.slice(5));
    await visitor.page.locator('[data-results] tbody tr').first().waitFor();
    expect(visitor.page.url()).toContain(`accessKeyId=${alice.id}`);
    const broken = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    expect((await broken.visit('/console/record?accessKeyId=AB')).status()).toBe(400);
    expect(await broken.text('.field.wrong')).toContain('expected the ID of an access key');
  });

  it('goes on in pages, and back to the newest', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await visitor.visit('/console/record?reads=1');
    const first = await visitor.text('tbody');
    await visitor.click('link', 'Next page');
    expect(visitor.page.url()).toContain('reads=1&cursor=');
    expect(await visitor.text('tbody')).not.toBe(first);
    await visitor.click('link', 'Newer events');
    expect(visitor.page.url()).not.toContain('cursor');
  });

  it('shows what was sent as text, whatever it is', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    const number = await newestEvent('--reason', 'user_argument_mismatch');
    await visitor.visit(`/console/record/${String(number)}`);
    expect(await visitor.text('dl.facts')).toContain('<img src=x onerror=');
    const values = await visitor.page.locator('dl.facts dd').allInnerTexts();
    expect(values.filter((value) => value.trim() === '')).toEqual([]);
    expect(await visitor.page.evaluate('globalThis.wasRun')).toBeUndefined();
    expect(await visitor.page.locator('main img').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('explains a refusal, and allows it from there once that was confirmed', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    const number = await newestEvent('--reason', 'address_not_allowed');
    await visitor.visit(`/console/record/${String(number)}`);
    expect(await visitor.text()).toContain('Nobody may call from this address.');
    expect(await visitor.text('section[aria-labelledby=why]')).toContain('It would be denied now.');
    expect(await visitor.text('section[aria-labelledby=why] tbody')).toContain('v-add-sys-api-ip 127.0.0.5');
    const yes = visitor.page.getByRole('button', { name: 'Yes, do it' });
    expect(await yes.isVisible()).toBe(false);
    await visitor.page.getByText('Allow 127.0.0.5', { exact: true }).click();
    await yes.click();
    expect(await visitor.text()).toContain('Done. The explanation below is of now.');
    // The address was refused before the arguments were read, so the event does not say for whom it was.
    expect(await visitor.text()).toContain('It would be allowed or denied now');
    expect(await visitor.text()).not.toContain('It would be denied now');
    expect(await service.ok('v-list-sys-api-ips', 'plain')).toContain('127.0.0.5');
    expect((await refusedFrom('127.0.0.5')).body).not.toContain('not allowed');
  });

  it('does nothing that the explanation does not say any more', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    const number = await newestEvent('--reason', 'permission_missing');
    await service.ok('v-suspend-access-key', alice.id);
    await visitor.visit(`/console/record/${String(number)}`);
    await visitor.page.getByText(`Unsuspend the key ${alice.id}`, { exact: true }).click();
    await service.ok('v-unsuspend-access-key', alice.id);
    await visitor.click('button', 'Yes, do it');
    expect(await visitor.text()).toContain('Something has changed since you opened this page.');
    // What is in the way now is a role that would have to be made first: no button does that.
    expect(await visitor.page.locator('details.asks').count()).toBe(0);
  });

  it('shows a user his own events, with the reason in words and no explanation', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'alice', withoutScripts);
    await visitor.visit('/console/record?actor=programs');
    expect(await visitor.text('table')).toContain('Permission missing');
    expect(await visitor.page.getByLabel('User', { exact: true }).count()).toBe(0);
    const own = await newestEvent('--reason', 'permission_missing');
    await visitor.visit(`/console/record/${String(own)}`);
    expect(await visitor.text()).toContain('No role of the key lists this command');
    expect(await visitor.text()).not.toContain('Why?');
    const bob = await ConsoleBrowser.logIn(service, 'bob', withoutScripts);
    expect((await bob.visit(`/console/record/${String(own)}`)).status()).toBe(404);
    await bob.visit('/console/record?actor=programs');
    expect(await bob.text('[data-results]')).toContain('No event matches these filters');
    expect((await bob.visit('/console/record/verification')).status()).toBe(403);
  });

  it('tells whether it is whole, and when somebody last looked', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', { ...withoutScripts, locale: 'de-DE' });
    await visitor.visit('/console/record/verification');
    expect(await visitor.text()).toContain('Seit dem Start des Dienstes wurde es nicht geprüft.');
    await visitor.click('button', 'Jetzt prüfen');
    expect(await visitor.text()).toContain('Das Protokoll ist unversehrt.');
    expect(await visitor.text('#head')).toMatch(/^\d+:[0-9a-f]{64}$/);
    const other = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    await other.visit('/console/record/verification');
    expect(await other.text()).toContain('The record is whole.');
  });
});

describeWith('chromium-headless-shell')('the live tail', () => {
  it('shows what is recorded, and adds nothing to the record itself', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/record?live=1&actor=programs');
    const rows = visitor.page.locator('tbody tr');
    await within(1000, 'rows', async () => (await rows.count()) > 0);
    const before = await rows.count();
    // The stream asks about its session again and again: so many rounds, and no event.
    const authorizer = service.part<SessionAuthorizer>(SessionAuthorizer);
    const precheck = authorizer.precheck.bind(authorizer);
    let rounds = 0;
    authorizer.precheck = (request) => {
      if (request.isUnattended === true) rounds++;
      return precheck(request);
    };
    await within(2000, 'a round', () => rounds > 0);
    const { head } = service.part<AuditLog>(AuditLog);
    const begun = rounds;
    await within(4000, 'three rounds', () => rounds >= begun + 3);
    expect(service.part<AuditLog>(AuditLog).head.sequence).toBe(head.sequence);
    await service.call(alice, 'v-list-web-domains', [hostile]);
    await within(2000, 'a new row', async () => (await rows.count()) > before);
    expect(await rows.first().innerText()).toContain('v-list-web-domains');
    expect(visitor.complaints).toEqual([]);
    authorizer.precheck = precheck;
  });

  it('ends with the session', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/record?live=1&actor=programs');
    const ended = visitor.page.locator('[data-ended]');
    expect(await ended.isVisible()).toBe(false);
    await service.ok('v-delete-session', visitor.person.sessionId);
    await ended.waitFor();
    expect(await ended.innerText()).toContain('you are not logged in any more');
  });
});

describeWith('chromium-headless-shell')('the record as CSV', () => {
  const csv = (visitor: ConsoleBrowser, query = ''): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { Cookie: visitor.person.cookie };
      httpRequest(`${originOf(service)}/console/record.csv${query}`, { headers, agent: false }, resolve)
        .on('error', reject)
        .end();
    });

  /** How often the record is open for reading in this process, which the service runs in. */
  const openRecords = (): number =>
    readdirSync('/proc/self/fd').filter((name) => {
      try {
        if (!readlinkSync(`/proc/self/fd/${name}`).startsWith(`${service.dataDir}/audit/events.jsonl`))
          return false;
        const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))?.[1];
        return (Number.parseInt(flags ?? '', 8) & (constants.O_WRONLY | constants.O_RDWR)) === 0;
      } catch {
        return false;
      }
    }).length;

  it('has the same filters, and a name to be saved under', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    await visitor.visit('/console/record?reason=permission_missing');
    const saved = visitor.page.waitForEvent('download');
    await visitor.click('link', 'Download as CSV');
    expect((await saved).suggestedFilename()).toMatch(/^record-\d{4}-\d\d-\d\d\.csv$/);
    const answer = await csv(visitor, '?reason=permission_missing&command=v-list-users');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = (await answer.setEncoding('utf8').toArray()).join('').trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^number,time,type,/);
    expect(lines).toHaveLength(2);
    expect((await csv(visitor, '?reason=none')).statusCode).toBe(400);
  });

  it('is read as fast as the browser takes it, and no further once that hangs up', async () => {
    const log = service.part<AuditLog>(AuditLog);
    const event = { type: 'decision', outcome: 'allow', actor: { kind: 'service' } } as const;
    const args = ['x'.repeat(1000)];
    // More than the buffers of a connection hold.
    for (let batch = 0; batch < 40; batch++)
      await Promise.all(Array.from({ length: 1000 }, () => log.append({ ...event, args })));
    const visitor = await ConsoleBrowser.logIn(service, 'admin', withoutScripts);
    // A reader of the index has it open for a moment, too.
    await within(60_000, 'nothing reads the record', () => openRecords() === 0);
    const answer = await csv(visitor);
    await new Promise((resolve) => answer.once('data', resolve));
    answer.pause();
    expect(openRecords()).toBeGreaterThan(0);
    answer.destroy();
    await within(30_000, 'the record is closed', () => openRecords() === 0);
    const whole = await csv(visitor, '?actor=service&type=decision');
    let lines = -1;
    for await (const chunk of whole.setEncoding('latin1') as AsyncIterable<string>)
      lines += chunk.split('\n').length - 1;
    expect(lines).toBe(40_000);
    await within(30_000, 'it is closed again', () => openRecords() === 0);
  });
});
