/** Used again for the next lines, and made larger for more of them; very many get a buffer of their own. */
let scratch = Buffer.allocUnsafe(65_536);
const keptBytes = 4_194_304;
/** UTF-8 takes no more for a code unit. */
const mostBytesPerUnit = 3;

/** One line after the other: joined as texts they would be copied once more. */
export function encodeLines(lines: readonly string[]): Buffer {
  let most = 0;
  for (const line of lines) most += line.length * mostBytesPerUnit;
  let buffer = scratch;
  if (most > scratch.length) {
    buffer = Buffer.allocUnsafe(most);
    if (most <= keptBytes) scratch = buffer;
  }
  let length = 0;
  for (const line of lines) length += buffer.write(line, length);
  return buffer.subarray(0, length);
}
