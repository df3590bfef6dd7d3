import { hasValidChecksum } from '../secrets/generated-secret.js';

/** Something that has the form of a secret, and where it begins. */
export interface Candidate {
  offset: number;
  secret: string;
  /** The ID of an access key that stands nearest. */
  accessKeyId?: string;
  /** It ends with the checksum that secrets of Hearthkey have, so it is one, here or elsewhere. */
  hasChecksum: boolean;
}

/** An ID belongs to a secret that is as far away as this. */
export const nearBytes = 512;
const [idLength, legacyLength, secretLength] = [20, 32, 40] as const;
/** What may stand before a secret without a gap: an escape such as `\n` or `%3A`, or a name. */
const longestLead = 8;
/** Random characters are more; words and numbers are fewer. */
const fewestDifferent = 12;
const fewestDifferentInId = 8;
const [lineEnd, plus, slash] = [0x0a, 0x2b, 0x2f] as const;

/** 1: a letter or a digit; 2: `_` and `-`, which are in secrets too; 0: all else ends a word. */
const classes = new Uint8Array(256);
for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  classes[character.charCodeAt(0)] = 1;
for (const character of '_-') classes[character.charCodeAt(0)] = 2;

/** Secrets that Hestia made have characters that ours have not; they are looked for beside an ID alone. */
const widePattern = /[A-Za-z0-9_=.+/^~%-]{40,}/g;

interface Word {
  begin: number;
  end: number;
}

/**
 * Everything that has the form of an access key's secret or a legacy key, in the order of their places.
 *
 * @param bytes - a part of a file, with so much before and after what is asked about that words are whole
 */
export function findCandidates(bytes: Buffer, from = 0, to = bytes.length): Candidate[] {
  const ids: { offset: number; id: string }[] = [];
  const found = new Map<number, Candidate>();
  for (const word of longWords(bytes)) {
    const id = idIn(bytes, word);
    if (id !== undefined) ids.push(id);
    const candidate = id === undefined ? secretIn(bytes, word) : undefined;
    if (candidate !== undefined) found.set(candidate.offset, candidate);
  }
  for (const { id, offset } of ids)
    for (const wide of wideNear(bytes, offset))
      if (!found.has(wide.offset)) found.set(wide.offset, { ...wide, accessKeyId: id });
  const candidates = [...found.values()].filter(({ offset }) => offset >= from && offset < to);
  for (const candidate of candidates) {
    const id = nearestId(ids, candidate);
    if (id !== undefined && candidate.secret.length === secretLength) candidate.accessKeyId = id;
  }
  return candidates.sort((one, other) => one.offset - other.offset);
}

/**
 * Words of at least 20 characters. Looking at each twentieth byte passes over everything shorter, which is most of a
 * text.
 */
function* longWords(bytes: Buffer): Generator<Word, void> {
  const { length } = bytes;
  let place = 0;
  while (place + idLength <= length) {
    const probe = place + idLength - 1;
    if (classes[bytes[probe] as number] === 0) {
      place = probe + 1;
      continue;
    }
    let begin = probe;
    while (begin > place && classes[bytes[begin - 1] as number] !== 0) begin--;
    let end = probe + 1;
    while (end < length && classes[bytes[end] as number] !== 0) end++;
    if (end - begin >= idLength) yield { begin, end };
    place = end + 1;
  }
}

/** A word of 20 letters and digits, or one behind an escape such as `\n`. */
function idIn(bytes: Buffer, word: Word): { offset: number; id: string } | undefined {
  const { begin, end } = word;
  const isEscaped = end - begin === idLength + 1 && bytes[begin - 1] === 0x5c;
  const offset = isEscaped ? begin + 1 : begin;
  if (end - offset !== idLength || isInBase64(bytes, word)) return undefined;
  for (let place = offset; place < end; place++) if (classes[bytes[place] as number] !== 1) return undefined;
  return looksRandom(bytes, offset, end, fewestDifferentInId)
    ? { offset, id: bytes.toString('latin1', offset, end) }
    : undefined;
}

function secretIn(bytes: Buffer, word: Word): Candidate | undefined {
  const { begin, end } = word;
  const length = end - begin;
  if (length === legacyLength) {
    if (isInBase64(bytes, word) || !looksRandom(bytes, begin, end)) return undefined;
    return { offset: begin, secret: bytes.toString('latin1', begin, end), hasChecksum: false };
  }
  if (length < secretLength || length > secretLength + longestLead) return undefined;
  if (!looksRandom(bytes, begin, end)) return undefined;
  const text = bytes.toString('latin1', begin, end);
  for (let lead = length - secretLength; lead >= 0; lead--) {
    const secret = text.slice(lead, lead + secretLength);
    if (hasValidChecksum(secret)) return { offset: begin + lead, secret, hasChecksum: true };
  }
  return undefined;
}

/**
 * Most of what has the length of an ID or a legacy key is a part of base64, which `+` and `/` part into words. At the
 * start of a line a `+` is that of a diff.
 */
function isInBase64(bytes: Buffer, { begin, end }: Word): boolean {
  const [before, after] = [bytes[begin - 1], bytes[end]];
  const isInDiff = begin < 2 || bytes[begin - 2] === lineEnd;
  return (before === plus && !isInDiff) || after === plus || (before === slash && after === slash);
}

/** Words of the wider alphabet, of the length of a secret, round an ID. */
function wideNear(bytes: Buffer, idOffset: number): Candidate[] {
  const begin = Math.max(0, idOffset - nearBytes - secretLength);
  const text = bytes.toString(
    'latin1',
    begin,
    Math.min(bytes.length, idOffset + idLength + nearBytes + secretLength),
  );
  return [...text.matchAll(widePattern)].flatMap(({ 0: word, index }) =>
    leadsOf(word).flatMap((lead) => {
      const offset = begin + index + lead;
      if (!looksRandom(bytes, offset, offset + secretLength)) return [];
      return [{ offset, secret: word.slice(lead, lead + secretLength), hasChecksum: false }];
    }),
  );
}

/** Where in a word a secret may begin: at its start, before a full stop, or behind a sign between name and value. */
function leadsOf(word: string): number[] {
  if (word.length === secretLength) return [0];
  const leads = word.length === secretLength + 1 && word.endsWith('.') ? [0] : [];
  const lead = word.length - secretLength;
  return '=/%'.includes(word.charAt(lead - 1)) ? [...leads, lead] : leads;
}

/** In which word each byte was seen last: counts different ones without a set for each word. */
const seenIn = new Float64Array(256);
let words = 0;

/** Capitals and small letters, and many different characters: hashes in hexadecimal and names are none. */
function looksRandom(bytes: Buffer, begin: number, end: number, fewest = fewestDifferent): boolean {
  let [capitals, small, different] = [0, 0, 0];
  words++;
  for (let place = begin; place < end; place++) {
    const byte = bytes[place] as number;
    if (byte >= 0x41 && byte <= 0x5a) capitals++;
    else if (byte >= 0x61 && byte <= 0x7a) small++;
    if (seenIn[byte] === words) continue;
    seenIn[byte] = words;
    different++;
  }
  return capitals > 0 && small > 0 && different >= fewest;
}

function nearestId(
  ids: readonly { offset: number; id: string }[],
  { offset }: Candidate,
): string | undefined {
  let nearest: string | undefined;
  let least = nearBytes + secretLength;
  for (const one of ids) {
    const distance = Math.abs(one.offset - offset);
    if (distance < least) [nearest, least] = [one.id, distance];
  }
  return nearest;
}
