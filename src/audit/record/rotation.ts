import { existsSync, renameSync } from 'node:fs';
import type { AppendOnlyFile } from './append-only-file.js';
import { firstLineIn, mostFirstLineBytes, timeOf } from './first-line.js';
import { auditRecordFile } from './record-files.js';

const retryMs = 60_000;

/** When another file of the record is begun. */
export interface RotationLimits {
  fileBytes: number;
  fileAgeMs: number;
}

/** The first line of a file: how long it is, and when it was written. */
interface FirstLine {
  bytes: number;
  timeMs: number;
}

/** Moves the record's present file away once it is large or old enough, under a name with the number of its last line. */
export class Rotation {
  /** Before that no file is moved: the last one could not be. */
  private retryAtMs = -Infinity;
  private readonly firstLines = new WeakMap<AppendOnlyFile, FirstLine>();

  constructor(
    private readonly dataDir: string,
    private readonly limits: RotationLimits,
    private readonly now: () => number,
    private readonly onNote: (text: string) => void,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /**
   * @param last - the number of the newest line
   * @returns whether the file was moved away: another one is to be begun in the same step
   */
  moveIfDue(file: AppendOnlyFile, last: number): boolean {
    const nowMs = this.monotonic();
    if (nowMs < this.retryAtMs || !this.isDue(file)) return false;
    try {
      renameSync(auditRecordFile(this.dataDir), this.freeName(last));
      return true;
    } catch (error) {
      // A file that is too large is better than none.
      this.retryAtMs = nowMs + retryMs;
      this.onNote(`Rotation failed; the next attempt is in one minute: ${(error as Error).message}`);
      return false;
    }
  }

  private isDue(file: AppendOnlyFile): boolean {
    const first = this.firstLine(file);
    // Nothing but its beginning is in it: a service at rest makes no files.
    if (file.size <= first.bytes) return false;
    return file.size >= this.limits.fileBytes || this.now() - first.timeMs >= this.limits.fileAgeMs;
  }

  private firstLine(file: AppendOnlyFile): FirstLine {
    const known = this.firstLines.get(file);
    if (known !== undefined) return known;
    const line = firstLineIn(file.read(0, Math.min(mostFirstLineBytes, file.size)));
    if (line === undefined) return { bytes: 0, timeMs: this.now() };
    const first = { bytes: line.length + 1, timeMs: timeOf(line) || this.now() };
    this.firstLines.set(file, first);
    return first;
  }

  private freeName(last: number): string {
    const name = `${auditRecordFile(this.dataDir)}-to-${String(last)}`;
    if (!existsSync(name)) return name;
    for (let number = 2; ; number++) {
      const other = `${name}-${String(number)}`;
      if (!existsSync(other)) return other;
    }
  }
}
