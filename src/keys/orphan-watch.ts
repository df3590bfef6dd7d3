import type { Changes } from '../storage/changes.js';
import type { AccessKeyStore } from './access-key-store.js';
import { suspendKeysOf } from './end-keys.js';

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
  /** The users at the last look; a key that has changed since may be one of somebody else. */
  private lookedAt = '';

  constructor(private readonly parts: OrphanWatchParts) {
    const lookAgain = (): void => {
      this.lookedAt = '';
    };
    parts.changes.onApplied(({ touched }) => {
      if (touched.some(({ kind }) => kind === 'access_key')) lookAgain();
    }, lookAgain);
  }

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
    const namesNow = [...names].join();
    if (namesNow === this.lookedAt) return;
    // Before the look: what changes meanwhile is looked at next time.
    this.lookedAt = namesNow;
    try {
      for (const owner of await store.ownersOfActiveKeys()) {
        if (names.has(owner)) continue;
        await changes.run(async (change) => {
          const present = userNames();
          if (present.includes(owner) || !present.includes(rootUser)) return;
          await suspendKeysOf(store, change, owner, userIsGone);
        });
      }
    } catch (error) {
      this.lookedAt = '';
      throw error;
    }
  }
}
