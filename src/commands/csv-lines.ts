import { csvRow } from '../text/csv.js';
import { visible, visibleLines } from '../text/visible-text.js';

/** Rows of RFC 4180 for the command line: nothing in them is obeyed, and lines end as those of other listings. */
export function csvLines(rows: readonly (readonly (string | number | object | null)[])[]): string {
  return rows
    .map((cells) => {
      const shown = cells.map((cell) => (typeof cell === 'string' ? visible(cell) : cell));
      return `${visibleLines(csvRow(shown).replace(/\r\n$/, ''))}\n`;
    })
    .join('');
}
