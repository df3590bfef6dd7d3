/** Security headers of every answer of the console, and what hostile texts do in each field that takes free text. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { consoleRoutes } from '../../src/http/console/console-routes.js';
import { pageHeaders } from '../../src/http/console/security-headers.js';
import { Person } from '../support/person.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';

const hostile = [
  '<script>globalThis.wasRun=1</script>',
  '"><img src=x onerror=globalThis.wasRun=1>',
  "'-globalThis.wasRun=1-'",
  '</title></textarea></select><svg onload=globalThis.wasRun=1>',
  'javascript:globalThis.wasRun=1',
];

const lower = Object.fromEntries(
  Object.entries(pageHeaders).map(([name, value]) => [name.toLowerCase(), value]),
);

describe('every answer of the console', () => {
  let service: TestService;
  let key: string;
  const persons: Record<string, Person> = {};

  beforeAll(async () => {
    service = await startConsole();
    await service.addUser('alice');
    key = (await service.makeKey('alice', 'mail-accounts')).id;
    for (const user of ['admin', 'alice']) persons[user] = await new Person(service).logInByLink(user);
  });

  const gets = Object.values(consoleRoutes).flatMap(({ paths, methods }) =>
    (methods as readonly string[]).includes('GET') ? [...paths] : [],
  );
  const posts = Object.values(consoleRoutes).flatMap(({ paths, methods }) =>
    (methods as readonly string[]).includes('POST') ? [...paths] : [],
  );
  const filled = (path: string): string =>
    path
      .replace(':accessKeyId', key)
      .replace(':user', 'alice')
      .replace(':api', 'mail-accounts')
      .replace(':number', '1')
      .replace(':part', 'decisions')
      .replace(/:\w+|\*/, 'nothing');

  it.each(['admin', 'alice', 'nobody'])('has the headers, whatever its status, for %s', async (user) => {
    const seen = new Set<number>();
    const person = persons[user] ?? new Person(service);
    for (const path of gets.filter((each) => !/assets|live|console\/$/.test(each))) {
      const { status, headers } = await person.send('GET', filled(path), undefined, { Accept: 'text/html' });
      seen.add(status);
      expect([path, headers]).toEqual([path, expect.objectContaining(lower)]);
    }
    expect([...seen].sort()).toEqual({ admin: [200, 404], alice: [200, 403, 404], nobody: [200, 303] }[user]);
  });

  it('has them where a form is refused: without a token, and from another site', async () => {
    for (const path of posts) {
      for (const headers of [{}, { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://elsewhere.example' }]) {
        const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-CSRF-Token': '', ...headers };
        const cookie = { Cookie: persons['admin']?.cookie ?? '' };
        const answer = await service.request('POST', filled(path), 'action=suspend&confirmed=yes', {
          headers: { ...form, ...cookie },
        });
        if (!/preferences|login$/.test(path)) expect([path, answer.status]).not.toEqual([path, 200]);
        if (!path.endsWith('preferences'))
          expect([path, answer.headers]).toEqual([path, expect.objectContaining(lower)]);
      }
    }
    expect((await persons['admin']?.get(`/v1/access-keys/${key}`))?.json).toMatchObject({ state: 'active' });
  });

  it('is no page that another site can take in as script, style or frame', async () => {
    for (const asset of ['console.css', 'console.js', 'icon.svg']) {
      const page = await persons['admin']?.send('GET', '/console');
      const path = new RegExp(`/console/assets/${asset.replace('.', '[^"]*\\.')}`).exec(
        page?.text ?? '',
      )?.[0];
      const { status, headers } = await new Person(service).send('GET', path ?? '');
      expect([asset, status]).toEqual([asset, 200]);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });
});

describeWith('chromium-headless-shell')('a hostile text', () => {
  it('runs nothing, wherever it was written, and is shown as it is where it was taken', async () => {
    const service = await startConsole();
    await service.addUser('alice');
    const visitor = await ConsoleBrowser.logIn(service, 'admin');
    const { page } = visitor;
    const stored = new Map<string, number>();
    const count = (field: string): void => void stored.set(field, (stored.get(field) ?? 0) + 1);
    const runs = async (): Promise<unknown> => page.evaluate('globalThis.wasRun');
    const isClean = async (what: string): Promise<void> => {
      expect([what, await runs()]).toEqual([what, undefined]);
      expect([
        what,
        await page.locator('main :is(script, img, iframe, object, embed), main svg[onload]').count(),
      ]).toEqual([what, 0]);
      expect([what, visitor.complaints]).toEqual([what, []]);
    };
    const shows = async (path: string, text: string): Promise<void> => {
      await visitor.visit(path);
      await isClean(path);
      expect([path, await page.locator('main').innerText()]).toEqual([path, expect.stringContaining(text)]);
    };
    for (const [place, text] of hostile.entries()) {
      // A comment: on the list, the key's page, its forms, and the overview.
      const made = await visitor.person.post<{ accessKeyId: string; detail?: string }>('/v1/access-keys', {
        ...{ user: 'alice', permissions: ['mail-accounts'], comment: text, expiresIn: '2d' },
      });
      expect(made.status).toBe(201);
      const id = made.json.accessKeyId;
      count('comment of a key');
      for (const path of ['/console/keys', `/console/keys/${id}`, `/console/keys/${id}/delete`])
        await shows(path, text);
      for (const path of [`/console/keys/${id}/change`, '/console?all=1', '/console/doctor']) {
        await visitor.visit(path);
        await isClean(path);
      }
      // The name of a user.
      const name = `user${String(place)}`;
      const user = await visitor.person.post('/v1/users', {
        ...{
          name,
          password: 'Correct-Horse-7',
          email: `${name}@example.com`,
          firstName: text.slice(0, 64),
          lastName: '',
        },
      });
      expect([201, 400]).toContain(user.status);
      if (user.status === 400) count('refused first name of a user');
      else {
        count('first name of a user');
        await shows('/console/users', text.slice(0, 60));
        await shows(`/console/users/${name}`, text.slice(0, 60));
      }
      // Arguments, and the command itself.
      const key = await service.makeKey('alice', 'mail-accounts');
      await service.call(key, 'v-list-mail-domains', [text]);
      await service.call(key, text, ['alice']);
      count('argument of a command');
      count('name of a command');
      await visitor.visit('/console/record?actor=programs');
      await isClean('the record');
      const events = JSON.parse(await service.ok('v-list-audit-events', 'json', '--limit', '2')) as {
        seq: number;
      }[];
      for (const { seq } of events) {
        await visitor.visit(`/console/record/${String(seq)}`);
        await isClean(`event ${String(seq)}`);
      }
      // What stands in an address, and in fields that refuse it.
      const query = encodeURIComponent(text);
      const paths = [
        ...[
          'keys?text=',
          'keys?user=',
          'keys?cursor=',
          'keys?sort=',
          'keys?done=',
          'keys?undo=',
          'record?command=',
        ],
        ...[
          'record?accessKeyId=',
          'record?since=',
          'users?text=',
          'sessions?user=',
          'login?next=',
          'keys/new?user=',
        ],
        ...['keys/new?permissions=', '?span=', 'apis/', 'keys/', 'users/', 'record/', 'overview/'],
      ];
      for (const path of paths) {
        await visitor.visit(`/console/${path}${query}`);
        await isClean(path + text);
        count('address of a page');
      }
    }
    // The passkey's name is written by the page itself: people.test.ts.
    process.stdout.write(`hostile texts: ${JSON.stringify(Object.fromEntries(stored))}\n`);
    // "javascript:…" is the only one without a character that names can't have.
    expect(stored.get('first name of a user')).toBe(1);
    expect(stored.get('refused first name of a user')).toBe(hostile.length - 1);
    expect(stored.get('comment of a key')).toBe(hostile.length);
    expect(stored.get('address of a page')).toBe(hostile.length * 20);
  });
});
