import { z } from 'zod';

/**
 * Paths of files and URLs of witnesses, with commas between them. Plain HTTP only to this machine. No message has the
 * value in it: there may be a token in a URL.
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
      if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isHere))
        context.addIssue({
          code: 'custom',
          message: `place ${String(index + 1)}: expected a path or a URL that begins with https://`,
        });
      return place;
    });
  });
}
