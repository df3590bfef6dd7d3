import { PeriodicTask } from '../../concurrency/periodic-task.js';
import type { Changes } from '../../storage/changes.js';
import type { Database } from '../../storage/database.js';
import type { AccessKey } from '../access-key.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { EndNoticeStore } from './end-notice-store.js';
import { recordEndNotices } from './end-notices.js';
import { readEndedDerived } from '../derived/derived-key-store.js';
import { removeDerived } from '../derived/remove-derived.js';
import { sweepFormerSecrets } from '../secrets/former-secrets.js';

export interface KeyExpiryParts {
  db: Database;
  store: AccessKeyStore;
  changes: Changes;
  onError: (error: unknown) => void;
  now?: () => number;
}

const intervalMs = 30_000;
/** So long a derived key is there after its end, for those who look why it is denied. */
const derivedKeptMs = 3_600_000;
const keysAtATime = 200;

/** Announces the ends of keys ahead of time, and takes away what is no longer needed of secrets that have ended. */
export class KeyExpirySweeper {
  private readonly task: PeriodicTask;

  constructor(private readonly parts: KeyExpiryParts) {
    const { onError } = parts;
    this.task = new PeriodicTask({ run: () => this.sweep(), intervalMs, firstMs: intervalMs / 30, onError });
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  async sweep(): Promise<void> {
    const { db, changes, now = Date.now } = this.parts;
    await sweepFormerSecrets(db, now());
    await this.announceEnds(now());
    const notices = new EndNoticeStore(db);
    await recordEndNotices(notices, changes, now());
    await notices.sweep(now());
    await this.removeEndedDerived(now() - derivedKeptMs);
  }

  private async removeEndedDerived(untilMs: number): Promise<void> {
    const { db, store, changes } = this.parts;
    while ((await readEndedDerived(db, untilMs, 1)).length > 0)
      await changes.run(async (change) =>
        // Another node may have done so meanwhile.
        removeDerived(store, change, await readEndedDerived(change.trx, untilMs, keysAtATime)),
      );
  }

  /** Of several nodes, one announces: who marks it first. */
  private async announceEnds(nowMs: number): Promise<void> {
    const { store } = this.parts;
    for (;;) {
      const near = await store.listUnannouncedEnds(nowMs, keysAtATime);
      if (near.length > 0) await this.announce(near);
      if (near.length < keysAtATime) return;
    }
  }

  private async announce(near: readonly AccessKey[]): Promise<void> {
    const { store, changes } = this.parts;
    await changes.run(async (change) => {
      for (const key of near) {
        if (!(await store.markEndAnnounced(change.trx, key))) continue;
        const expires = new Date(key.expiresAtMs ?? 0).toISOString();
        const target = { accessKeyId: key.id, user: key.user, expires };
        const about = { type: 'alert', outcome: 'done', alert: 'key_expires_soon' } as const;
        change.record({ ...about, actor: { kind: 'service' }, target });
      }
    });
  }
}
