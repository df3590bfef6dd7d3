/** Words in bytes: runs of the characters that IDs, secrets and legacy keys of Hearthkey have. */
export interface Word {
  begin: number;
  end: number;
}

/** Random characters are more; words and numbers are fewer. */
const fewestDifferent = 12;
const [lineEnd, percent, plus, slash, backslash] = [0x0a, 0x25, 0x2b, 0x2f, 0x5c] as const;

/** 1: a letter or a digit; 2: `_` and `-`, which are in secrets too; 0: all else ends a word. */
const classes = new Uint8Array(256);
for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  classes[character.charCodeAt(0)] = 1;
for (const character of '_-') classes[character.charCodeAt(0)] = 2;

export function isLetterOrDigit(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === 1;
}

/**
 * Words of at least so many characters. Looking at each so-manieth byte passes over everything shorter, which is most
 * of a text.
 */
export function* longWords(bytes: Buffer, shortest: number): Generator<Word, void> {
  const { length } = bytes;
  let place = 0;
  while (place + shortest <= length) {
    const probe = place + shortest - 1;
    if (classes[bytes[probe] as number] === 0) {
      place = probe + 1;
      continue;
    }
    let begin = probe;
    while (begin > place && classes[bytes[begin - 1] as number] !== 0) begin--;
    let end = probe + 1;
    while (end < length && classes[bytes[end] as number] !== 0) end++;
    if (end - begin >= shortest) yield { begin, end };
    place = end + 1;
  }
}

/** How many characters at the start of a word belong to an escape such as `\n` or `%3A`. */
export function escapeBefore(bytes: Buffer, { begin }: Word): 0 | 1 | 2 {
  if (bytes[begin - 1] === backslash) return 1;
  return bytes[begin - 1] === percent ? 2 : 0;
}

/**
 * Most of what has the length of an ID or a legacy key is a part of base64, which `+` and `/` part into words. At the
 * start of a line a `+` is that of a diff.
 */
export function isInBase64(bytes: Buffer, { begin, end }: Word): boolean {
  const [before, after] = [bytes[begin - 1], bytes[end]];
  const isInDiff = begin < 2 || bytes[begin - 2] === lineEnd;
  return (before === plus && !isInDiff) || after === plus || (before === slash && after === slash);
}

/** In which word each byte was seen last: counts different ones without a set for each word. */
const seenIn = new Float64Array(256);
let words = 0;

/** Capitals and small letters, and many different characters: hashes in hexadecimal and names are none. */
export function looksRandom(bytes: Buffer, begin: number, end: number, fewest = fewestDifferent): boolean {
  let [capitals, small, different] = [0, 0, 0];
  words++;
  for (let place = begin; place < end; place++) {
    const byte = bytes[place] as number;
    if (byte >= 0x41 && byte <= 0x5a) capitals++;
    else if (byte >= 0x61 && byte <= 0x7a) small++;
    if (seenIn[byte] === words) continue;
    seenIn[byte] = words;
    different++;
  }
  return capitals > 0 && small > 0 && different >= fewest;
}
