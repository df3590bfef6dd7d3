import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../storage/replace-file.js';

/** How far a sink has come: the number of the newest event that it acknowledged, and of which record. */
export interface Cursor {
  chain: string;
  number: number;
}

/** A sink's cursor on the disk: a reader finds the whole of it, or that of before. Writing it never blocks a decision. */
export class CursorFile {
  private readonly file: string;

  /**
   * @param sink - its name
   * @param folder - in the data directory
   */
  constructor(
    dataDir: string,
    private readonly sink: string,
    folder: 'audit-export' | 'alerts' = 'audit-export',
  ) {
    this.file = join(dataDir, folder, `${hash('sha256', sink).slice(0, 16)}.json`);
  }

  /** @returns undefined where the sink was never named; `damaged` where there is a file that is no cursor */
  async read(): Promise<Cursor | undefined | 'damaged'> {
    try {
      const { chain, number } = JSON.parse(await readFile(this.file, 'utf8')) as Partial<Cursor>;
      const isWhole = typeof chain === 'string' && Number.isSafeInteger(number) && Number(number) >= 0;
      return isWhole ? { chain, number: Number(number) } : 'damaged';
    } catch (error) {
      if (error instanceof SyntaxError) return 'damaged';
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  write(cursor: Cursor): Promise<void> {
    return replaceFile(this.file, `${JSON.stringify({ sink: this.sink, ...cursor })}\n`);
  }
}
