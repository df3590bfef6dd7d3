import { hash } from 'node:crypto';

/** How far a chain has come: the number of its newest line, and that line's hash. */
export interface Head {
  sequence: number;
  /** 64 hexadecimal digits. */
  hash: string;
}

/** What stands before the first line of a chain. */
export const origin: Head = { sequence: 0, hash: '0'.repeat(64) };

const hashDigits = 64;
const hashMember = ',"hash":"';
const ending = '"}';
/** What follows the hashed part of a line, without the line's end. */
const tailLength = hashMember.length + hashDigits + ending.length;
const sequenceMember = '{"seq":';

/**
 * Makes the next line of the chain: `{"seq":N,` + the event + `,"hash":"H"}`, where H is the SHA-256 of the previous
 * line's hash, in its 64 digits, and of everything in this line before `,"hash":"`. docs/audit.md shows how to check
 * it with nothing but sha256sum.
 *
 * @param body - the event, an object with at least one member, as JSON
 */
export function chainLine(previous: Head, body: string): { line: string; head: Head } {
  const sequence = previous.sequence + 1;
  const content = `${sequenceMember}${String(sequence)},${body.slice(1, -1)}`;
  const head = { sequence, hash: hash('sha256', previous.hash + content) };
  return { line: `${content}${hashMember}${head.hash}${ending}\n`, head };
}

/** What a line says of itself; undefined: it is no line of a chain. Whether it follows another is asked for apart. */
export function readHead(line: Buffer): Head | undefined {
  const contentEnd = line.length - tailLength;
  if (
    contentEnd < sequenceMember.length ||
    line.toString('latin1', 0, sequenceMember.length) !== sequenceMember
  )
    return undefined;
  const tail = /^,"hash":"([0-9a-f]{64})"\}$/.exec(line.toString('latin1', contentEnd));
  const sequence = /^([1-9]\d{0,15}),/.exec(
    line.toString('latin1', sequenceMember.length, sequenceMember.length + 18),
  );
  if (tail?.[1] === undefined || sequence?.[1] === undefined) return undefined;
  return { sequence: Number(sequence[1]), hash: tail[1] };
}

let scratch = Buffer.alloc(65_536);

/** The hash that a line has to carry after that one. Bytes, not text: two texts could be decoded alike. */
export function hashAfter(previousHash: string, line: Buffer): string {
  const contentEnd = line.length - tailLength;
  if (scratch.length < hashDigits + contentEnd) scratch = Buffer.alloc(2 * line.length);
  scratch.write(previousHash, 0, 'latin1');
  line.copy(scratch, hashDigits, 0, contentEnd);
  return hash('sha256', scratch.subarray(0, hashDigits + contentEnd));
}
