import { setImmediate as nextTurn } from 'node:timers/promises';
import { textOfBytes } from '../../text/byte-text.js';
import { invalid, type AppError } from '../../errors.js';

/** Of a form, a JSON object or a multipart body. The API has no more than 20 names. */
export const maxFields = 64;

/** Bytes that a parser looks at before others have their turn: well under a millisecond, whatever they are. */
export const sliceBytes = 65_536;

/** The refusal of a body that its parser must not go on with, or can't. */
export function malformedBody(): AppError {
  return invalid('the request could not be read');
}

/** Calls `read` with each slice of the bytes until it returns false, and lets others have their turn in between. */
export async function inSlices(bytes: Buffer, read: (start: number, end: number) => boolean): Promise<void> {
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    if (start > 0) await nextTurn();
    if (!read(start, Math.min(start + sliceBytes, bytes.length))) return;
  }
}

/** The same as `textOfBytes`. Without a promise for texts of a usual length. */
export function decodeText(bytes: Buffer): string | Promise<string> {
  return bytes.length <= sliceBytes ? textOfBytes(bytes) : decodeLongText(bytes);
}

async function decodeLongText(bytes: Buffer): Promise<string> {
  let text = '';
  let begun = 0;
  await inSlices(bytes, (_start, end) => {
    const cut = beforeCharacter(bytes, end);
    text += textOfBytes(bytes.subarray(begun, cut));
    begun = cut;
    return true;
  });
  return text;
}

/** The last place up to `end` that no character of UTF-8 spans: one has at most three bytes after its first. */
function beforeCharacter(bytes: Buffer, end: number): number {
  for (let at = end; at > end - 4; at--) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  return end;
}
