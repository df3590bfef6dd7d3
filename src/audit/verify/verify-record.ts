import type { Head } from '../record/chain.js';
import { origin } from '../record/chain.js';
import {
  closeRecordFiles,
  openRecordFiles,
  readRecordFile,
  type RecordFile,
} from '../record/record-files.js';
import type { PutAway } from '../put-away/statement.js';
import { RecordWalk } from './record-walk.js';
import type { Finding, RecordWalkOptions } from './walk-options.js';
import type { TreeCheck } from './tree-check.js';

const newline = 10;
/** Longer than any event; what goes on beyond that is not kept in memory to be called one line. */
const maxLineBytes = 33_554_432;

export interface Verification {
  files: number;
  lines: number;
  /** The numbers of the first line that was found. */
  first: number;
  head: Head;
  /** What was put away on purpose before that line. */
  putAway?: PutAway | undefined;
  isWhole: boolean;
  findings: readonly Finding[];
  findingCount: number;
}

/** What the writing process has in memory. */
export interface CurrentRecord {
  head: Head;
  putAway?: PutAway | undefined;
}

export interface VerifyOptions extends Omit<RecordWalkOptions, 'onLeaf' | 'stated'> {
  dataDir: string;
  /** Asked in the very step in which the files are opened. */
  current?: () => CurrentRecord;
  tree?: (walk: RecordWalk) => TreeCheck;
  /** What else there is to look at in a file, such as its index. */
  lookAt?: (file: RecordFile, walk: RecordWalk) => Promise<void>;
  /** Before the first line: what was found without reading. */
  findings?: readonly Finding[];
}

/** Reads the whole record, a piece at a time, and finds altered, missing, inserted and reordered lines and a cut end. */
export async function verifyRecord(options: VerifyOptions): Promise<Verification> {
  const { dataDir, known, from } = options;
  let current: CurrentRecord = { head: origin };
  const files = await openRecordFiles(dataDir, () => (current = options.current?.() ?? current));
  try {
    // The walk tells the tree of each line, and the tree tells the walk what it finds.
    const found: { check?: TreeCheck | undefined } = {};
    const { head, putAway } = current;
    const walk = new RecordWalk({
      ...options,
      known: head.sequence > 0 ? [...known, head] : known,
      stated: putAway,
      onLeaf: (...leaf) => found.check?.take(...leaf),
    });
    const check = options.tree?.(walk);
    found.check = check;
    for (const { place, problem } of options.findings ?? []) walk.find(place, problem);
    const isPart = (from ?? 1) > (putAway?.begin ?? 1);
    if (putAway !== undefined && !isPart) {
      tellProblems(walk, putAway);
      await check?.takePutAway(putAway.trees);
    }
    for (const file of files) {
      await walkSafely(walk, file, check);
      if (file.problem === undefined) await options.lookAt?.(file, walk);
    }
    walk.end();
    await check?.end(isPart);
    return resultOf(walk, files.length, putAway);
  } finally {
    closeRecordFiles(files);
  }
}

/** What was wrong with lines before they were put away is wrong with the record for ever. */
function tellProblems(walk: RecordWalk, { begin, at, problems }: PutAway): void {
  const which = `the lines before number ${String(begin)}`;
  for (const problem of problems.first) walk.find(which, `when they were put away (${at}): ${problem}`);
  const more = problems.count - problems.first.length;
  if (more > 0) walk.find(which, `when they were put away (${at}): ${String(more)} more problems`);
}

function resultOf(walk: RecordWalk, files: number, putAway: PutAway | undefined): Verification {
  const { findings, findingCount, lineCount: lines, firstSequence: first = 0, head } = walk;
  const { sequence, hash } = head;
  return {
    files,
    lines,
    first,
    head: { sequence, hash },
    putAway,
    isWhole: findingCount === 0,
    findings,
    findingCount,
  };
}

/** A file that can't be read, or not to its end, is a finding; the others are walked over all the same. */
async function walkSafely(walk: RecordWalk, file: RecordFile, check: TreeCheck | undefined): Promise<void> {
  try {
    if (file.problem !== undefined) throw file.problem;
    await walkFile(walk, file, check);
  } catch (error) {
    walk.findUnreadable(file.name, error as Error);
  }
}

/** @throws where the file can't be read, or when the signal is aborted */
export async function walkFile(
  walk: RecordWalk,
  file: RecordFile,
  check?: TreeCheck,
  signal?: AbortSignal,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const piece of readRecordFile(file)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end);
      if (number === 0) walk.beginFile(line, file.name);
      walk.take(line, `${file.name} line ${String(++number)}`);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    await check?.compareTiles();
    signal?.throwIfAborted();
    if (rest.length <= maxLineBytes) continue;
    walk.take(rest, `${file.name} line ${String(number + 1)}`);
    rest = Buffer.alloc(0);
  }
  // A start cuts off what a kill has torn; anything else that has no end was never written by the service.
  if (rest.length > 0) walk.takeRest(`${file.name} line ${String(number + 1)}`);
}
