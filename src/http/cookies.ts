import type { IncomingHttpHeaders } from 'node:http';

/** The values of all cookies of a name; browsers send more than one where several pages have set it. */
export function cookieValues({ cookie = '' }: IncomingHttpHeaders, name: string): string[] {
  const start = `${name}=`;
  return cookie
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(start))
    .map((part) => part.slice(start.length));
}
