import { fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PeriodicTask } from '../../concurrency/periodic-task.js';
import type { AuditLog } from '../audit-log.js';
import {
  auditFolder,
  closeRecordFiles,
  isDamaged,
  openRecordFiles,
  type RecordFile,
} from '../record/record-files.js';
import { RecordWalk } from '../verify/record-walk.js';
import { walkFile } from '../verify/walk-file.js';
import type { Agreed, AgreedKeep, KeepSettings } from './agreed-keep.js';
import { ClockTrust } from './clock-trust.js';
import { dueFiles, type DueFiles, type SlowestSink } from './due-files.js';
import { GenuineSize } from './genuine-size.js';
import { layStatement, removePutAwayFiles } from './put-away-files.js';
import { treesBefore } from './put-away-trees.js';
import { signStatement, type PutAway, type PutAwayProblems } from './statement.js';

/** Between two looks: a tenth of the time that is kept, within these. */
const [shortestMs, longestMs] = [1000, 60_000];
const shownProblems = 5;

export interface RetentionParts {
  dataDir: string;
  settings: KeepSettings;
  /** What is kept until less of it is approved; absent: the settings count at once. */
  agreed?: Pick<AgreedKeep, 'read'>;
  log: AuditLog;
  slowestSink: () => SlowestSink | undefined;
  onNote: (text: string) => void;
  onError: (error: unknown) => void;
  now?: () => number;
  monotonic?: () => number;
}

interface PuttingAway {
  settings: KeepSettings;
  nowMs: number;
  isClockDoubted: boolean;
}

/**
 * Puts the oldest files of the record away as HEARTHKEY_AUDIT_KEEP and HEARTHKEY_AUDIT_KEEP_SIZE say: whole files,
 * never the present one, and never what a receiver has not acknowledged. What is put away is verified for the last
 * time, and a signed statement says from where the record goes on.
 */
export class Retention {
  /** Why files are still there that are due; undefined: none is. */
  heldBack: string | undefined;
  private readonly clock: ClockTrust;
  private readonly genuineSize: GenuineSize;
  private readonly stopping = new AbortController();
  private readonly task: PeriodicTask;

  constructor(private readonly parts: RetentionParts) {
    const { keepMs = Infinity } = parts.settings;
    this.clock = new ClockTrust(parts.log.record.newestAtStartMs);
    this.genuineSize = new GenuineSize(parts.log.record.chain);
    this.task = new PeriodicTask({
      run: () => this.run(),
      intervalMs: Math.min(longestMs, Math.max(shortestMs, keepMs / 10)),
      onError: (error) => this.onFailed(error),
    });
  }

  async start(): Promise<void> {
    // What a kill left; also where nothing is put away any more.
    await removePutAwayFiles(this.parts.dataDir).catch((error: unknown) => this.onFailed(error));
    const { keepMs, keepBytes } = this.parts.settings;
    if (keepMs !== undefined || keepBytes !== undefined) this.task.start();
    // That all is kept from now on has to be known, should it be less again.
    else await this.parts.agreed?.read().catch((error: unknown) => this.onFailed(error));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.task.stop();
  }

  /** Puts away all that is due. */
  async run(): Promise<void> {
    const { now = Date.now, monotonic = () => performance.now() } = this.parts;
    // Once: a clock that is set meanwhile is not looked at before the next run.
    const nowMs = now();
    const isClockDoubted = this.clock.isDoubted(nowMs, monotonic());
    const { agreed } = this.parts;
    const { settings, waits }: Agreed =
      agreed === undefined ? { settings: this.parts.settings } : await agreed.read();
    const how = { settings, nowMs, isClockDoubted };
    while (!this.stopping.signal.aborted && (await this.putAwayOldest(how)));
    this.heldBack ??= waits;
  }

  private async putAwayOldest({ settings, nowMs, isClockDoubted }: PuttingAway): Promise<boolean> {
    const { dataDir, log, slowestSink } = this.parts;
    const files = await openRecordFiles(dataDir);
    try {
      const { keepMs, keepBytes } = settings;
      const due = await dueFiles(files, {
        ...{ log, keepMs, keepBytes, nowMs, isClockDoubted, slowestSink: slowestSink() },
        ...{ genuineSize: this.genuineSize, onPiece: this.onPiece },
      });
      this.heldBack = typeof due === 'string' ? due : undefined;
      if (due === undefined || typeof due === 'string') return false;
      const statement = await this.stateOf(due, nowMs, settings.keepText);
      await layStatement(dataDir, signStatement(log.record.key, statement));
      // In one step: log rotation must not give a name to another file meanwhile.
      if (!isUnmoved(dataDir, due.files) || !log.enact(statement, this.noteOf(due, statement))) return false;
      this.tell(due, statement);
    } finally {
      closeRecordFiles(files);
    }
    // The note is on the disk before what it tells of is gone.
    await log.sync();
    await removePutAwayFiles(dataDir);
    return true;
  }

  private async stateOf(due: DueFiles, nowMs: number, why: string): Promise<PutAway> {
    const { dataDir, log } = this.parts;
    const before = log.record.putAway;
    const { begins, problems } = await this.verify(due);
    const known = before?.trees ?? [];
    const all = new Set([...known.map(({ begin }) => begin), ...begins, log.record.tree.begin]);
    const lines = [...all]
      .filter((begin) => begin > 0 && begin <= due.last)
      .sort((one, other) => one - other);
    const trees = await treesBefore(dataDir, log, lines, due.last + 1);
    // A head that somebody put back to an older one takes nothing away from what was stated.
    const longer = known.filter(
      ({ begin, size }) => size > (trees.find((tree) => tree.begin === begin)?.size ?? 0),
    );
    return {
      ...{ chain: log.chainId, begin: due.last + 1, previous: due.previous },
      ...{ at: new Date(nowMs).toISOString(), why },
      files: due.files.map(({ name }) => name),
      trees: [...longer, ...trees.filter(({ begin }) => longer.every((tree) => tree.begin !== begin))].sort(
        (one, other) => one.begin - other.begin,
      ),
      problems: added(before?.problems, problems),
    };
  }

  private readonly onPiece = (): void => this.stopping.signal.throwIfAborted();

  /** For the last time: what is wrong with these lines is said from now on as well. */
  private async verify(due: DueFiles): Promise<{ begins: number[]; problems: PutAwayProblems }> {
    const { log } = this.parts;
    const begins: number[] = [];
    const walk = new RecordWalk({
      known: [{ sequence: due.last, hash: due.previous }],
      stated: log.record.putAway,
      chain: log.chainId,
      isNext: (previous, leaf, value) => log.record.chain.isNext(previous, leaf, value),
      onLeaf: (_sequence, _leaf, treeBegin) => {
        if (treeBegin !== undefined) begins.push(treeBegin);
      },
    });
    for (const file of due.files) {
      try {
        await walkFile(walk, file, { onPiece: this.onPiece });
      } catch (error) {
        // Any other error may be gone at the next attempt: a file that was not read isn't put away.
        if (!isDamaged(error)) throw error;
        // Otherwise one damaged file would block retention for ever.
        walk.findUnreadable(file.name, error as Error);
      }
    }
    walk.end();
    const first = walk.findings.map(({ place, problem }) => `${place}: ${problem}`);
    return { begins, problems: { count: walk.findingCount, first } };
  }

  private noteOf({ last }: DueFiles, { why, files, problems }: PutAway): Record<string, string> {
    const first = this.parts.log.record.putAway?.begin ?? 1;
    const wrong = problems.count === 0 ? {} : { problems: String(problems.count) };
    return { from: String(first), to: String(last), files: files.join(' '), why, ...wrong };
  }

  private tell({ last }: DueFiles, { files, why }: PutAway): void {
    this.parts.onNote(`${files.join(' ')}, up to number ${String(last)}, was put away: ${why}`);
  }

  private onFailed(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    this.heldBack = (error as Error).message;
    this.parts.onError(error);
  }
}

function isUnmoved(dataDir: string, files: readonly RecordFile[]): boolean {
  return files.every(({ name, descriptor }) => {
    const there = statSync(join(auditFolder(dataDir), name), { throwIfNoEntry: false });
    return there?.ino === fstatSync(descriptor).ino;
  });
}

function added(
  before: PutAwayProblems = { count: 0, first: [] },
  { count, first }: PutAwayProblems,
): PutAwayProblems {
  return { count: before.count + count, first: [...before.first, ...first].slice(0, shownProblems) };
}
