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
  return formatRows(table, widthsOf(table));
}

/** How wide each column has to be for these rows. */
export function widthsOf(table: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of table) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, visible(cell).length)));
  }
  return widths;
}

/** Rows of a table whose columns have these widths; a cell that is longer moves the rest of its line. */
export function formatRows(table: readonly (readonly string[])[], widths: readonly number[]): string {
  return table
    .map((row) => row.map(visible))
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
export function jsonRows(rows: readonly JsonRow[]): string {
  if (rows.length === 0) return '{}\n';
  return `{\n${jsonRowLines(rows)}\n}\n`;
}

/** The same in parts. */
export async function* jsonRowsInParts(
  parts: AsyncIterable<readonly JsonRow[]>,
): AsyncGenerator<string, void> {
  let separator = '{\n';
  for await (const rows of parts) {
    if (rows.length === 0) continue;
    yield separator + jsonRowLines(rows);
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n}\n' : '{}\n';
}

export interface JsonRow {
  key: string;
  fields: readonly (readonly [string, JsonValue])[];
}

function jsonRowLines(rows: readonly JsonRow[]): string {
  return rows.map(({ key, fields }) => `    ${JSON.stringify(key)}: ${jsonInline(fields)}`).join(',\n');
}

type JsonValue = string | number | readonly string[];

function jsonMember([name, value]: readonly [string, JsonValue]): string {
  const text = typeof value === 'object' ? jsonList(value) : JSON.stringify(value);
  return `${JSON.stringify(name)}: ${text}`;
}
