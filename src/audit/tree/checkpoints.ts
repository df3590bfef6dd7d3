import type { AuditLog } from '../audit-log.js';
import type { Head } from '../record/chain.js';
import type { CosignatureStore } from './cosignature-store.js';
import type { HeadStore } from './head-store.js';
import { AlteredRecord } from './leaf-reader.js';
import { hashToBase64 } from './merkle.js';
import type { RecordTree, SignedHead } from './record-tree.js';

const signEveryMs = 1000;
const storeEveryMs = 10_000;
const storeEveryEvents = 10_000;

/** Called with each head that is in the database; for witnesses. */
export type OnSigned = (head: SignedHead) => void;

/**
 * Signs the head of the record each second in which something was recorded, and at an orderly end. Every ten seconds
 * or 10,000 events it goes into the database too.
 */
export class Checkpoints {
  private stored: SignedHead | undefined;
  private storedAtMs = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<unknown> = Promise.resolve();
  private readonly listeners: OnSigned[] = [];
  private isBusy = false;

  constructor(
    private readonly store: HeadStore,
    private readonly log: AuditLog,
    private readonly onError: (error: unknown) => void,
    private readonly cosignatures?: CosignatureStore,
  ) {}

  onStored(listener: OnSigned): void {
    this.listeners.push(listener);
  }

  start(): void {
    this.inTurn(() => this.catchUp()).catch(this.onError);
    this.timer = setInterval(() => {
      if (this.isBusy) return;
      this.isBusy = true;
      this.inTurn(() => this.step())
        .catch(this.onError)
        .finally(() => (this.isBusy = false));
    }, signEveryMs);
    this.timer.unref();
  }

  /** The present head of the chain, once it is signed, on the disk and in the database. */
  take(): Promise<Head> {
    return this.inTurn(async () => {
      const { head } = this.log;
      await this.sign(true);
      return head;
    });
  }

  /** The newest signed head, with all that is recorded so far in it. */
  takeSigned(): Promise<SignedHead | undefined> {
    return this.inTurn(() => this.sign(true));
  }

  /** For an orderly end, once the record is closed. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.inTurn(async () => {
      const signed = await this.tree.sign(() => Promise.resolve());
      if (signed !== undefined) await this.keep(signed);
    }).catch(this.onError);
  }

  private get tree(): RecordTree {
    return this.log.tree;
  }

  private async step(): Promise<void> {
    // The audit log has told why.
    if (this.log.unavailableSinceMs !== undefined) return;
    // What kept the tree from being read at the start, or its tiles from being written, may be over.
    if (!this.tree.isReady) await this.catchUp();
    const isDue =
      performance.now() - this.storedAtMs >= storeEveryMs ||
      this.log.head.sequence - (this.stored?.sequence ?? 0) >= storeEveryEvents;
    await this.sign(isDue);
  }

  private async sign(isStored: boolean): Promise<SignedHead | undefined> {
    const signed = await this.tree.sign(() => this.log.sync());
    if (signed === undefined) return undefined;
    if (isStored) await this.keep(signed);
    return signed;
  }

  private async keep(head: SignedHead): Promise<void> {
    if (head.note === this.stored?.note) return;
    this.storedAtMs = performance.now();
    await this.store.store(head, await this.proofsFor(head), Date.now());
    this.stored = head;
    this.log.keepStored(head.sequence);
    for (const listener of this.listeners) listener(head);
  }

  /** For witnesses: that this head goes on from the one that each of them has signed. */
  private async proofsFor({ origin, size }: SignedHead): Promise<string> {
    const seen = (await this.cosignatures?.list(origin)) ?? [];
    const sizes = new Set(seen.map((each) => each.size).filter((each) => each < size));
    const proofs: Record<string, string[]> = {};
    for (const each of sizes) {
      const hashes = await this.tree.proofs(size).consistency(each);
      proofs[String(each)] = hashes.map(hashToBase64);
    }
    return JSON.stringify(proofs);
  }

  private async catchUp(): Promise<void> {
    try {
      await this.tree.catchUp();
    } catch (error) {
      if (!(error instanceof AlteredRecord)) throw error;
      const target = { number: String(error.sequence) };
      this.log.beginTree('record_altered', target, `${error.message}: a new tree begins`);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.working.then(work);
    this.working = result.catch(() => undefined);
    return result;
  }
}
