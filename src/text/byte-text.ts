import { isUtf8 } from 'node:buffer';

/*
 * Texts that came as bytes. A byte that is no part of UTF-8 becomes a lone surrogate of its own, U+DC80 to U+DCFF
 * (as in Python's `surrogateescape`), so that different bytes are different texts and can be turned back. Usual
 * decoding makes U+FFFD of all of them: two passwords would then be one.
 */

/** Somewhere in it is a surrogate without its other half: no character, and nothing that UTF-8 can say. */
export const loneSurrogatePattern = /\p{Cs}/u;

/** Somewhere in it is a lone surrogate that stands for no byte either. */
const meaninglessPattern = /[\u{d800}-\u{dc7f}\u{dd00}-\u{dfff}]/u;

const bytesPattern = /([\u{dc80}-\u{dcff}]+)/u;
const byteBase = 0xdc00;

/** Decodes UTF-8; what is not UTF-8 stays apart, byte for byte. */
export function textOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  // Written once, as code units: a text put together of a million pieces would cost far more.
  const units = Buffer.allocUnsafe(2 * bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length > 1) end += units.write(bytes.toString('utf8', at, at + length), end, 'utf16le');
    else end = units.writeUInt16LE((length === 0 ? byteBase : 0) + (bytes[at] ?? 0), end);
    at += Math.max(length, 1);
  }
  return units.toString('utf16le', 0, end);
}

/** The bytes that a text stands for; undefined where a lone surrogate stands for none. */
export function bytesOfText(text: string): Buffer | undefined {
  if (!loneSurrogatePattern.test(text)) return Buffer.from(text);
  if (meaninglessPattern.test(text)) return undefined;
  const parts = text.split(bytesPattern).map((part, index) => {
    if (index % 2 === 0) return Buffer.from(part);
    return Buffer.from(Array.from(part, (unit) => unit.charCodeAt(0) - byteBase));
  });
  return Buffer.concat(parts);
}

/** How many bytes the character takes that begins here; 0 where none does (RFC 3629, table 3-7 of Unicode). */
function sequenceLength(bytes: Buffer, at: number): 0 | 1 | 2 | 3 | 4 {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const [from, to] = secondByte(first);
  const second = bytes[at + 1] ?? 0;
  if (second < from || second > to) return 0;
  if (first < 0xe0) return 2;
  if (!isContinuation(bytes[at + 2])) return 0;
  if (first < 0xf0) return 3;
  return isContinuation(bytes[at + 3]) ? 4 : 0;
}

/** Longer forms of shorter characters, surrogates, and what is beyond Unicode are no UTF-8. */
function secondByte(first: number): [from: number, to: number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function isContinuation(byte = 0): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}
