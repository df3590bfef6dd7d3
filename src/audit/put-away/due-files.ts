import type { AuditLog } from '../audit-log.js';
import { readBeginning } from '../record/beginning.js';
import { contentOf, leafOf, readHead } from '../record/chain.js';
import { firstLine, timeOf } from '../record/first-line.js';
import {
  isCurrentFile,
  isDamaged,
  newestHead,
  readRecordFile,
  type RecordFile,
} from '../record/record-files.js';
import type { GenuineSize } from './genuine-size.js';

/** Of opening a file: a link to nothing or to itself, or a file of somebody else. */
const finalCodes = ['ENOENT', 'ELOOP', 'EACCES', 'EPERM'];
const clockText =
  'the clock is not trusted for 24 hours: it jumped forward by more than an hour, or the newest event at start was not from the last day';
const sizeText =
  'the closed files are larger than HEARTHKEY_AUDIT_KEEP_SIZE only with lines that this node did not write with its audit key; lines from before the key do not count';

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
  /** True: no file is put away for its age. */
  isClockDoubted: boolean;
  slowestSink: SlowestSink | undefined;
  genuineSize: Pick<GenuineSize, 'of'>;
  /** Called between the pieces that are read; what it throws ends the reading. */
  onPiece: () => void;
}

/** The oldest files of the record, and what is known of their last line. */
export interface DueFiles {
  files: readonly RecordFile[];
  /** The number of the last line in them, and its chain value. */
  last: number;
  previous: string;
}

/**
 * The oldest files if they are to be put away: the file after them is older than the limit, or the closed files together
 * are too large. The first line of that file tells when everything before it was written, and the chain value before it;
 * nobody without the audit key can make such a line. A file that can't be read is left out: it stays, and remains a
 * finding.
 *
 * @param all - the files of the record, oldest first
 * @returns a text: why they can't be put away although they are due; undefined: none is due
 */
export async function dueFiles(
  all: readonly RecordFile[],
  question: DueQuestion,
): Promise<DueFiles | string | undefined> {
  const { log, slowestSink } = question;
  const files = all.filter(({ firstSequence }) => firstSequence !== -Infinity);
  const [oldest] = files;
  if (oldest === undefined || isCurrentFile(oldest)) return undefined;
  const { after, line } = await nextSigned(files);
  if (after === undefined || line === undefined) return undefined;
  const due = files.slice(0, files.indexOf(after));
  const isOld = isTooOld(timeOf(line), question);
  const isDue = (isOld && !question.isClockDoubted) || (await isTooLarge(files, question));
  if (isDue === false) return isOld ? clockText : undefined;
  if (isDue !== true) return isDue;
  const previous = genuinePrevious(line, log);
  if (previous === undefined) return `the first line of ${after.name} is not what this node wrote`;
  const unread = all.find((file) => file.firstSequence === -Infinity && mayBeReadLater(file));
  if (unread !== undefined && !areUnbroken(due, after, log.record.putAway?.begin ?? 1))
    return `${unread.name} can't be read, and may hold lines that are missing: ${errorOf(unread).message}`;
  const last = after.firstSequence - 1;
  // Until its head is signed, nothing could stand for these lines.
  if ((log.tree.signed?.sequence ?? 0) < last) return undefined;
  if (slowestSink !== undefined && slowestSink.number < last)
    return `${slowestSink.name} has not acknowledged events ${String(slowestSink.number + 1)} to ${String(last)}`;
  return { files: due, last, previous };
}

/** An error of the disk or the network may be gone at the next attempt. */
function mayBeReadLater(file: RecordFile): boolean {
  const error = errorOf(file);
  return !isDamaged(error) && !finalCodes.includes(error.code ?? '');
}

function errorOf({ problem, readError }: RecordFile): NodeJS.ErrnoException {
  return problem ?? (readError as NodeJS.ErrnoException);
}

/** Whether these files have all lines from `begin` up to the file after them; what a compressed one ends with is unknown. */
function areUnbroken(due: readonly RecordFile[], after: RecordFile, begin: number): boolean {
  let next = begin;
  for (const file of due) {
    if (file.firstSequence !== next) return false;
    next = file.isCompressed ? Number.NaN : (newestHead(file)?.sequence ?? Number.NaN) + 1;
  }
  return after.firstSequence === next;
}

/** The oldest file but the first whose first line was written with the audit key. */
async function nextSigned(files: readonly RecordFile[]): Promise<{ after?: RecordFile; line?: Buffer }> {
  for (const after of files.slice(1)) {
    if (!Number.isFinite(after.firstSequence)) continue;
    const line = await firstLine(readRecordFile(after));
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
  { keepBytes = Infinity, genuineSize, onPiece }: DueQuestion,
): Promise<boolean | string> {
  const closed = files.filter((file) => !isCurrentFile(file));
  // Reading all of them takes its time, and never finds more than this.
  if (closed.reduce((sum, { size }) => sum + size, 0) <= keepBytes) return false;
  return (await genuineSize.of(closed, onPiece)) > keepBytes || sizeText;
}

function genuinePrevious(line: Buffer, { record, chainId }: DueQuestion['log']): string | undefined {
  const head = readHead(line);
  const beginning = readBeginning(line);
  if (head === undefined || beginning?.chain !== chainId) return undefined;
  const isGenuine = record.chain.isNext(beginning.previous, leafOf(contentOf(line, 'mac')), head.hash);
  return isGenuine ? beginning.previous : undefined;
}
