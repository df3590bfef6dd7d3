/**
 * `npm run screenshots [-- --all FOLDER]`: pictures of the console in Chromium. The three of the README go to docs/images;
 * with --all those of every page, for the root user and another, in both themes and languages, 360 and 1280 pixels wide,
 * go to the folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.js';
import { cleanUp } from '../support/clean-up.js';
import { installation } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { linkToken } from '../support/person.js';
import { ServiceProcess } from '../support/processes.js';
import { within } from '../support/waiting.js';

const ofReadme = { overview: '/console', key: '/console/keys/KEY', why: '/console/record/DENIAL' } as const;
const others = [
  ...['/console/keys', '/console/keys/new', '/console/keys/KEY/change', '/console/keys/KEY/rotate'],
  ...[
    '/console/keys/KEY/delete',
    '/console/keys/KEY/use',
    '/console/apis',
    '/console/apis/new',
    '/console/apis/billing',
  ],
  ...['/console/apis/billing/change', '/console/callers', '/console/record', '/console/record/verification'],
  ...[
    '/console/users',
    '/console/users/new',
    '/console/users/alice',
    '/console/sessions',
    '/console/approvals',
    '/console/account',
  ],
  ...['/console/settings', '/console/doctor', '/console/about', '/console/nothing', '/console/login'],
  ...['/console/keys?text=nothing', '/console/overview/decisions', '/console/record?accessKeyId=x'],
  '/console/apis/broken',
];
const ofUsers = [
  ...['/console', '/console/keys', '/console/keys/KEY', '/console/keys/new', '/console/apis'],
  ...['/console/record', '/console/account', '/console/users'],
];

const looks = [
  { colorScheme: 'light', locale: 'en', width: 1280 },
  { colorScheme: 'dark', locale: 'de', width: 1280 },
  { colorScheme: 'light', locale: 'de', width: 360 },
  { colorScheme: 'dark', locale: 'en', width: 360 },
] as const;

/** A service that has been used a little. */
async function startUsed(): Promise<{ service: ServiceProcess; places: Record<string, string> }> {
  const port = String(await freePort());
  const PUBLIC_URL = `http://localhost:${port}`;
  const service = await ServiceProcess.start({ LISTEN: `127.0.0.1:${port}`, PUBLIC_URL });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  await service.ok('v-add-user', 'alice', 'Correct-Horse-7', 'alice@example.com', 'default', 'Alice', 'Lind');
  await service.ok('v-add-user', 'bob', 'Correct-Horse-7', 'bob@example.com', 'default', 'Bob', 'Marley');
  const key = await service.makeKey('alice', 'purge-nginx-cache', 'Cache plugin of the shop');
  await service.makeKey('admin', 'billing', 'Billing');
  await service.makeKey('bob', 'update-dns-records', 'acme.sh');
  for (let count = 0; count < 12; count++) {
    await service.call(key, 'v-purge-nginx-cache', ['alice', 'alice.example']);
    if (count % 4 === 0) await service.call(key, 'v-list-users', ['json']);
  }
  await service.ok('v-add-sys-api-ip', 'allow-all');
  await service.ok('v-add-access-key', 'bob', 'mail-accounts', 'Ends soon', 'plain', '--expires', '3d');
  writeFileSync(join(service.dataDir, 'api', 'broken'), "ROLE='users'\nCOMMANDS='v-list-user'\n");
  // It is written a little later.
  await within(120_000, 'the key was used', async () =>
    (await service.ok('v-list-access-key', key.id, 'json')).includes('"LAST_USED"'),
  );
  const denials = await service.ok('v-list-audit-events', 'json', '--outcome', 'deny');
  const [denial] = JSON.parse(denials) as { seq: number }[];
  return { service, places: { KEY: key.id, DENIAL: String(denial?.seq ?? 1) } };
}

async function logIn(page: Page, service: ServiceProcess, user = 'admin'): Promise<void> {
  await page.goto(`${origin(service)}/console/login#token=${await linkToken(service, user)}`);
  await page.waitForURL((url) => url.pathname === '/console');
}

function origin({ url }: ServiceProcess): string {
  return url.replace('127.0.0.1', 'localhost');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'string' } } });
  const { service, places } = await startUsed();
  const take = async (page: Page, path: string, file: string, fullPage = true): Promise<void> => {
    const at = path.replace(/KEY|DENIAL/, (name) => places[name] ?? '');
    await page.goto(origin(service) + at, { waitUntil: 'networkidle' });
    await page.screenshot({ path: file, fullPage });
    process.stdout.write(`${file}\n`);
  };
  const readmePage = await openPage('about:blank', { locale: 'en', viewport: { width: 1000, height: 640 } });
  await logIn(readmePage, service);
  for (const [name, path] of Object.entries(ofReadme))
    await take(readmePage, path, join(installation, 'docs/images', `console-${name}.png`), false);
  if (values.all === undefined) return;
  const folder = values.all;
  mkdirSync(folder, { recursive: true });
  const pages = { admin: [...Object.values(ofReadme), ...others], alice: ofUsers };
  for (const { colorScheme, locale, width } of looks)
    for (const [user, paths] of Object.entries(pages)) {
      const page = await openPage('about:blank', { colorScheme, locale, viewport: { width, height: 800 } });
      await logIn(page, service, user);
      for (const path of paths) {
        const name = path.slice('/console/'.length).replace(/[^\w-]+/g, '-') || 'overview';
        await take(page, path, join(folder, `${user}-${name}-${colorScheme}-${locale}-${String(width)}.png`));
      }
      await page.context().close();
    }
}

try {
  await main();
} finally {
  await cleanUp();
}
process.exit();
