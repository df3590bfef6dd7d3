import type { AuditLog } from '../audit-log.js';
import { readBeginning } from '../record/beginning.js';
import { contentOf, leafOf, readHead } from '../record/chain.js';
import { isCurrentFile, readRecordFile, type RecordFile } from '../record/record-files.js';
import type { GenuineSize } from './genuine-size.js';

const newline = 10;
const mostFirstLineBytes = 65_536;
const clockText =
  'the clock was set forward by more than an hour, or the newest event at the start was not of that hour; it is believed after a day';

/** The receiver of the record that has acknowledged least. */
export interface SlowestSink {
  name: string;
  /** The newest event that it has acknowledged. */
  number: number;
}

export interface DueQuestion {
  log: Pick<AuditLog, 'record' | 'tree' | 'chainId'>;
  keepMs: number | undefined;
  keepBytes: number | undefined;
  nowMs: number;
  /** Then nothing goes for its age. */
  isClockDoubted: boolean;
  slowestSink: SlowestSink | undefined;
  genuineSize: Pick<GenuineSize, 'of'>;
  /** Called between the pieces that are read; what it throws ends the reading. */
  onPiece: () => void;
}

/** The oldest files of the record, and how the file after them begins. */
export interface DueFiles {
  files: readonly RecordFile[];
  /** The number of the last line in them, and its chain value. */
  last: number;
  previous: string;
}

/**
 * The oldest files if they are to be put away: the file after them was begun so long ago, or all together are too large.
 * The beginning of that file tells when everything before it was written, and from which chain value the record goes
 * on; nobody without the audit key can make one.
 *
 * @param files - all of the record, oldest first
 * @returns a text: why they can't be put away although they are due; undefined: none is due
 */
export async function dueFiles(
  files: readonly RecordFile[],
  question: DueQuestion,
): Promise<DueFiles | string | undefined> {
  const { log, slowestSink } = question;
  const [oldest] = files;
  if (oldest === undefined || isCurrentFile(oldest)) return undefined;
  if (oldest.firstSequence === -Infinity) return `${oldest.name} can't be read`;
  const { after, line } = await nextSigned(files);
  if (after === undefined || line === undefined) return undefined;
  const due = files.slice(0, files.indexOf(after));
  const isOld = isTooOld(timeOf(line), question);
  const isDue = (isOld && !question.isClockDoubted) || (await isTooLarge(files, question));
  if (isDue === false) return isOld ? clockText : undefined;
  if (isDue !== true) return isDue;
  const previous = genuinePrevious(line, log);
  if (previous === undefined) return `the first line of ${after.name} is not what this node wrote`;
  const last = after.firstSequence - 1;
  // Until its head is signed, nothing could stand for these lines.
  if ((log.tree.signed?.sequence ?? 0) < last) return undefined;
  if (slowestSink !== undefined && slowestSink.number < last)
    return `${slowestSink.name} has not acknowledged events ${String(slowestSink.number + 1)} to ${String(last)}`;
  return { files: due, last, previous };
}

/** The oldest file but the first whose first line was written with the audit key. */
async function nextSigned(files: readonly RecordFile[]): Promise<{ after?: RecordFile; line?: Buffer }> {
  for (const after of files.slice(1)) {
    if (!Number.isFinite(after.firstSequence)) continue;
    const line = await firstLine(after);
    if (line !== undefined && readHead(line)?.rule === 'mac') return { after, line };
  }
  return {};
}

function isTooOld(begunMs: number, { keepMs = Infinity, nowMs }: DueQuestion): boolean {
  return begunMs < nowMs - keepMs;
}

/** @returns a text where the files are too large, but not with what this node has written */
async function isTooLarge(
  files: readonly RecordFile[],
  { log, keepBytes = Infinity, genuineSize, onPiece }: DueQuestion,
): Promise<boolean | string> {
  // To read all of them takes its time, and never finds more than this.
  if (files.reduce((sum, { size }) => sum + size, 0) <= keepBytes) return false;
  if ((await genuineSize.of(files, log.record.presentBytes, onPiece)) > keepBytes) return true;
  return 'the files of the audit record are larger than HEARTHKEY_AUDIT_KEEP_SIZE, but not with lines that this node wrote';
}

function genuinePrevious(line: Buffer, { record, chainId }: DueQuestion['log']): string | undefined {
  const head = readHead(line);
  const beginning = readBeginning(line);
  if (head === undefined || beginning?.chain !== chainId) return undefined;
  const isGenuine = record.chain.isNext(beginning.previous, leafOf(contentOf(line, 'mac')), head.hash);
  return isGenuine ? beginning.previous : undefined;
}

async function firstLine(file: RecordFile): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const piece of readRecordFile(file)) {
    bytes = Buffer.concat([bytes, piece]);
    const end = bytes.indexOf(newline);
    if (end !== -1) return bytes.subarray(0, end);
    if (bytes.length > mostFirstLineBytes) return undefined;
  }
  return undefined;
}

/** NaN, which is never due, where there is none. */
function timeOf(line: Buffer): number {
  try {
    return Date.parse((JSON.parse(line.toString()) as { time: string }).time);
  } catch {
    return Number.NaN;
  }
}
