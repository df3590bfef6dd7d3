/**
 * How an answer is worded whose request was not read to its end, or names nobody. PHP 7 takes `"Error: …" == 0` for
 * true, so a client that asked for the code alone would take words for success.
 *
 * - `code`: the bare number, for clients that asked for it
 * - `words`: for clients that are known not to have asked
 * - `both`: the number and then the words, where nobody knows: `"2 Error: …" == 0` is false
 */
export type Wording = 'code' | 'words' | 'both';

export function wordAnswer(wording: Wording, code: number, words: string): string {
  if (wording === 'code') return String(code);
  return wording === 'both' ? `${String(code)} ${words}` : words;
}

const name = Buffer.from('returncode');
/** As a form, JSON and a multipart body write it behind its name. */
const valuePattern = /^(?:=yes(?:[&\s]|$)|"\s*:\s*"yes"|"?\r\n(?:[^\r\n]+\r\n)*\r\nyes(?:\r\n|$))/i;
const maxNames = 16;
const windowBytes = 200;

/**
 * @param url - its query is looked at too
 * @param bytes - what has come of the body
 * @param isWhole - whether that is all of it
 */
export function guessWording(url: string | undefined, bytes: Buffer, isWhole: boolean): Wording {
  if (asksForCode(Buffer.from(url ?? '')) || asksForCode(bytes)) return 'code';
  return isWhole ? 'words' : 'both';
}

function asksForCode(bytes: Buffer): boolean {
  let at = bytes.indexOf(name);
  for (let count = 0; at !== -1 && count < maxNames; count++) {
    const start = at + name.length;
    if (valuePattern.test(bytes.toString('latin1', start, start + windowBytes))) return true;
    at = bytes.indexOf(name, start);
  }
  return false;
}
