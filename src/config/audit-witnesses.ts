import { z } from 'zod';

/**
 * Paths of files and URLs of witnesses, with commas between them. Plain HTTP only to this machine. No message has the
 * value in it: there may be a secret in it that belongs elsewhere.
 */
export function auditWitnesses(absolute: (path: string) => string) {
  return z.string().transform((text, context) => {
    const places = text
      .split(',')
      .map((place) => place.trim())
      .filter((place) => place !== '');
    return places.map((place, index) => {
      if (!/^\w+:/.test(place)) return absolute(place);
      const url = URL.canParse(place) ? new URL(place) : undefined;
      const isHere = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
      const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere);
      const problem = isSecure ? problemOf(url) : 'expected a path or a URL that begins with https://';
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: `place ${String(index + 1)}: ${problem}` });
      return place;
    });
  });
}

/** `/add-checkpoint` is added to it, and it is named in findings. */
function problemOf({ username, password, search, hash }: URL): string | undefined {
  if (username !== '' || password !== '') return 'there may be no user name or password in it';
  return search !== '' || hash !== '' ? 'there may be no ? or # in it' : undefined;
}
