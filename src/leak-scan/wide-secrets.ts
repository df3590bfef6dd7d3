import { secretAccessKeyLength as secretLength, secretAccessKeyPattern } from '../text/names.js';
import { looksRandom } from './words.js';

/**
 * Secrets that Hestia made have characters that ours have not; they are looked for beside an ID alone. This is such a
 * secret with what may stand round it, as it is, in the JSON of PHP (`\/`), or with percent escapes (`%2B`).
 */
const widePattern = /(?:[A-Za-z0-9_=.+/^~%:-]|\\\/)+/g;
const escapePattern = /\\\/|%[0-9A-Fa-f]{2}/g;

/**
 * Words of the wider alphabet that have the length of a secret.
 *
 * @param from - where to look, up to `to`; words at the ends of that are whole
 */
export function wideSecretsIn(bytes: Buffer, from: number, to: number): { offset: number; secret: string }[] {
  const begin = Math.max(0, from - secretLength);
  const text = bytes.toString('latin1', begin, Math.min(bytes.length, to + secretLength));
  return [...text.matchAll(widePattern)].flatMap(({ 0: word, index }) =>
    secretsIn(word).map(({ place, secret }) => ({ offset: begin + index + place, secret })),
  );
}

function secretsIn(word: string): { place: number; secret: string }[] {
  if (word.length < secretLength) return [];
  const found = partsOf(word).flatMap(({ place, part }) =>
    leadsOf(part).map((lead) => ({ place: place + lead, secret: part.slice(lead, lead + secretLength) })),
  );
  const isFirst = (secret: string, index: number): boolean =>
    found.findIndex((one) => one.secret === secret) === index;
  return found.filter(
    ({ secret }, index) =>
      isFirst(secret, index) && secretAccessKeyPattern.test(secret) && looksLikeOne(secret),
  );
}

/** What stands between colons, as it is and without escapes. Where escapes go away, its place is near that of the part. */
function partsOf(word: string): { place: number; part: string }[] {
  const parts = split(word);
  const plain = word.replace(escapePattern, unescaped);
  return plain === word ? parts : [...parts, ...split(plain)];
}

function split(word: string): { place: number; part: string }[] {
  let place = 0;
  return word.split(':').map((part) => {
    const one = { place, part };
    place += part.length + 1;
    return one;
  });
}

function unescaped(escape: string): string {
  return escape === '\\/' ? '/' : String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}

/** Where in a word a secret may begin: at its start, before a full stop, or behind a sign between name and value. */
function leadsOf(word: string): number[] {
  const lead = word.length - secretLength;
  if (lead < 0) return [];
  if (lead === 0) return [0];
  const leads = lead === 1 && word.endsWith('.') ? [0] : [];
  return '=/%'.includes(word.charAt(lead - 1)) ? [...leads, lead] : leads;
}

function looksLikeOne(secret: string): boolean {
  return looksRandom(Buffer.from(secret, 'latin1'), 0, secretLength);
}
