import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { SlowestSink } from '../../src/audit/put-away/due-files.js';
import { Retention } from '../../src/audit/put-away/retention.js';
import { noteBody } from '../../src/audit/record/note-body.js';
import type { SignedHead } from '../../src/audit/tree/record-tree.js';
import { TreeCheck } from '../../src/audit/verify/tree-check.js';
import { verifyRecord, type Verification, type VerifyOptions } from '../../src/audit/verify/verify-record.js';
import { temporaryFolder } from './folders.js';

export const dayMs = 86_400_000;
export const startMs = Date.UTC(2026, 0, 1);

/** An audit record in a temporary folder, with a clock that the test sets and a witness that keeps all its heads. */
export class RecordWithRetention {
  dataDir = join(temporaryFolder(), 'data');
  nowMs = startMs;
  log!: AuditLog;
  slowestSink: SlowestSink | undefined;
  readonly rotation = { fileBytes: Infinity, fileAgeMs: Infinity };
  readonly heads: SignedHead[] = [];
  readonly errors: unknown[] = [];

  constructor() {
    mkdirSync(this.inFolder(''), { recursive: true });
  }

  inFolder(name: string): string {
    return join(this.dataDir, 'audit', name);
  }

  get files(): string[] {
    return readdirSync(this.inFolder('')).filter((name) => name.startsWith('events.'));
  }

  async open(): Promise<void> {
    const { dataDir, rotation } = this;
    const onError = (error: unknown): unknown => this.errors.push(error);
    this.log = new AuditLog({ dataDir, sync: 'second', now: () => this.nowMs, rotation, onError });
    await this.log.tree.catchUp();
  }

  close(): void {
    this.log.close();
  }

  async reopen(): Promise<void> {
    this.close();
    await this.open();
  }

  append(event: string): void {
    this.log.record.append([noteBody('recording_resumed', { event }, this.nowMs)]);
  }

  async sign(): Promise<void> {
    const head = await this.log.tree.sign(() => this.log.sync());
    if (head !== undefined && !this.heads.includes(head)) this.heads.push(head);
  }

  beginFile(): void {
    this.rotation.fileBytes = 1;
    this.log.record.watch();
    this.rotation.fileBytes = Infinity;
  }

  /** A file for each of these days, with a head that was signed in its middle. */
  async writeDays(days: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      for (let number = 0; number < 300; number++) {
        this.append(String(number));
        if (number === 100) await this.sign();
      }
      await this.sign();
      this.nowMs += dayMs;
      this.beginFile();
    }
    await this.sign();
  }

  /** @param monotonic - the clock that nobody sets; without it, the same as the other one */
  retention(
    keep: { keepMs?: number; keepBytes?: number },
    monotonic: () => number = () => this.nowMs,
  ): Retention {
    const { dataDir, log } = this;
    const keepText = 'HEARTHKEY_AUDIT_KEEP=test';
    return new Retention({
      ...{ dataDir, log, slowestSink: () => this.slowestSink, now: () => this.nowMs, monotonic },
      settings: { keepMs: undefined, keepBytes: undefined, keepText, ...keep },
      onNote: () => undefined,
      onError: (error) => this.errors.push(error),
    });
  }

  /** As the service verifies: with everything that is signed. */
  verify(more: Partial<VerifyOptions> = {}): Promise<Verification> {
    const { dataDir, log, heads } = this;
    const { signed } = log.tree;
    return verifyRecord({
      ...{ dataDir, known: [], chain: log.chainId },
      current: () => ({ head: log.head, putAway: log.record.putAway }),
      isNext: (previous, leaf, value) => log.record.chain.isNext(previous, leaf, value),
      tree: (walk) => {
        const kept = heads.map((head) => ({ ...head, keptBy: 'a witness' }));
        return new TreeCheck(dataDir, log.chainId, kept, signed, (place, problem) =>
          walk.find(place, problem),
        );
      },
      ...more,
    });
  }
}

export function problems({ findings }: Verification): string {
  return findings.map(({ place, problem }) => `${place}: ${problem}`).join('\n');
}
