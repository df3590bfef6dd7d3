import { textOfBytes } from '../../text/byte-text.js';
import { decodeText, inSlices, maxFields, sliceBytes } from './body-bounds.js';

const [ampersand, equals, plus, percent, blank] = [0x26, 0x3d, 0x2b, 0x25, 0x20];

/**
 * Reads an `application/x-www-form-urlencoded` body, as `URLSearchParams` does, but within bounds and byte for byte.
 *
 * @returns undefined where it has more than 64 fields
 */
export async function readForm(body: Buffer): Promise<[name: string, value: string][] | undefined> {
  const parts = splitFields(body);
  if (parts === undefined) return undefined;
  const pairs: [string, string][] = [];
  for (const part of parts) {
    const at = part.indexOf(equals);
    const [name, value] =
      at === -1 ? [part, part.subarray(part.length)] : [part.subarray(0, at), part.subarray(at + 1)];
    // Bodies of a usual size take no turn of the event loop.
    if (part.length <= sliceBytes) pairs.push([textOfBytes(decode(name)), textOfBytes(decode(value))]);
    else pairs.push([await decodeLong(name), await decodeLong(value)]);
  }
  return pairs;
}

/** Empty fields count too: to pass over a million of them is work. */
function splitFields(body: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let count = 0, start = 0; start < body.length;) {
    if (++count > maxFields) return undefined;
    const found = body.indexOf(ampersand, start);
    const end = found === -1 ? body.length : found;
    if (end > start) parts.push(body.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

async function decodeLong(bytes: Buffer): Promise<string> {
  const decoded: Buffer[] = [];
  let begun = 0;
  await inSlices(bytes, (_start, end) => {
    let cut = end;
    // An escape is not cut in two.
    if (end < bytes.length) for (const back of [1, 2]) if (bytes[end - back] === percent) cut = end - back;
    decoded.push(decode(bytes.subarray(begun, cut)));
    begun = cut;
    return true;
  });
  return decodeText(Buffer.concat(decoded));
}

/** `+` is a blank, and `%` with two hexadecimal digits a byte; any other `%` is itself. */
function decode(bytes: Buffer): Buffer {
  if (!bytes.includes(plus) && !bytes.includes(percent)) return bytes;
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] ?? 0;
    if (byte === plus) byte = blank;
    else if (byte === percent) {
      const value = (hexDigit(bytes[at + 1]) << 4) | hexDigit(bytes[at + 2]);
      if (value >= 0) {
        byte = value;
        at += 2;
      }
    }
    decoded[length++] = byte;
  }
  return decoded.subarray(0, length);
}

/** Negative for what is none. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
