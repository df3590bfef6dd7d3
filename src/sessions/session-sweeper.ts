import { PeriodicTask } from '../concurrency/periodic-task.js';
import type { Changes } from '../storage/changes.js';
import type { LoginLinkStore } from './login-link-store.js';
import type { PasskeyStore } from './passkeys/passkey-store.js';
import type { SessionStore } from './session-store.js';
import { writeEveryMs } from './session-uses.js';

export interface SessionSweeperParts {
  store: SessionStore;
  links: LoginLinkStore;
  passkeys: PasskeyStore;
  changes: Changes;
  onError: (error: unknown) => void;
  now?: () => number;
}

const intervalMs = 60_000;
const atATime = 1000;
/** Another node may have noted a use that it has not written yet. */
const lateMs = 3 * writeEveryMs;

/** Takes away sessions, links and challenges that have ended. They are refused without it. */
export class SessionSweeper {
  private readonly task: PeriodicTask;

  constructor(private readonly parts: SessionSweeperParts) {
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
    const { store, links, passkeys, changes, now = Date.now } = this.parts;
    await links.deleteEnded(now());
    await passkeys.forgetAnswered(now());
    if ((await store.listOver(now(), lateMs, 1)).length === 0) return;
    await changes.run(async ({ trx }) =>
      store.delete(trx, await store.listOver(now(), lateMs, atATime, trx)),
    );
  }
}
