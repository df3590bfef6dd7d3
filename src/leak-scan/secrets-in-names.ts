import { accessKeyIdPattern, maskUnknownName } from '../text/names.js';
import { findCandidates, type Candidate } from './find-candidates.js';
import { looksRandom } from './words.js';

/** In a name, an ID has so many different characters at least; words and hashes have fewer. */
const fewestDifferentInId = 8;

/**
 * What has the form of a secret in the last part of a path. An ID in the parts before it counts as standing beside it.
 *
 * @param from - where in the path, counted in characters, the part begins that is asked about
 */
export function secretsInName(path: string, from: number): Candidate[] {
  const before = path.slice(0, from);
  return findCandidates(Buffer.from(path), { from: Buffer.byteLength(before), idBefore: idInPath(before) });
}

/** The text with the beginning alone of everything in it that has the form of a secret: a name is printed. */
export function maskSecretsIn(text: string): string {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  let place = 0;
  for (const { offset, secret } of findCandidates(bytes)) {
    if (offset < place) continue;
    parts.push(bytes.toString('utf8', place, offset), maskUnknownName(secret));
    const end = offset + secret.length;
    // With escapes in it, it is longer than the secret that they stand for.
    place = bytes.toString('latin1', offset, end) === secret ? end : endOfPart(bytes, offset);
  }
  return parts.length === 0 ? text : parts.join('') + bytes.toString('utf8', place);
}

function endOfPart(bytes: Buffer, offset: number): number {
  const end = bytes.indexOf('/', offset);
  return end === -1 ? bytes.length : end;
}

/** The ID of an access key that a file is named after, or a folder that it is in: the last one in its path. */
export function idInPath(path: string): string | undefined {
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
  if (accessKeyIdPattern.test(last)) return last;
  return path.split(/[^0-9A-Za-z]+/).findLast((word) => accessKeyIdPattern.test(word) && isRandom(word));
}

function isRandom(word: string): boolean {
  return looksRandom(Buffer.from(word, 'latin1'), 0, word.length, fewestDifferentInId);
}
