/**
 * One row of RFC 4180.
 *
 * A text that a spreadsheet would take for a formula begins with an apostrophe. Objects and lists are written as JSON,
 * null as nothing.
 */
export function csvRow(values: readonly (string | number | object | null)[]): string {
  const cells = values.map((value) => {
    const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(',')}\r\n`;
}
