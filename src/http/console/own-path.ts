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

const origin = 'http://console.invalid';
