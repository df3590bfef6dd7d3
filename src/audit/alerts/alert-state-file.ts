import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { replaceFile } from '../../storage/replace-file.js';
import type { BurstEntry } from './denial-bursts.js';
import type { AlertFinder } from './find-alerts.js';
import type { HourEntry } from './hourly-limit.js';
import type { SeenUse } from './seen-uses.js';

/** Of the form of the file: one of another version is none. */
const version = 2;
/** So many lines are written before other work gets its turn. */
const linesPerTurn = 500;
const pieceBytes = 65_536;

interface Head {
  version: number;
  chain: string;
  /** Everything up to there has been taken in, and every alert in it has been delivered. */
  number: number;
  sinceMs: number | null;
}

type Entry =
  | readonly ['use', SeenUse]
  | readonly ['hour', HourEntry]
  | readonly ['denials of key' | 'denials of address', BurstEntry];

/**
 * What an `AlertFinder` knows, on the disk: a line for what it is of, one for each key and each subject of denials, and
 * a digest of them all. A reader finds the whole of it, or that of before.
 */
export class AlertStateFile {
  private readonly file: string;

  /** @param receiver - its name */
  constructor(
    dataDir: string,
    receiver: string,
    private readonly chain: string,
  ) {
    this.file = join(dataDir, 'alerts', `${hash('sha256', receiver).slice(0, 16)}.state`);
  }

  /** @returns the number of the newest event in it; 0 where there is none, or one of another record, or a damaged one */
  async newest(): Promise<number> {
    return (await this.head())?.number ?? 0;
  }

  /**
   * Gives the finder what it knew.
   *
   * @param upTo - a state of later events than these is none
   * @returns as `newest` does
   */
  async restore(finder: AlertFinder, upTo: number): Promise<number> {
    const head = await this.head();
    if (head === undefined || head.number > upTo) return 0;
    finder.novelties.sinceMs = head.sinceMs ?? Infinity;
    for await (const lines of linesIn(this.file))
      for (const line of lines) if (line.startsWith('[')) restoreEntry(finder, JSON.parse(line) as Entry);
    return head.number;
  }

  async write(finder: AlertFinder, number: number): Promise<void> {
    const { sinceMs } = finder.novelties;
    await replaceFile(this.file, piecesOf(finder, { version, chain: this.chain, number, sinceMs }));
  }

  /** Undefined unless all of the file is as it was written, for this record. */
  private async head(): Promise<Head | undefined> {
    const digest = createHash('sha256');
    let first: string | undefined;
    let last: string | undefined;
    for await (const lines of linesIn(this.file))
      for (const line of lines) {
        if (last !== undefined) digest.update(`${last}\n`);
        first ??= line;
        last = line;
      }
    if (last === undefined || last !== endLine(digest.digest('hex'))) return undefined;
    const head = JSON.parse(first ?? '{}') as Partial<Head>;
    return head.version === version && head.chain === this.chain ? (head as Head) : undefined;
  }
}

function endLine(sha256: string): string {
  return JSON.stringify({ sha256 });
}

function restoreEntry(
  { novelties, hours, burstsOfKeys, burstsOfAddresses }: AlertFinder,
  entry: Entry,
): void {
  if (entry[0] === 'use') novelties.uses.restore(entry[1]);
  else if (entry[0] === 'hour') hours.restore(entry[1]);
  else (entry[0] === 'denials of key' ? burstsOfKeys : burstsOfAddresses).restore(entry[1]);
}

function* entriesOf({ novelties, hours, burstsOfKeys, burstsOfAddresses }: AlertFinder): Generator<Entry> {
  for (const use of novelties.uses.entries()) yield ['use', use];
  for (const hour of hours.entries()) yield ['hour', hour];
  for (const burst of burstsOfKeys.entries()) yield ['denials of key', burst];
  for (const burst of burstsOfAddresses.entries()) yield ['denials of address', burst];
}

async function* piecesOf(finder: AlertFinder, head: Head): AsyncGenerator<string> {
  const digest = createHash('sha256');
  let lines = [JSON.stringify(head)];
  const take = (): string => {
    const text = lines.map((line) => `${line}\n`).join('');
    digest.update(text);
    lines = [];
    return text;
  };
  for (const entry of entriesOf(finder)) {
    lines.push(JSON.stringify(entry));
    if (lines.length < linesPerTurn) continue;
    yield take();
    await nextTurn();
  }
  yield take();
  yield `${endLine(digest.digest('hex'))}\n`;
}

/** The whole lines of a file, some at a time; none where there is no file. */
async function* linesIn(file: string): AsyncGenerator<string[]> {
  let rest = '';
  try {
    for await (const piece of createReadStream(file, { encoding: 'utf8', highWaterMark: pieceBytes })) {
      const lines = `${rest}${piece as string}`.split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
