import { PeriodicTask } from '../../concurrency/periodic-task.js';
import { CachedList } from '../sweeps/cached-list.js';
import type { Changes } from '../../storage/changes.js';
import type { AccessKeyStore } from '../access-key-store.js';
import { recordKeyChange } from '../record-key-change.js';
import type { TreeKeyStore } from './tree-key-store.js';
import type { TreeKeys } from './tree-keys.js';

export interface RemovedKeyParts {
  store: AccessKeyStore;
  treeStore: TreeKeyStore;
  changes: Changes;
  tree: TreeKeys;
  /** Whether the tree is that of a panel at work. */
  isAtWork: () => boolean;
  onError: (error: unknown) => void;
  /** Told of the end of each key. */
  onRevoked: (id: string) => void;
  monotonicMs?: () => number;
}

const intervalMs = 1000;
/** A directory that is new to us has to stand for so long before a missing file in it counts as removed. */
const graceMs = 60_000;
/** What the audit says of such a suspension. */
export const fileIsGone = "its file was removed from the panel's tree";

/**
 * Suspends keys that were taken over from a live panel's tree once their files are removed there, as the panel's own
 * page does it. A key whose file is missing is refused anyway (facts.ts). It ends for good only where the file was
 * removed from a directory that is the same as before: one that is gone, another, or can't be read says nothing of its
 * keys, and they count again when it is back.
 */
export class RemovedKeySweeper {
  private readonly task: PeriodicTask;
  private readonly ids: CachedList;
  private directory: { identity: string; sinceMs: number; isTrusted: boolean } | undefined;

  constructor(private readonly parts: RemovedKeyParts) {
    this.task = new PeriodicTask({ run: () => this.sweep(), intervalMs, onError: parts.onError });
    this.ids = new CachedList(parts.changes, () => parts.treeStore.listActive(parts.tree.root));
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  async sweep(): Promise<void> {
    const ids = await this.ids.get();
    const { tree, isAtWork } = this.parts;
    const identity = tree.identity();
    const names = tree.names();
    if (identity === undefined || names === undefined || !isAtWork()) {
      this.directory = undefined;
      return;
    }
    const present = new Set(names);
    const missing = ids.filter((id) => !present.has(id));
    if (!this.isTrusted(identity, { missing: missing.length, all: ids.length })) return;
    for (const id of missing) await this.revoke(id, identity);
  }

  /** Whether a file that is missing in this directory was removed from it, as far as that can be told. */
  private isTrusted(identity: string, keys: { missing: number; all: number }): boolean {
    const nowMs = (this.parts.monotonicMs ?? (() => performance.now()))();
    if (this.directory?.identity !== identity)
      this.directory = { identity, sinceMs: nowMs, isTrusted: false };
    if (keys.all === 0) return false;
    // A copy under way has some of the files, an empty mount point none.
    const hasStood = nowMs - this.directory.sinceMs >= graceMs && keys.missing < keys.all;
    if (keys.missing === 0 || hasStood) this.directory.isTrusted = true;
    return this.directory.isTrusted;
  }

  private async revoke(id: string, identity: string): Promise<void> {
    const { store, changes, tree, onRevoked } = this.parts;
    const isRevoked = await changes.run(async (change) => {
      const key = await store.find(id, change.trx);
      tree.forget(id);
      if (key === undefined || key.isSuspended || tree.isThere(id) || tree.identity() !== identity)
        return false;
      await store.update(change.trx, id, { isSuspended: true });
      // With the command that does the same: a restore looks for those that revoke.
      const origin = { actor: { kind: 'service' }, command: 'v-suspend-access-key' } as const;
      recordKeyChange(change, key, origin, { suspended: fileIsGone });
      return true;
    });
    if (isRevoked) onRevoked(id);
  }
}
