/** @hearthkey/client in a browser: a page of the service's own origin administers it with an access key. */
import { beforeAll, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.js';
import type { Key } from '../support/client.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let root: Key;
let page: Page;

/** Runs `body` in the page, where `client` is one with the root user's key. */
function inPage<T>(body: string): Promise<T> {
  const options = `{ url: location.origin, accessKeyId: '${root.id}', secretAccessKey: '${root.secret}' }`;
  return page.evaluate<T>(`(async () => { const client = hearthkey.createClient(${options}); ${body} })()`);
}

describeWith('chromium-headless-shell')('the client package in a browser', () => {
  beforeAll(async () => {
    service = await TestService.startOpen(['alice']);
    root = await service.makeKey('admin', '');
    const { outputFiles } = await build({
      stdin: { contents: `export * from './packages/client/src/client.ts'`, resolveDir: process.cwd() },
      ...{ bundle: true, write: false, format: 'iife', globalName: 'hearthkey', platform: 'browser' },
    });
    page = await openPage(`${service.url}/livez`);
    await page.evaluate(`${outputFiles[0]?.text ?? ''}; globalThis.hearthkey = hearthkey; void 0`);
  });

  it('makes a key, reads the list page by page, and deletes it', async () => {
    const made = await inPage<{ accessKeyId: string; secretAccessKey: string }>(
      `return client.accessKeys.create({ user: 'alice', permissions: ['mail-accounts'], comment: 'From a page' });`,
    );
    expect(made.secretAccessKey).toHaveLength(40);
    const listed = await inPage<string[]>(
      `const ids = []; for await (const key of client.accessKeys.list({ limit: 1 })) ids.push(key.accessKeyId); return ids;`,
    );
    expect(listed.sort()).toEqual([made.accessKeyId, root.id].sort());
    await inPage(`await client.accessKeys.delete('${made.accessKeyId}');`);
    expect((await service.run('v-list-access-key', made.accessKeyId)).code).toBe(3);
  });

  it('rejects with the reason of the service', async () => {
    const reason = await inPage<string>(
      `return client.accessKeys.read('AAAAAAAAAAAAAAAAAAAA').then(() => '', (error) => error.reason);`,
    );
    expect(reason).toBe('not_found');
  });
});
