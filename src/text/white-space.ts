/** ASCII white space and NUL: what PHP's `trim` takes away, and so what Hestia's clients rely on. */
const trimmed = ' \t\n\r\0\x0b';

/** The text without white space round it. By index: a pattern takes a time quadratic in the white space inside. */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && trimmed.includes(text.charAt(start))) start += 1;
  while (end > start && trimmed.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
