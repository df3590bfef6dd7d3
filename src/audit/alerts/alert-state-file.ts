import { hash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BurstEntry } from './denial-bursts.js';
import type { AlertFinder } from './find-alerts.js';
import type { SeenUse } from './seen-uses.js';

/** So many lines are read or written before other work gets its turn. */
const linesPerTurn = 500;

interface Head {
  chain: string;
  /** Everything up to there has been taken in. */
  number: number;
  keys: number;
  bursts: number;
}

/**
 * What an `AlertFinder` knows, on the disk: a line for what it is of, one for each key and each subject of denials. A
 * reader finds the whole of it, or that of before.
 */
export class AlertStateFile {
  private readonly folder: string;
  private readonly file: string;

  /** @param receiver - its name */
  constructor(
    dataDir: string,
    receiver: string,
    private readonly chain: string,
  ) {
    this.folder = join(dataDir, 'alerts');
    this.file = join(this.folder, `${hash('sha256', receiver).slice(0, 16)}.state`);
  }

  /**
   * Gives the finder what it knew.
   *
   * @param upTo - a state of later events than these is none
   * @returns the number of the newest event in it; 0 where there is none, or none of this record, or a damaged one
   */
  async restore(finder: AlertFinder, upTo: number): Promise<number> {
    try {
      return await this.readInto(finder, upTo);
    } catch (error) {
      if (error instanceof SyntaxError) return 0;
      throw error;
    }
  }

  async write(finder: AlertFinder, number: number): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const temporary = `${this.file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      for await (const text of linesOf(finder, this.chain, number)) await handle.writeFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.file);
  }

  private async readInto(finder: AlertFinder, upTo: number): Promise<number> {
    const lines = await this.readLines();
    const head = JSON.parse(lines[0] ?? '{}') as Partial<Head>;
    const { chain, number = 0, keys = 0, bursts = 0 } = head;
    if (chain !== this.chain || number > upTo || lines.length !== keys + bursts + 1) return 0;
    for (const [index, line] of lines.slice(1).entries()) {
      if (index < keys) finder.uses.restore(JSON.parse(line) as SeenUse);
      else finder.bursts.restore(JSON.parse(line) as BurstEntry);
      if (index % linesPerTurn === 0) await nextTurn();
    }
    return number;
  }

  private async readLines(): Promise<string[]> {
    try {
      return (await readFile(this.file, 'utf8')).split('\n').slice(0, -1);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

async function* linesOf(finder: AlertFinder, chain: string, number: number): AsyncGenerator<string> {
  const { uses, bursts } = finder;
  const head: Head = { chain, number, keys: uses.size, bursts: bursts.size };
  let lines = [JSON.stringify(head)];
  for (const source of [uses.entries(), bursts.entries()])
    for (const entry of source) {
      lines.push(JSON.stringify(entry));
      if (lines.length < linesPerTurn) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
      await nextTurn();
    }
  yield lines.map((line) => `${line}\n`).join('');
}
