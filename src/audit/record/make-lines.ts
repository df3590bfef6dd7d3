import { hash } from 'node:crypto';
import { lineEnding, macMember, sequenceMember, type Head, type LineChain } from './chain.js';
import { encodeLines } from './encode-lines.js';

export interface Lines {
  bytes: Buffer;
  /** Behind the last of them. */
  head: Head;
  /** Of each line: 32 characters, one for each byte. */
  leaves: string[];
}

/**
 * Makes lines of events. A leaf is hashed from the text, which the hash encodes as UTF-8: that takes less time than
 * to hash a part of the buffer that the line is encoded into.
 *
 * @param bodies - events, each an object with at least one member, as JSON
 */
export function makeLines(chain: LineChain, before: Head, bodies: readonly string[]): Lines {
  const leaves: string[] = [];
  const lines: string[] = [];
  let { sequence, hash: value } = before;
  for (const body of bodies) {
    sequence++;
    const content = `${sequenceMember}${String(sequence)},${body.slice(1, -1)}`;
    const leaf = hash('sha256', `\0${content}`, 'binary');
    value = chain.valueAfter(value, leaf);
    leaves.push(leaf);
    lines.push(`${content}${macMember}${value}${lineEnding}\n`);
  }
  return { bytes: encodeLines(lines), head: { sequence, hash: value }, leaves };
}
