import type { AuditKey } from '../key/audit-key.js';
import { FixedLengthMac, isSameMac } from '../key/mac.js';

/** What the index knows of a block of the record: where it is, when it was, and whom it may tell of. */

/** With some 500 terms in a block, one of a thousand blocks is read in vain. */
const bloomBytes = 1024;
const bloomBits = 8 * bloomBytes;
const bitsPerTerm = 5;
const headBytes = 40;
const openBytes = headBytes + bloomBytes;
const sealBytes = 16;
export const entryBytes = openBytes + sealBytes;

/** Members of events that are asked for. */
export type IndexedField =
  'accessKeyId' | 'user' | 'clientAddress' | 'command' | 'reason' | 'type' | 'outcome' | 'kind';

export interface Query {
  /** What an event has to have, each of them. */
  terms: readonly { field: IndexedField; value: string }[];
  /** And one of these. */
  oneOf?: readonly { field: IndexedField; value: string }[] | undefined;
  sinceMs: number;
  untilMs: number;
}

export interface Region {
  start: number;
  end: number;
}

const members = /"(?:time|accessKeyId|user|clientAddress|command|reason|type|outcome|kind)":"[^"]*"/g;
const timeMember = '"time":"';

/** The end of the last line's hash, by which a block is known again. */
const markBytes = 8;
const markFromEnd = 11;

/** @param lines - whole lines, which stand at `start` in the file */
export function makeEntry(lines: Buffer, start: number): Buffer {
  const entry = Buffer.alloc(entryBytes);
  const terms = new Set<string>();
  let earliest = '\x7f';
  let latest = '';
  for (const member of lines.toString('latin1').match(members) ?? []) {
    if (!member.startsWith(timeMember)) {
      terms.add(member);
      continue;
    }
    if (member < earliest) earliest = member;
    if (member > latest) latest = member;
  }
  entry.writeDoubleLE(start, 0);
  entry.writeDoubleLE(start + lines.length, 8);
  // Where no time can be read, it may be any time.
  entry.writeDoubleLE(timeOf(earliest) || -Infinity, 16);
  entry.writeDoubleLE(timeOf(latest) || Infinity, 24);
  lines.copy(entry, 32, Math.max(0, lines.length - markFromEnd), lines.length - markFromEnd + markBytes);
  for (const term of terms) {
    for (const bit of bitsOf(term)) entry[bit >> 3] = (entry[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return entry;
}

/** The MAC of an entry: that this service has made it, for this file. */
export class IndexSeal {
  private readonly mac: FixedLengthMac;

  constructor(key: AuditKey) {
    this.mac = new FixedLengthMac(key.derive('index'), openBytes + 8);
  }

  /** @param firstSequence - the number of the file's first line */
  put(entry: Buffer, firstSequence: number): Buffer {
    entry.write(this.of(entry, firstSequence), openBytes, 'hex');
    return entry;
  }

  isOn(entry: Buffer, firstSequence: number): boolean {
    return isSameMac(this.of(entry, firstSequence), entry.toString('hex', openBytes, entryBytes));
  }

  private of(entry: Buffer, firstSequence: number): string {
    entry.copy(this.mac.message, 0, 0, openBytes);
    this.mac.message.writeDoubleLE(firstSequence, openBytes);
    return this.mac.digest().slice(0, 2 * sealBytes);
  }
}

/** NaN where there was no time. */
function timeOf(member: string): number {
  return Date.parse(member.slice(timeMember.length, -1));
}

export function regionOf(entry: Buffer): Region {
  return { start: entry.readDoubleLE(0), end: entry.readDoubleLE(8) };
}

/** Where an entry's mark stands in the file, and whether what stands there is it. */
export function markOf(entry: Buffer): {
  position: number;
  length: number;
  isHere: (bytes: Buffer) => boolean;
} {
  const position = Math.max(0, regionOf(entry).end - markFromEnd);
  const isHere = (bytes: Buffer): boolean => bytes.equals(entry.subarray(32, 32 + markBytes));
  return { position, length: markBytes, isHere };
}

/** Tests an entry. False only if no event in the block can match. */
export function testOf({ sinceMs, untilMs, terms, oneOf }: Query): (entry: Buffer) => boolean {
  const bits = ({ field, value }: Query['terms'][number]): number[] => bitsOf(asInLine(field, value));
  const all = terms.flatMap(bits);
  const some = oneOf?.map(bits);
  return (entry) => {
    const { earliestMs, latestMs } = timesOf(entry);
    if (latestMs < sinceMs || earliestMs > untilMs) return false;
    const has = (bit: number): boolean => ((entry[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
    return all.every(has) && (some === undefined || some.some((each) => each.every(has)));
  };
}

/** Of the events in a block. */
export function timesOf(entry: Buffer): { earliestMs: number; latestMs: number } {
  return { earliestMs: entry.readDoubleLE(16), latestMs: entry.readDoubleLE(24) };
}

/** As the member stands in a line, read byte by byte, up to the first quotation mark of its value. */
function asInLine(field: IndexedField, value: string): string {
  const text = Buffer.from(JSON.stringify(value).slice(1, -1)).toString('latin1');
  return `"${field}":"${text.split('"', 1)[0] ?? ''}"`;
}

/** Places in an entry, counted in bits: a Bloom filter, so a term that was put in is always found. */
function bitsOf(term: string): number[] {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let index = 0; index < term.length; index++) {
    const code = term.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other + code, 0x85ebca6b) ^ (other >>> 15);
  }
  const bits: number[] = [];
  for (let index = 0; index < bitsPerTerm; index++) {
    bits.push(8 * headBytes + (((one + Math.imul(index, other | 1)) >>> 0) % bloomBits));
  }
  return bits;
}
