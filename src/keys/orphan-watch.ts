import type { Changes } from '../storage/changes.js';
import type { AccessKeyStore } from './access-key-store.js';
import { suspendKeysOf } from './access-keys.js';

export interface OrphanWatchParts {
  store: AccessKeyStore;
  changes: Changes;
  /** The users whom the panel has; throws while that can't be told. */
  userNames: () => readonly string[];
  rootUser: string;
  onError: (error: unknown) => void;
}

const intervalMs = 1000;
/** What the audit says of such a suspension. */
export const userIsGone = 'the panel no longer has this user';

/**
 * Suspends the keys of users whom a live panel no longer has. Without an owner they are refused anyway; suspended they
 * stay refused when the panel makes another user of the same name. They aren't deleted: a tree that was away for a
 * moment must not cost anybody a key.
 */
export class OrphanWatch {
  private timer: NodeJS.Timeout | undefined;
  private lookedAt = '';

  constructor(private readonly parts: OrphanWatchParts) {}

  start(): void {
    const look = (): void => {
      void this.sweep()
        .catch(this.parts.onError)
        .finally(() => {
          if (this.timer !== undefined) this.timer = setTimeout(look, intervalMs).unref();
        });
    };
    this.timer = setTimeout(look, 0).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  async sweep(): Promise<void> {
    const { store, changes, userNames, rootUser } = this.parts;
    const names = new Set(userNames());
    // A tree without its root user is no panel at work: nothing can be told from it.
    if (!names.has(rootUser)) return;
    const present = [...names].join();
    if (present === this.lookedAt) return;
    for (const owner of await store.ownersOfActiveKeys()) {
      if (names.has(owner)) continue;
      await changes.run((change) => suspendKeysOf(store, change, owner, userIsGone));
    }
    this.lookedAt = present;
  }
}
