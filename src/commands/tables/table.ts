import { displayWidth, fittingStart, padToWidth } from '../../text/display-width.js';
import { styled } from '../../text/styles.js';
import { visible } from '../../text/visible-text.js';
import { fitColumns, gap, type Column, type Layout } from './fit-columns.js';

export type { Column } from './fit-columns.js';

/** A table as somebody at a terminal sees it; a script gets text of another form, which doesn't change. */
export interface Table {
  columns: readonly Column[];
  rows: readonly Row[];
  /** Whether a row that is `bad` has a mark before it. */
  hasMarks?: boolean;
  /** What stands below the table. */
  after?: string;
}

export interface Row {
  cells: readonly string[];
  /** Shown in red where there is colour: a denial, a failure. */
  isBad?: boolean;
}

/** The terminal that a table is for. */
export interface View {
  /** Cells of a line; infinite: all columns are shown, and none wraps. */
  columns: number;
  hasColour: boolean;
}

/** Narrower terminals break lines by themselves. */
const narrowestView = 40;

/** Writes a table part by part: the columns that the first part has room for are those of all parts. */
export class TableWriter {
  private readonly naturals: number[];
  private layout: Layout | undefined;

  constructor(
    private readonly columns: readonly Column[],
    private readonly view: View,
    private readonly hasMarks = false,
  ) {
    this.naturals = columns.map(({ head }) => displayWidth(head));
  }

  /** The lines of these rows; before the first ones those of the heads. */
  write(rows: readonly Row[]): string {
    const shownRows = rows.map((row) => ({ ...row, cells: row.cells.map(visible) }));
    for (const { cells } of shownRows)
      cells.forEach((cell, index) => {
        this.naturals[index] = Math.max(this.naturals[index] ?? 0, displayWidth(cell));
      });
    const isFirst = this.layout === undefined;
    const room = Math.max(narrowestView, this.view.columns) - (this.hasMarks ? gap : 0);
    const layout = fitColumns(this.columns, this.naturals, room, this.layout?.shown);
    this.layout = layout;
    return [
      ...(isFirst ? this.headLines(layout) : []),
      ...shownRows.flatMap((row) => this.rowLines(row, layout)),
    ]
      .map((line) => `${line}\n`)
      .join('');
  }

  /** The heads of columns that there is no room for. */
  dropped(): string[] {
    const { layout } = this;
    if (layout === undefined) return [];
    return this.columns.flatMap(({ head }, index) => (layout.shown.includes(index) ? [] : [head]));
  }

  private headLines({ shown, widths }: Layout): string[] {
    const heads = shown.map((index) => this.columns[index]?.head ?? '');
    const lines = [heads, heads.map((head) => '-'.repeat(head.length))].map((cells) => joined(cells, widths));
    const indent = this.hasMarks ? ' '.repeat(gap) : '';
    return lines.map((line) => indent + (this.view.hasColour ? styled(line, 'bold') : line));
  }

  private rowLines({ cells, isBad = false }: Row, { shown, widths }: Layout): string[] {
    const parts = shown.map((index, place) => wrapped(cells[index] ?? '', widths[place] ?? 0));
    const height = Math.max(1, ...parts.map((part) => part.length));
    return Array.from({ length: height }, (_, line) => {
      const text = joined(
        parts.map((part) => part[line] ?? ''),
        widths,
      );
      const mark = this.hasMarks ? (isBad && line === 0 ? '> ' : '  ') : '';
      return `${mark}${isBad && this.view.hasColour ? styled(text, 'red') : text}`.trimEnd();
    });
  }
}

/** A table in which all values count the same, but for columns that say otherwise. */
export function plainTable(
  columns: readonly (string | Column)[],
  rows: readonly (readonly string[])[],
): Table {
  return {
    columns: columns.map((column) => (typeof column === 'string' ? { head: column } : column)),
    rows: rows.map((cells) => ({ cells })),
  };
}

/** A whole table, and on `say` what it had no room for. */
export function renderTable(table: Table, view: View, say: (text: string) => void): string {
  const writer = new TableWriter(table.columns, view, table.hasMarks);
  const text = writer.write(table.rows);
  sayDropped(writer, say);
  return text + (table.after ?? '');
}

export function sayDropped(writer: TableWriter, say: (text: string) => void): void {
  const heads = writer.dropped();
  if (heads.length > 0) say(`not shown for want of room: ${heads.join(', ')} (--wide shows all)\n`);
}

function joined(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, place) => padToWidth(cell, widths[place] ?? 0))
    .join(' '.repeat(gap))
    .trimEnd();
}

/** Lines of at most that many cells, broken behind a blank, a comma or a slash where there is one not too near the start. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (displayWidth(rest) > width && width > 0) {
    const start = fittingStart(rest, width);
    const end = Math.max(...[' ', ',', '/'].map((mark) => start.lastIndexOf(mark))) + 1;
    const line = start.length < rest.length && end > start.length / 4 ? start.slice(0, end) : start;
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return [...lines, rest];
}
