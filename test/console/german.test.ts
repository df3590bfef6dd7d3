/** German pages have no English words of ours: explanations, findings and refusals too, which the service keeps as data. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { remedyTexts, sourceTexts } from '../../src/authorization/explain/texts/source-and-remedy.js';
import { whyTexts } from '../../src/authorization/explain/texts/why.js';
import { englishFindings } from '../../src/doctor/finding.js';
import { germanRemedies, germanSources } from '../../src/http/console/record/source-and-remedy.de.js';
import { germanWhy } from '../../src/http/console/record/why.de.js';
import { findingTexts } from '../../src/http/console/doctor/finding.texts.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Database } from '../../src/storage/database.js';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import type { TestService } from '../support/test-service.js';
import { ConsoleBrowser, startConsole } from './console-browser.js';

/** Words that stand in nearly every English sentence, and in no German one. What is in capitals is a name. */
const words =
  'the is are be can not with of and for to that this it its has have which from than there does any every only must given made allowed denied suspended key keys user users address addresses role request nothing expected'.split(
    ' ',
  );
const english = new RegExp(
  `\\b(${words.map((word) => `[${(word[0] ?? '').toUpperCase()}${word[0] ?? ''}]${word.slice(1)}`).join('|')})\\b`,
);

/** Parameters of any sentence. */
const params = {
  ...{ address: '203.0.113.9', addresses: ['203.0.113.9'], at: [1, 2], command: 'v-x', commands: ['v-x'] },
  ...{
    user: 'alice',
    users: [],
    maker: 'MMMM',
    makers: ['MMMM'],
    isOpen: true,
    isUsedUp: true,
    sent: ['', 'x'],
  },
  ...{
    limits: [{ limit: '5/s', maker: 'MMMM' }],
    quotas: [{ maker: 'MMMM', used: 9871, count: 10_000, until: '2026-12-01T00:00Z' }],
    resetSeconds: 3,
    files: ['/x'],
    field: 'MADE_BY',
    id: 'KKKK',
  },
  ...{ name: 'API', value: '1', options: '', key: { id: 'KKKK', user: 'alice', comment: 'Laden' } },
  ...{
    unknown: ['x'],
    known: ['y'],
    life: '90d',
    days: 2,
    longest: '30d',
    ids: ['KKKK'],
    more: 2,
    root: '/x',
  },
  ...{ refused: [], rootUser: 'admin', dataDir: '/x', freeMiB: 3, file: '/x', meant: 'Y', names: ['v-x'] },
  ...{
    missing: ['v-y'],
    range: '::1',
    place: '[::]:1',
    entry: '::/0',
    count: 3,
    isLoopback: false,
    api: 'mail',
  },
  ...{ problem: 'XX', isOwnFile: true, isShared: true, behind: 3, failure: 'ECONNREFUSED', reason: 'XX' },
  ...{ lastSuccess: '', subject: 'X', keyFile: '/x', roles: [] },
  held: (['key', 'maker', 'role'] as const).flatMap((by) =>
    [[], [1, 2]].map((at) => ({
      ...{ by, holder: 'X', argument: 'DOMAIN', values: ['x.example', 'y.example'], at },
      ...{ sent: ['', 'x'], isSafe: true },
    })),
  ),
};

const sentences = (texts: object): [string, string][] =>
  Object.entries(texts as Record<string, (about: object) => string | object>).map(([code, tell]) => {
    const about = {
      ...params,
      ...(code === 'role_commands_unknown' && { commands: [{ name: 'v-x', meant: '' }] }),
    };
    const told = tell(about);
    return [code, typeof told === 'string' ? told : Object.values(told).join(' / ')];
  });

describe('the sentences that come as data', () => {
  const pairs: [string, object, object][] = [
    ['why', whyTexts, germanWhy],
    ['sources', sourceTexts, germanSources],
    ['remedies', remedyTexts, germanRemedies],
    ['findings', englishFindings, findingTexts.de],
  ];

  it.each(pairs)('are there in German with the codes that they have in English: %s', (_, en, de) => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(pairs)('have no English words in German: %s', (_, _en, de) => {
    const inEnglish = sentences(de).map(([code, text]) => [code, withoutNames(text)]);
    expect(inEnglish.filter(([, text = '']) => english.test(text))).toEqual([]);
  });
});

/** Without what is the same in every language: commands, the built-in API, options, settings, paths. */
function withoutNames(text: string): string {
  return text.replace(
    /\bv-[\w-]+|\bread-only\b|hearthkey \w+|--[\w-]+|HEARTHKEY_\w+|API_\w+|[\w./-]*\/[\w./-]+|X-Forwarded-For|['„]\w+['“]|\w+@\w+/g,
    ' ',
  );
}

/** Text on the page that is ours; of a page's own language. */
const ownTexts = `[...document.querySelectorAll('main, header, footer, nav')].flatMap((part) => {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!parentElement.closest('code, pre, kbd, [lang=en], script, noscript, [data-foreign]')) texts.push(textContent.trim());
  }
  return texts.filter(Boolean);
}).concat([document.title], [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
  element.closest('[data-foreign]') ? [] : ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? '')))`;

describeWith('chromium-headless-shell')('German pages', () => {
  let service: TestService;
  let alice: Key;

  beforeAll(async () => {
    service = await startConsole();
    for (const user of ['alice', 'bob']) await service.addUser(user);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    alice = await service.makeKey('alice', 'mail-accounts', 'Laden');
    const { id } = await service.makeKey('bob', 'mail-accounts', '');
    await service
      .part<Database>(DATABASE)
      .updateTable('access_keys')
      .set({ is_weak: 1 })
      .where('id', '=', id)
      .execute();
    await service.ok('v-add-access-key', 'alice', 'mail-accounts', 'Bald', 'plain', '--expires', '3d');
    for (const [command, args] of [
      ...([
        ['v-list-users', []],
        ['v-list-mail-domains', ['bob']],
        ['v-list-nix', []],
      ] as const),
    ])
      await service.call(alice, command, [...args]);
    await service.ok('v-add-sys-api-ip', 'allow-all');
    mkdirSync(join(service.dataDir, 'api'), { recursive: true });
    writeFileSync(join(service.dataDir, 'api', 'kaputt'), "ROLE='x'\n");
  });

  it('have no English words', async () => {
    const events = JSON.parse(await service.ok('v-list-audit-events', 'json', '--outcome', 'deny')) as {
      seq: number;
    }[];
    const ofRootUser = [
      ...['', '?all=1', '/callers', '/doctor', '/record', '/record/verification', '/users', '/users/new'],
      ...[
        '/users/alice',
        '/sessions',
        '/approvals',
        '/account',
        '/settings',
        '/about',
        '/nothing',
        '/apis',
        '/apis/new',
      ],
      ...['/apis/mail-accounts', '/apis/mail-accounts/change', '/apis/kaputt', '/keys', '/keys?user=x'],
      ...[
        '/keys?cursor=x',
        '/record?accessKeyId=x',
        '/keys/new',
        ...['', '/change', '/rotate', '/delete', '/use'].map((rest) => `/keys/${alice.id}${rest}`),
      ],
      ...events.slice(0, 8).map(({ seq }) => `/record/${String(seq)}`),
    ];
    const ofUsers = [
      '',
      '/keys',
      `/keys/${alice.id}`,
      '/keys/new',
      '/record',
      '/account',
      '/about',
      '/users',
    ];
    for (const [user, pages] of [
      ['admin', ofRootUser],
      ['alice', ofUsers],
    ] as const) {
      const visitor = await ConsoleBrowser.logIn(service, user, { locale: 'de' });
      for (const path of pages) {
        await visitor.visit(`/console${path}`);
        const texts = await visitor.page.evaluate<string[]>(ownTexts);
        expect(texts.length).toBeGreaterThan(10);
        expect([user, path, texts.filter((text) => english.test(withoutNames(text)))]).toEqual([
          user,
          path,
          [],
        ]);
      }
    }
  });

  it('tell why something was refused, at the form that was sent', async () => {
    const visitor = await ConsoleBrowser.logIn(service, 'admin', { locale: 'de' });
    await visitor.visit('/console/callers');
    await visitor.page.getByLabel('Adresse oder Bereich').fill('x');
    await visitor.press('Zulassen', 'main');
    expect(await visitor.text('.field.wrong')).toContain('Erwartet wird eine Adresse oder ein Bereich');
    await visitor.visit('/console/users/new');
    await visitor.page.getByLabel('Name des Benutzers').fill('alice');
    await visitor.page.getByLabel('E-Mail').fill('a@example.com');
    await visitor.page.getByLabel('Passwort').fill('Correct-Horse-7');
    await visitor.press('Benutzer anlegen', 'main');
    expect(await visitor.text('[role=alert]')).toContain('Einen Benutzer alice gibt es schon.');
  });
});
