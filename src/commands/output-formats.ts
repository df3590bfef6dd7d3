import { invalid } from '../errors.js';
import { visible } from '../text/visible-text.js';

export type OutputFormat = 'shell' | 'json' | 'plain';

const formats: readonly string[] = ['shell', 'json', 'plain'];

/**
 * The FORMAT argument: empty counts as absent.
 *
 * @throws AppError 2 for any other word, before anything is done
 */
export function parseFormat(text: string | undefined): OutputFormat {
  if (text === undefined || text === '') return 'shell';
  if (isFormat(text)) return text;
  throw invalid(`${text} type is invalid`);
}

export function isFormat(text: string): text is OutputFormat {
  return formats.includes(text);
}

/*
 * What clients send comes back in listings. No value can look like another column or row, or be obeyed by a terminal:
 * every cell is shown by `visible`. JSON escapes by itself.
 */

/** Lines of `NAME:  value`, the values below each other from that column on. */
export function formatFields(fields: readonly (readonly [string, string])[], column: number): string {
  return fields.map(([name, value]) => `${`${visible(name)}:`.padEnd(column)}${visible(value)}\n`).join('');
}

/** Rows whose cells stand below each other, two blanks apart; a row may have fewer cells than another. */
export function formatTable(table: readonly (readonly string[])[]): string {
  const rows = table.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  }
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Cells between tabs, a line for each row. */
export function formatPlain(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(visible).join('\t')}\n`).join('');
}

/** `["a", "b"]`: JSON with a blank after each comma, as Hestia prints it. */
export function jsonList(items: readonly string[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
}

/** `{"A": "x", "B": ["y"]}` on one line. */
export function jsonInline(fields: readonly (readonly [string, JsonValue])[]): string {
  return `{${fields.map(jsonMember).join(', ')}}`;
}

/** The same over lines, each member indented by four blanks. */
export function jsonBlock(fields: readonly (readonly [string, JsonValue])[]): string {
  return `{\n${fields.map((field) => `    ${jsonMember(field)}`).join(',\n')}\n}\n`;
}

/** An object of objects, one on each line; `{}` when there are none. */
export function jsonRows(
  rows: readonly { key: string; fields: readonly (readonly [string, JsonValue])[] }[],
): string {
  if (rows.length === 0) return '{}\n';
  const lines = rows.map(({ key, fields }) => `    ${JSON.stringify(key)}: ${jsonInline(fields)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

type JsonValue = string | number | readonly string[];

function jsonMember([name, value]: readonly [string, JsonValue]): string {
  const text = typeof value === 'object' ? jsonList(value) : JSON.stringify(value);
  return `${JSON.stringify(name)}: ${text}`;
}
