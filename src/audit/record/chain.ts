import { hash } from 'node:crypto';
import type { AuditKey } from '../key/audit-key.js';
import { FixedLengthMac, isSameMac } from '../key/mac.js';

/** How far a chain has come: the number of its newest line, and that line's chain value. */
export interface Head {
  sequence: number;
  /** 64 hexadecimal digits. */
  hash: string;
}

/** A line's own head, and under which rule the line was written. */
export interface LineHead extends Head {
  /** `mac`: under the audit key. `hash`: before there was one. */
  rule: 'mac' | 'hash';
}

/** What stands before the first line of a chain. */
export const origin: Head = { sequence: 0, hash: '0'.repeat(64) };

export const valueDigits = 64;
export const sequenceMember = '{"seq":';
export const macMember = ',"mac":"';
const hashMember = ',"hash":"';
export const lineEnding = '"}';
const tailPattern = /,"(mac|hash)":"([0-9a-f]{64})"\}$/;
const longestTail = hashMember.length + valueDigits + lineEnding.length;

/**
 * The keyed chain: `{"seq":N,` + the event + `,"mac":"M"}`, where M is HMAC-SHA256 under a key derived from the audit
 * key, of the value of the line before (its 64 digits) and the leaf hash of this one. So nobody without the key can
 * add a line, alter one, or take one out.
 */
export class LineChain {
  private readonly mac: FixedLengthMac;

  /** @param chain - the ID of the chain: a line of one is none of another */
  constructor(key: AuditKey, chain: string) {
    this.mac = new FixedLengthMac(key.derive(`chain ${chain}`), valueDigits + 32);
  }

  /** @param leaf - 32 characters, one for each byte */
  valueAfter(previous: string, leaf: string): string {
    this.mac.message.write(previous, 0, 'latin1');
    this.mac.message.write(leaf, valueDigits, 'latin1');
    return this.mac.digest();
  }

  /** Whether a line with that leaf and value was written behind the one with the other value. */
  isNext(previous: string, leaf: string, value: string): boolean {
    return isSameMac(this.valueAfter(previous, leaf), value);
  }
}

/**
 * Makes the next line of a chain without a key, as records had it before: H is the SHA-256 of the previous line's
 * hash, in its 64 digits, and of everything in this line before `,"hash":"`.
 */
export function plainLine(previous: Head, body: string): { line: string; head: Head } {
  const sequence = previous.sequence + 1;
  const content = `${sequenceMember}${String(sequence)},${body.slice(1, -1)}`;
  const head = { sequence, hash: hash('sha256', previous.hash + content) };
  return { line: `${content}${hashMember}${head.hash}${lineEnding}\n`, head };
}

/** What a line says of itself; undefined: it is no line of a chain. Whether it follows another is asked for apart. */
export function readHead(line: Buffer): LineHead | undefined {
  if (line.toString('latin1', 0, sequenceMember.length) !== sequenceMember) return undefined;
  const tail = tailPattern.exec(line.toString('latin1', Math.max(0, line.length - longestTail)));
  const sequence = /^([1-9]\d{0,14}),/.exec(
    line.toString('latin1', sequenceMember.length, sequenceMember.length + 17),
  );
  if (tail?.[2] === undefined || sequence?.[1] === undefined) return undefined;
  return { sequence: Number(sequence[1]), hash: tail[2], rule: tail[1] === 'mac' ? 'mac' : 'hash' };
}

/** What of a line is chained and hashed: all before the member with the chain value. */
export function contentOf(line: Buffer, rule: LineHead['rule']): Buffer {
  const member = rule === 'mac' ? macMember : hashMember;
  return line.subarray(0, line.length - member.length - valueDigits - lineEnding.length);
}

let scratch = Buffer.alloc(65_536);

/** The hash that a line without a key has to carry after that one. Bytes, not text: two texts could be decoded alike. */
export function plainHashAfter(previousHash: string, line: Buffer): string {
  const content = contentOf(line, 'hash');
  return hash('sha256', withPrefix(previousHash, content));
}

/** The leaf of a line in the Merkle tree (RFC 9162): 32 characters, one for each byte. */
export function leafOf(content: Buffer): string {
  return hash('sha256', withPrefix('\0', content), 'binary');
}

function withPrefix(prefix: string, bytes: Buffer): Buffer {
  const length = prefix.length + bytes.length;
  if (scratch.length < length) scratch = Buffer.alloc(2 * length);
  scratch.write(prefix, 0, 'latin1');
  bytes.copy(scratch, prefix.length);
  return scratch.subarray(0, length);
}
