/** Takes no cell of its own: it is drawn over the character before it. */
const combining = /\p{Mn}|\p{Me}/u;
/** Takes two cells, as East Asian characters and emoji do (Unicode, UAX 11: wide and fullwidth). */
const wide = new RegExp(
  [
    '\\p{Emoji_Presentation}',
    '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u4dbf\\u4e00-\\ua4cf\\ua960-\\ua97c\\uac00-\\ud7a3\\uf900-\\ufaff]',
    '[\\ufe10-\\ufe19\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6]',
    '[\\u{16fe0}-\\u{18df2}\\u{1aff0}-\\u{1b2fb}\\u{1f200}-\\u{1f265}\\u{20000}-\\u{3fffd}]',
  ].join('|'),
  'u',
);
const isAscii = /^[ -~]*$/;

/** How many cells of a terminal a text takes in which nothing is obeyed (`visible`). */
export function displayWidth(text: string): number {
  if (isAscii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** The text with blanks behind it, so that it takes that many cells. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** As many characters from the start as fit into that many cells, at least one. */
export function fittingStart(text: string, width: number): string {
  let start = '';
  let taken = 0;
  for (const character of text) {
    taken += cellsOf(character);
    if (taken > width && start !== '') break;
    start += character;
  }
  return start;
}

function cellsOf(character: string): number {
  if (isAscii.test(character)) return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
