import { hasValidChecksum } from '../secrets/generated-secret.js';
import { wideSecretsIn } from './wide-secrets.js';
import { escapeBefore, isInBase64, isLetterOrDigit, longWords, looksRandom, type Word } from './words.js';

/** Something that has the form of a secret, and where it begins. */
export interface Candidate {
  offset: number;
  secret: string;
  /** The ID of an access key that stands nearest. */
  accessKeyId?: string;
  /** It ends with the checksum that secrets of Hearthkey have, so it is one, here or elsewhere. */
  hasChecksum: boolean;
}

interface Id {
  begin: number;
  end: number;
  id: string;
}

export interface CandidateSearch {
  /** Candidates that begin there are answered, up to `to`: all unless said otherwise. */
  from?: number;
  to?: number;
  /** An ID that counts as standing before the first byte. */
  idBefore?: string | undefined;
}

/** An ID belongs to a secret with so many bytes between them at most. */
export const nearBytes = 512;
const [idLength, legacyLength, secretLength] = [20, 32, 40] as const;
/** What may stand before or behind a secret without a gap: an escape such as `\n` or `%3A`, or a name. */
const longestAround = 8;
const fewestDifferentInId = 8;
/** An ID on another line is as far away as this many more bytes: lists have a pair on each line. */
const bytesOfLineEnd = 64;
const lineEnd = 0x0a;

/**
 * Everything that has the form of an access key's secret or a legacy key, in the order of their places.
 *
 * @param bytes - a part of a file, with so much before and after what is asked about that words are whole
 */
export function findCandidates(
  bytes: Buffer,
  { from = 0, to = bytes.length, idBefore }: CandidateSearch = {},
): Candidate[] {
  const ids: Id[] = idBefore === undefined ? [] : [{ begin: 0, end: 0, id: idBefore }];
  const found = new Map<number, Candidate>();
  for (const word of longWords(bytes, idLength)) {
    const id = idIn(bytes, word);
    if (id !== undefined) ids.push(id);
    const candidate = id === undefined ? secretIn(bytes, word) : undefined;
    if (candidate !== undefined) found.set(candidate.offset, candidate);
  }
  // Where there are escapes, these are found at another place again.
  const ours = new Set([...found.values()].map(({ secret }) => secret));
  for (const { begin, end } of surroundingsOf(ids))
    for (const { offset, secret } of wideSecretsIn(bytes, begin, end))
      if (!found.has(offset) && !ours.has(secret))
        found.set(offset, { offset, secret, hasChecksum: hasValidChecksum(secret) });
  const candidates = [...found.values()]
    .filter(({ offset }) => offset >= from && offset < to)
    .sort((one, other) => one.offset - other.offset);
  nameNearest(bytes, ids, candidates);
  return candidates;
}

/** What is near one of these IDs, in the order of their places; each byte once. */
function surroundingsOf(ids: readonly Id[]): Word[] {
  const parts: Word[] = [];
  for (const id of ids) {
    const [begin, end] = [id.begin - nearBytes, id.end + nearBytes];
    const last = parts.at(-1);
    if (last !== undefined && begin <= last.end) last.end = end;
    else parts.push({ begin, end });
  }
  return parts;
}

/** A word of 20 letters and digits, or one behind an escape. */
function idIn(bytes: Buffer, word: Word): Id | undefined {
  const length = word.end - word.begin;
  const begin = length === idLength ? word.begin : word.begin + escapeBefore(bytes, word);
  const { end } = word;
  if (end - begin !== idLength || isInBase64(bytes, word)) return undefined;
  for (let place = begin; place < end; place++) if (!isLetterOrDigit(bytes[place])) return undefined;
  return looksRandom(bytes, begin, end, fewestDifferentInId)
    ? { begin, end, id: bytes.toString('latin1', begin, end) }
    : undefined;
}

function secretIn(bytes: Buffer, word: Word): Candidate | undefined {
  const { begin, end } = word;
  const length = end - begin;
  if (length < legacyLength || !looksRandom(bytes, begin, end)) return undefined;
  const text = bytes.toString('latin1', begin, end);
  for (const lead of leadsOf(text)) {
    const secret = text.slice(lead, lead + secretLength);
    if (hasValidChecksum(secret)) return { offset: begin + lead, secret, hasChecksum: true };
  }
  const offset = length === legacyLength ? begin : begin + escapeBefore(bytes, word);
  if (end - offset !== legacyLength || isInBase64(bytes, word)) return undefined;
  return { offset, secret: bytes.toString('latin1', offset, end), hasChecksum: false };
}

/** Where in a word a secret may begin: anywhere in a short one, in a long one at its ends and behind a sign. */
function* leadsOf(text: string): Generator<number, void> {
  const last = text.length - secretLength;
  for (let lead = last; lead >= 0; lead--) {
    const isNearEnd = last <= longestAround || lead === last || lead <= 2;
    if (isNearEnd || text[lead - 1] === '_' || text[lead - 1] === '-') yield lead;
  }
}

/** Gives each secret the ID with the least between them; of two that are as near, the one before it. */
function nameNearest(bytes: Buffer, ids: readonly Id[], candidates: readonly Candidate[]): void {
  let first = 0;
  for (const candidate of candidates) {
    const [begin, end] = [candidate.offset, candidate.offset + candidate.secret.length];
    if (end - begin !== secretLength) continue;
    while (ids[first] !== undefined && (ids[first] as Id).end < begin - nearBytes) first++;
    let least = Infinity;
    for (let index = first; index < ids.length; index++) {
      const id = ids[index] as Id;
      if (id.begin > end + nearBytes) break;
      const gap: [from: number, to: number] = id.end <= begin ? [id.end, begin] : [end, id.begin];
      if (gap[1] - gap[0] >= least) continue;
      const distance = distanceIn(bytes, ...gap);
      if (distance < least) [candidate.accessKeyId, least] = [id.id, distance];
    }
  }
}

function distanceIn(bytes: Buffer, from: number, to: number): number {
  let distance = to - from;
  for (let place = from; place < to; place++) if (bytes[place] === lineEnd) distance += bytesOfLineEnd;
  return distance;
}
