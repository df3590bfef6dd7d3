import type { PutAway } from '../put-away/statement.js';
import { origin, type Head } from '../record/chain.js';
import { closeRecordFiles, openRecordFiles, type RecordFile } from '../record/record-files.js';
import { RecordWalk } from './record-walk.js';
import type { SavedVerification } from './saved-verification.js';
import type { TreeCheck } from './tree-check.js';
import { Interrupted, VerificationRun, type FilePlace, type RunOptions } from './verification-run.js';
import { walkFile, type FileWalk } from './walk-file.js';
import type { Finding, RecordWalkOptions } from './walk-options.js';

export interface Verification {
  files: number;
  lines: number;
  /** The numbers of the first line that was found. */
  first: number;
  head: Head;
  /** What was put away on purpose before that line. */
  putAway?: PutAway | undefined;
  /** It went on from an interrupted one, which began then, behind that number; what is before was verified then. */
  resumedAt?: { startedAt: string; number: number } | undefined;
  isWhole: boolean;
  findings: readonly Finding[];
  findingCount: number;
}

/** What the writing process has in memory. */
export interface CurrentRecord {
  head: Head;
  putAway?: PutAway | undefined;
}

export interface VerifyOptions extends Omit<RecordWalkOptions, 'onLeaf' | 'stated' | 'resumed'> {
  dataDir: string;
  /** Asked in the very step in which the files are opened. */
  current?: () => CurrentRecord;
  tree?: (walk: RecordWalk) => TreeCheck;
  /** What else there is to look at in a file, such as its index. */
  lookAt?: (file: RecordFile, walk: RecordWalk) => Promise<void>;
  /** How it can be watched, interrupted and gone on with. */
  run?: RunOptions;
  /** Before the first line: what was found without reading. */
  findings?: readonly Finding[];
}

/** Reads the whole record, a piece at a time, and finds altered, missing, inserted and reordered lines and a cut end. */
export async function verifyRecord(options: VerifyOptions): Promise<Verification> {
  const { dataDir } = options;
  let current: CurrentRecord = { head: origin };
  const files = await openRecordFiles(dataDir, () => (current = options.current?.() ?? current));
  try {
    const run = new VerificationRun(options.run ?? { chain: '' }, files, current.putAway?.begin ?? 1);
    return await verifyFiles(options, current, files, run);
  } finally {
    closeRecordFiles(files);
  }
}

async function verifyFiles(
  options: VerifyOptions,
  { head, putAway }: CurrentRecord,
  files: readonly RecordFile[],
  run: VerificationRun,
): Promise<Verification> {
  const { known, from, lookAt } = options;
  // The walk tells the tree of each line, and the tree tells the walk what it finds.
  const found: { check?: TreeCheck | undefined } = {};
  const walk = new RecordWalk({
    ...options,
    known: head.sequence > 0 ? [...known, head] : known,
    ...{ stated: putAway, resumed: run.resumed?.walk },
    onLeaf: (...leaf) => found.check?.take(...leaf),
  });
  const check = options.tree?.(walk);
  found.check = check;
  for (const { place, problem } of options.findings ?? []) walk.find(place, problem);
  const isPart = (from ?? 1) > (putAway?.begin ?? 1);
  if (putAway !== undefined && !isPart) tellProblems(walk, putAway);
  walk.beginLines();
  if (!isPart) await check?.takeTrees(run.resumed?.trees ?? putAway?.trees ?? []);
  const { files: rest, place } = run.rest;
  for (const [index, file] of rest.entries()) {
    const onPiece = (at: FilePlace): Promise<void> => run.at(file, at, walk, check);
    const isRead = await walkSafely(walk, file, { check, place: index === 0 ? place : undefined, onPiece });
    run.endFile(file, isRead);
    if (file.problem === undefined) await lookAt?.(file, walk);
  }
  walk.end();
  await check?.end(isPart);
  await run.end();
  return { ...resultOf(walk, files.length, putAway), resumedAt: run.resumed && resumedAt(run.resumed) };
}

function resumedAt({ startedAt, walk }: SavedVerification): { startedAt: string; number: number } {
  return { startedAt, number: walk.head.sequence };
}

/** Problems of lines that were put away stay in every later verification. */
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

/**
 * A file that can't be read, or not to its end, is a finding; the others are walked over all the same.
 *
 * @returns whether it was read to its end
 */
async function walkSafely(walk: RecordWalk, file: RecordFile, options: FileWalk): Promise<boolean> {
  try {
    if (file.problem !== undefined) throw file.problem;
    await walkFile(walk, file, options);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    walk.findUnreadable(file.name, error as Error);
    return false;
  }
}
