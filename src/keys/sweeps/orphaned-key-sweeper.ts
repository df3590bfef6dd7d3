import { PeriodicTask } from '../../concurrency/periodic-task.js';
import { CachedList } from './cached-list.js';
import type { Changes } from '../../storage/changes.js';
import type { HestiaUsers } from '../../users/hestia-users.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { suspendKeysOf } from '../end-keys.js';

export interface OrphanedKeyParts {
  store: AccessKeyStore;
  changes: Changes;
  panel: HestiaUsers;
  rootUser: string;
  onError: (error: unknown) => void;
  monotonicMs?: () => number;
}

const intervalMs = 1000;
/** A user may be away for so long, as while the panel restores one, and goes on as before. */
export const graceMs = 60_000;
/** What the audit says of such a suspension. */
export const userIsGone = 'the panel no longer has this user';
const userIsAnother = 'the panel has another user of this name';

/**
 * Suspends the keys of users whom a live panel no longer has. While its owner is away a key is refused anyway; suspended
 * it stays refused when the panel makes another user of the same name. A user who is back within the grace goes on with
 * the same keys; of one who was never seen here it can't be told who comes back, so there is no grace. Keys aren't
 * deleted: a tree that was away must not cost anybody a key.
 */
export class OrphanedKeySweeper {
  private readonly task: PeriodicTask;
  private readonly owners: CachedList;
  /** Owners who are away, and since when. */
  private readonly awaySinceMs = new Map<string, number>();

  constructor(private readonly parts: OrphanedKeyParts) {
    this.task = new PeriodicTask({ run: () => this.sweep(), intervalMs, onError: parts.onError });
    this.owners = new CachedList(parts.changes, () => parts.store.ownersOfActiveKeys());
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  async sweep(): Promise<void> {
    const { panel, rootUser, monotonicMs = () => performance.now() } = this.parts;
    if (!panel.isAtWork()) {
      this.awaySinceMs.clear();
      return;
    }
    const owners = await this.owners.get();
    panel.identifyOnly(new Set(owners));
    for (const owner of owners) {
      if (owner !== rootUser && this.isGone(owner, monotonicMs())) await this.suspend(owner, userIsGone);
    }
    for (const name of panel.replacedNames()) await this.suspend(name, userIsAnother);
  }

  /** Whether an owner is away for longer than the grace. */
  private isGone(owner: string, nowMs: number): boolean {
    const { panel } = this.parts;
    if (panel.look(owner) !== undefined) {
      this.awaySinceMs.delete(owner);
      return false;
    }
    const sinceMs = this.awaySinceMs.get(owner) ?? nowMs;
    this.awaySinceMs.set(owner, sinceMs);
    return !panel.isIdentified(owner) || nowMs - sinceMs >= graceMs;
  }

  private async suspend(name: string, why: string): Promise<void> {
    const { store, changes, panel } = this.parts;
    const isStillSo = await changes.run(async (change) => {
      if (panel.look(name) !== undefined || !panel.isAtWork()) return false;
      await suspendKeysOf(store, change, name, why);
      return true;
    });
    // Only now: until its keys are suspended nobody else may have the name.
    if (!isStillSo) return;
    panel.forgetIdentity(name);
    this.awaySinceMs.delete(name);
  }
}
