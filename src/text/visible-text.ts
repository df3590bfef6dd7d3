/**
 * Characters that a terminal or a reader obeys instead of showing: control characters, also those beyond ASCII (C0, DEL,
 * C1), formats such as changes of direction and what has no width, line and paragraph ends, and halves of characters.
 */
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const obeyedBesideLayout = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Without anything of them in it a text stays as it is; most are such. */
const isPlain = /^[ -[\]-~]*$/;
/** A backslash that would read as the beginning of an escape. */
const ambiguousBackslash = /\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})/g;

/**
 * A value for one place of a listing or of a message: what a terminal obeys, line ends and tabs among it, is shown as
 * `\x1b` or `\u202e`. No two values look the same: a backslash that could begin one of these is `\x5c`.
 */
export function visible(text: string): string {
  if (isPlain.test(text)) return text;
  return text.replace(ambiguousBackslash, '\\x5c').replace(obeyed, escapeOf);
}

/** The most characters of what was given that a message repeats. */
const mostRepeated = 100;

/** A value for a message: as `visible`, and no longer than a reader wants to see again. */
export function shortened(text: string): string {
  return text.length <= mostRepeated ? visible(text) : cut(text, visible);
}

/** The same for each word of a message. */
export function withShortWords(message: string): string {
  if (message.length <= mostRepeated) return message;
  return message.replace(longWord, (word) => cut(word, (start) => start));
}

const longWord = new RegExp(`\\S{${String(mostRepeated + 1)},}`, 'g');

function cut(text: string, show: (start: string) => string): string {
  const start = text.slice(0, mostRepeated - 20).replace(/[\ud800-\udbff]$/, '');
  return `${show(start)}… (${String(text.length)} characters)`;
}

/**
 * A whole text for a terminal, whose own line ends and tabs stay. JSON stays JSON of the same values: within it there are
 * none of the characters that are shown as `\x…`.
 */
export function visibleLines(text: string): string {
  return text.replace(obeyedBesideLayout, escapeOf);
}

function escapeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => (unit < 0x20 ? `\\x${hex(unit, 2)}` : `\\u${hex(unit, 4)}`)).join('');
}

function hex(unit: number, length: number): string {
  return unit.toString(16).padStart(length, '0');
}
