import { firstLine, timeOf } from './first-line.js';
import { closeRecordFiles, openRecordFiles, readRecordFile } from './record-files.js';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A day of the week is not like the others. */
const spanMs = 7 * dayMs;
/** Of an event in the tiles of the tree. */
const tileBytes = 33;
/** Of the record for each byte of its index. */
const indexShare = 60;

/** How fast the record grows at present, with its index and its tree. */
export interface RecordGrowth {
  bytesPerDay: number;
  /** The files that have lines of it: others are never put away. */
  presentBytes: number;
}

/**
 * By the newest files that go back a week, or as far as there are any.
 *
 * @param newest - the number of the newest line
 * @returns undefined: the record is not old enough to tell
 */
export async function recordGrowth(
  dataDir: string,
  newest: number,
  nowMs: number,
): Promise<RecordGrowth | undefined> {
  const files = await openRecordFiles(dataDir);
  try {
    let bytes = 0;
    let begun: { first: number; timeMs: number } | undefined;
    const known = files.filter(({ firstSequence }) => Number.isFinite(firstSequence));
    for (const file of known.toReversed()) {
      // What is compressed says nothing of how much was written.
      if (file.isCompressed) break;
      const line = await firstLine(readRecordFile(file));
      const timeMs = line === undefined ? Number.NaN : timeOf(line);
      if (Number.isNaN(timeMs)) break;
      bytes += file.size;
      begun = { first: file.firstSequence, timeMs };
      if (nowMs - timeMs >= spanMs) break;
    }
    if (begun === undefined || nowMs - begun.timeMs < hourMs) return undefined;
    const events = newest - begun.first + 1;
    const all = bytes * (1 + 1 / indexShare) + events * tileBytes;
    const presentBytes = known.reduce((sum, { size }) => sum + size, 0);
    return { bytesPerDay: (all * dayMs) / (nowMs - begun.timeMs), presentBytes };
  } finally {
    closeRecordFiles(files);
  }
}
