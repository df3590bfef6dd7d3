import type { doneTexts } from './layout/texts.js';

/** A page is known by its path; which host it was asked from plays no part. */
export const origin = 'http://console.invalid';

/**
 * Where a form or a link may lead on to: a path of the console.
 *
 * @returns the start page in place of anything else, such as another site
 */
export function ownPath(text: string): string {
  const url = URL.canParse(text, origin) ? new URL(text, origin) : undefined;
  const isOwn = url?.origin === origin && /^\/console(\/|$)/.test(url.pathname);
  return isOwn ? url.pathname + url.search : '/console';
}

/**
 * That page, with a word on what was done (`doneTexts`).
 *
 * @param path - a path of the console
 * @param undo - signed (undo/undo.ts); undefined: it can't be undone
 */
export function doneAt(path: string, done: keyof (typeof doneTexts)['en'], undo?: string): string {
  const url = new URL(path, origin);
  url.searchParams.delete('undo');
  url.searchParams.set('done', done);
  if (undo !== undefined) url.searchParams.set('undo', undo);
  return url.pathname + url.search;
}
