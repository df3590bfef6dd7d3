import { csvLines } from '../commands/csv-lines.js';
import { visible } from '../text/visible-text.js';
import type { Finding } from './judge.js';

export const formats = ['plain', 'json', 'csv'] as const;
export type ReportFormat = (typeof formats)[number];

const columns = ['file', 'line', 'commit', 'kind', 'key', 'user', 'secret', 'state'] as const;

/** Writes findings one by one as they are made, so that no list of them is kept. */
export class Report {
  private count = 0;

  constructor(
    private readonly format: ReportFormat,
    private readonly write: (text: string) => void,
  ) {
    if (format === 'csv') write(csvLines([columns]));
    if (format === 'json') write('[');
  }

  add(finding: Finding): void {
    const cells = columns.map((column) => finding[column]);
    if (this.format === 'csv') this.write(csvLines([cells]));
    else if (this.format === 'json')
      this.write(`${this.count === 0 ? '' : ','}\n  ${JSON.stringify(finding)}`);
    else this.write(`${cells.map((cell) => visible(String(cell))).join('\t')}\n`);
    this.count++;
  }

  end(): void {
    if (this.format === 'json') this.write(this.count === 0 ? ']\n' : '\n]\n');
  }
}
