import type { AuditLog } from '../audit-log.js';
import { ChainWalk, type Finding } from './chain-walk.js';
import { origin, type Head } from './chain.js';
import type { Checkpoints } from './checkpoints.js';
import { closeRecordFiles, openRecordFiles, readRecordFile, type RecordFile } from './record-files.js';

const newline = 10;
/** Longer than any event; what goes on beyond that is not kept in memory to be called one line. */
const maxLineBytes = 33_554_432;

export interface Verification {
  files: number;
  lines: number;
  /** The numbers of the first line that was found. */
  first: number;
  head: Head;
  isWhole: boolean;
  findings: readonly Finding[];
  findingCount: number;
}

export interface VerifyOptions {
  dataDir: string;
  /** What is known of the chain: checkpoints of the database, of the operator. */
  known: readonly Head[];
  /** What the writing process has in memory, asked in the very step in which the files are opened. */
  currentHead?: () => Head;
  /** Which chain it has to be; each file says which it is. */
  chain?: string;
  /** The line to begin with, where older ones were put away on purpose. */
  from?: number;
}

/** Reads the whole record, a piece at a time, and finds altered, missing, inserted and reordered lines and a cut end. */
export async function verifyRecord({
  dataDir,
  known,
  currentHead,
  chain,
  from,
}: VerifyOptions): Promise<Verification> {
  let head = origin;
  const files = await openRecordFiles(dataDir, () => (head = currentHead?.() ?? origin));
  try {
    const walk = new ChainWalk(head.sequence > 0 ? [...known, head] : known, from, chain);
    for (const file of files) await walkSafely(walk, file, file === files.at(-1));
    walk.end();
    const { findings, findingCount, lineCount, firstSequence = 0 } = walk;
    const isWhole = findingCount === 0;
    return {
      files: files.length,
      lines: lineCount,
      first: firstSequence,
      head: walk.head,
      isWhole,
      findings,
      findingCount,
    };
  } finally {
    closeRecordFiles(files);
  }
}

/** A file that can't be read, or not to its end, is a finding; the others are walked over all the same. */
async function walkSafely(walk: ChainWalk, file: RecordFile, isLast: boolean): Promise<void> {
  try {
    if (file.problem !== undefined) throw file.problem;
    await walkFile(walk, file, isLast);
  } catch (error) {
    walk.findUnreadable(file.name, error as Error);
  }
}

async function walkFile(walk: ChainWalk, file: RecordFile, isLast: boolean): Promise<void> {
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
    if (rest.length <= maxLineBytes) continue;
    walk.take(rest, `${file.name} line ${String(number + 1)}`);
    rest = Buffer.alloc(0);
  }
  // What a kill cut off at the end of a file that was then rotated was never answered for.
  if (rest.length > 0 && isLast) walk.take(rest, `${file.name} line ${String(number + 1)}`);
}

/** Verifies the record of the running process, against all that is known of it. */
export class AuditVerifier {
  /** The last verification of this process, and when it ended. */
  last: (Verification & { atMs: number }) | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly log: AuditLog,
    private readonly checkpoints: Checkpoints,
  ) {}

  get chainId(): string {
    return this.log.chainId;
  }

  async verify(expected: Head | undefined, from: number | undefined): Promise<Verification> {
    const known = await this.checkpoints.list();
    const found = await verifyRecord({
      dataDir: this.dataDir,
      known: expected === undefined ? known : [...known, expected],
      currentHead: () => this.log.head,
      chain: this.log.chainId,
      ...(from === undefined ? {} : { from }),
    });
    this.last = { ...found, atMs: Date.now() };
    return found;
  }

  /** The present head, which is on the disk and in the database when this returns. */
  takeHead(): Promise<Head> {
    return this.checkpoints.take();
  }
}
