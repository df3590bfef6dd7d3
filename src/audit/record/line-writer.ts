import { hash } from 'node:crypto';
import { lineEnding, macMember, sequenceMember, type Head, type LineChain } from './chain.js';

export interface Lines {
  bytes: Buffer;
  /** Behind the last of them. */
  head: Head;
  /** Of each line: 32 characters, one for each byte. */
  leaves: string[];
}

const newline = 10;
const keptBytes = 4_194_304;
/** UTF-8 takes no more for a code unit. */
const mostBytesPerUnit = 3;
/** The number, the members that are added, and the chain value. */
const addedBytes = 128;

/** Makes lines of events, each encoded once into one buffer that is used again for the next lines. */
export class LineWriter {
  private scratch = Buffer.allocUnsafe(65_536);

  /** @param bodies - events, each an object with at least one member, as JSON */
  make(chain: LineChain, before: Head, bodies: readonly string[]): Lines {
    const buffer = this.roomFor(bodies);
    const leaves: string[] = [];
    let { sequence, hash: value } = before;
    // The byte before a line is its prefix while its leaf is hashed: so the first line begins behind one.
    let end = 1;
    for (const body of bodies) {
      const start = end;
      sequence++;
      end += buffer.write(`${sequenceMember}${String(sequence)},`, end, 'latin1');
      end += buffer.write(body.slice(1, -1), end);
      buffer[start - 1] = 0;
      const leaf = hash('sha256', buffer.subarray(start - 1, end), 'binary');
      buffer[start - 1] = newline;
      leaves.push(leaf);
      value = chain.valueAfter(value, leaf);
      end += buffer.write(`${macMember}${value}${lineEnding}\n`, end, 'latin1');
    }
    return { bytes: buffer.subarray(1, end), head: { sequence, hash: value }, leaves };
  }

  private roomFor(bodies: readonly string[]): Buffer {
    let most = 1;
    for (const body of bodies) most += body.length * mostBytesPerUnit + addedBytes;
    if (most <= this.scratch.length) return this.scratch;
    const buffer = Buffer.allocUnsafe(most);
    if (most <= keptBytes) this.scratch = buffer;
    return buffer;
  }
}
