/** What tests of keys do at the console. */
import type { Page } from 'playwright-core';
import type { Key } from '../support/client.js';
import { withoutScripts, type ConsoleBrowser } from './console-browser.js';

export const ways = [
  ['with scripts', {}],
  ['without scripts', withoutScripts],
] as const;

/** Codes of a request that was not let through. */
export const denied = [9, 10];

/** Leaving a page with a secret asks first. */
export function leaveAnyway(page: Page): void {
  page.on('dialog', (dialog) => void dialog.accept());
}

/** Of the one page that shows it. */
export async function shownKey({ page }: ConsoleBrowser): Promise<Key> {
  const id = await page.locator('#key-id').innerText();
  const secret = await page.locator('#key-secret').innerText();
  return { id, secret, pair: `${id}:${secret}` };
}
