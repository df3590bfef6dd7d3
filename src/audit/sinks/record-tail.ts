import { closeSync } from 'node:fs';
import { readHead } from '../record/chain.js';
import {
  closeRecordFiles,
  openRecordFiles,
  readAt,
  readRecordFile,
  type RecordFile,
} from '../record/record-files.js';
import { placeAfter } from './place-after.js';
import type { RecordedEvent } from './sink.js';

const newline = 10;
const pieceBytes = 65_536;

export interface BatchLimits {
  /** The newest number that may be read. */
  upTo: number;
  maxEvents: number;
  /** A single event may be longer. */
  maxBytes: number;
}

interface Pieces {
  /** The next bytes; empty at the end of what is there. */
  next: () => Promise<Buffer>;
  /** Reads that many bytes again; false where that can't be done. */
  goBack: (bytes: number) => boolean;
}

/** Where reading goes on. */
interface Place {
  file: RecordFile;
  /** The number of the newest event that was read. */
  after: number;
  /** What was read of the file and not returned yet. */
  rest: Buffer;
  pieces: Pieces;
}

/**
 * Reads the record forwards from any number on, over rotated and compressed files, some 64 KiB at a time. It keeps its
 * file open between two batches, so that going on costs no search.
 */
export class RecordTail {
  private place: Place | undefined;

  constructor(private readonly dataDir: string) {}

  /**
   * The events after a number, in their order. Fewer than there are, but none only where there is none. Numbers that
   * are no longer in the record are passed over.
   */
  async read(after: number, limits: BatchLimits): Promise<RecordedEvent[]> {
    if (this.place?.after !== after) await this.seek(after);
    const events = await this.readOn(limits);
    if (events.length > 0 || after >= limits.upTo) return events;
    // The file has ended: the record goes on in the next one.
    await this.seek(after);
    return this.readOn(limits);
  }

  close(): void {
    if (this.place !== undefined) closeSync(this.place.file.descriptor);
    this.place = undefined;
  }

  private async seek(after: number): Promise<void> {
    this.close();
    const files = await openRecordFiles(this.dataDir);
    const readable = files.filter(
      (file) => file.problem === undefined && Number.isFinite(file.firstSequence),
    );
    let found: Place | undefined;
    try {
      const index = Math.max(
        0,
        readable.findLastIndex(({ firstSequence }) => firstSequence <= after + 1),
      );
      for (const file of readable.slice(index)) {
        found = await placeIn(file, after);
        if (found !== undefined) break;
      }
    } finally {
      closeRecordFiles(files.filter((file) => file !== found?.file));
    }
    this.place = found;
  }

  private async readOn({ upTo, maxEvents, maxBytes }: BatchLimits): Promise<RecordedEvent[]> {
    const { place } = this;
    const events: RecordedEvent[] = [];
    let bytes = 0;
    while (place !== undefined && events.length < maxEvents && bytes < maxBytes) {
      const line = await nextLine(place);
      if (line === undefined) break;
      const number = readHead(line)?.sequence;
      if (number !== undefined && number > upTo) break;
      // What is no line of the chain is passed over: checking the record tells of it.
      if (number !== undefined && number > place.after) {
        if (events.length > 0 && bytes + line.length > maxBytes) break;
        events.push({ number, line: line.toString('utf8') });
        bytes += line.length;
        place.after = number;
      }
      place.rest = place.rest.subarray(line.length + 1);
    }
    // What lies behind may be cut off again by the writer, and be something else the next time.
    if (place?.pieces.goBack(place.rest.length) === true) place.rest = Buffer.alloc(0);
    return events;
  }
}

/** Undefined: everything in the file comes before. */
async function placeIn(file: RecordFile, after: number): Promise<Place | undefined> {
  const pieces = file.isCompressed ? piecesOf(file) : piecesFrom(file, await placeAfter(file, after));
  const place: Place = { file, after, rest: Buffer.alloc(0), pieces };
  for (;;) {
    const line = await nextLine(place);
    if (line === undefined) return undefined;
    if ((readHead(line)?.sequence ?? 0) > after) return place;
    place.rest = place.rest.subarray(line.length + 1);
  }
}

/** The next whole line, which stays in `rest`. */
async function nextLine(place: Place): Promise<Buffer | undefined> {
  let searched = 0;
  for (;;) {
    const end = place.rest.indexOf(newline, searched);
    if (end !== -1) return place.rest.subarray(0, end);
    searched = place.rest.length;
    const piece = await place.pieces.next();
    if (piece.length === 0) return undefined;
    place.rest = searched === 0 ? piece : Buffer.concat([place.rest, piece]);
  }
}

/** Also what is appended later. */
function piecesFrom({ descriptor }: RecordFile, start: number): Pieces {
  let position = start;
  return {
    next: async () => {
      const bytes = await readAt(descriptor, position, pieceBytes);
      position += bytes.length;
      return bytes;
    },
    goBack: (bytes) => {
      position -= bytes;
      return true;
    },
  };
}

/** Nobody writes to a compressed file. */
function piecesOf(file: RecordFile): Pieces {
  const pieces = readRecordFile(file)[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await pieces.next();
      return result.done === true ? Buffer.alloc(0) : result.value;
    },
    goBack: () => false,
  };
}
