import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayWidth } from '../../text/display-width.js';
import { renderTable, TableWriter, type Column, type Row } from './table.js';

const columns: Column[] = [
  { head: 'ID' },
  { head: 'USER' },
  { head: 'PERMISSIONS', wraps: true },
  { head: 'COMMENT', importance: 1 },
  { head: 'CREATED', importance: 2 },
];
const rows: Row[] = [
  { cells: ['InNqgp01kO3v0W22eg6Z', 'alice', 'mail-accounts,update-dns-records', '日本語', '2026-01-31'] },
  { cells: ['A1nqgp01kO3v0W22eg6A', 'bob', 'billing', 'x', '2026-01-31'], isBad: true },
];

function render(width: number, hasColour = false, hasMarks = false): { lines: string[]; said: string } {
  let said = '';
  const view = { columns: width, hasColour };
  const text = renderTable({ columns, rows, hasMarks }, view, (words) => (said += words));
  return { lines: text.trimEnd().split('\n'), said };
}

describe('a table', () => {
  it('that fits shows all columns, aligned by cells', () => {
    const { lines, said } = render(120);
    expect(lines).toEqual([
      'ID                    USER   PERMISSIONS                       COMMENT  CREATED',
      '--                    ----   -----------                       -------  -------',
      'InNqgp01kO3v0W22eg6Z  alice  mail-accounts,update-dns-records  日本語   2026-01-31',
      'A1nqgp01kO3v0W22eg6A  bob    billing                           x        2026-01-31',
    ]);
    expect(said).toBe('');
  });

  it('that does not fit loses the least important columns, says which, and wraps', () => {
    const { lines, said } = render(60);
    expect(lines).toEqual([
      'ID                    USER   PERMISSIONS',
      '--                    ----   -----------',
      'InNqgp01kO3v0W22eg6Z  alice  mail-accounts,',
      '                             update-dns-records',
      'A1nqgp01kO3v0W22eg6A  bob    billing',
    ]);
    expect(said).toBe('not shown for want of room: COMMENT, CREATED (--wide shows all)\n');
  });

  it('shows all without an end of the line', () => {
    expect(render(Infinity).lines).toEqual(render(120).lines);
  });

  it('marks what is bad, in red only where there is colour', () => {
    expect(render(120, false, true).lines[3]).toMatch(/^> A1nq/);
    expect(render(120, false, true).lines[2]).toMatch(/^ {2}InNq/);
    const marked = render(120, true, true).lines[3] ?? '';
    expect(marked.startsWith('> \u001b[31mA1nq') && marked.endsWith('\u001b[0m')).toBe(true);
    expect(render(120, false).lines.join()).not.toContain('\u001b');
  });

  it('is never wider than the terminal, loses no part of a value, and shows what would be obeyed', () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('日', 'a', ',', ' ', '\u001b', '🚀') }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200 }), fc.array(cell, { maxLength: 5 }), (width, cells) => {
        const writer = new TableWriter([{ head: 'ID' }, { head: 'WHAT', wraps: true }], {
          ...{ columns: width, hasColour: false },
        });
        const lines = writer
          .write(cells.map((text) => ({ cells: ['InNqgp01kO3v0W22eg6Z', text] })))
          .split('\n');
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
        const shown = lines.join('').replace(/\s|InNqgp01kO3v0W22eg6Z/gu, '');
        for (const text of cells)
          expect(shown).toContain(
            text.replaceAll('\u001b', '\\x1b').replace(/[^\x21-\x5b\x5d-\x7e日🚀\\]/gu, ''),
          );
      }),
    );
  });

  it('written in parts has one head, and the columns of the first part', () => {
    const writer = new TableWriter(columns, { columns: 60, hasColour: false });
    const first = writer.write(rows.slice(1));
    const second = writer.write(rows.slice(0, 1));
    expect(first.match(/ID/g)).toHaveLength(1);
    expect(second).not.toContain('PERMISSIONS');
    expect(second).toContain('InNqgp01kO3v0W22eg6Z');
  });
});
