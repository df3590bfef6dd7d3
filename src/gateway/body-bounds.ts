import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { invalid, type AppError } from '../errors.js';

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

/** The same as `bytes.toString()`. Without a promise for texts of a usual length. */
export function decodeText(bytes: Buffer): string | Promise<string> {
  return bytes.length <= sliceBytes ? bytes.toString() : decodeLongText(bytes);
}

async function decodeLongText(bytes: Buffer): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  await inSlices(bytes, (start, end) => {
    text += decoder.write(bytes.subarray(start, end));
    return true;
  });
  return text + decoder.end();
}
