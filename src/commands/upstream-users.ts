import { userNamePattern } from '../names.js';
import type { PanelUsers } from '../users/panel-users.js';
import type { Users } from '../users/users.js';
import type { ListedUser, PanelUserList } from './panel-user-list.js';

export interface UpstreamUsersParts {
  list: PanelUserList;
  users: Users;
  panelUsers: PanelUsers;
}

const intervalMs = 60_000;

/**
 * The users of a panel elsewhere, or of a directory of commands. Those who are needed here are known here; what the panel changes by itself is asked
 * for once a minute.
 */
export class UpstreamUsers {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: UpstreamUsersParts) {}

  start(): void {
    const sync = (): void => {
      void this.sync()
        .catch((error: unknown) => this.parts.list.report((error as Error).message))
        .finally(() => {
          if (this.timer !== undefined) this.timer = setTimeout(sync, intervalMs).unref();
        });
    };
    this.timer = setTimeout(sync, 0).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Asks the panel for one user, and takes it over where it has it. */
  async lookUp(name: string): Promise<void> {
    if (!userNamePattern.test(name)) return;
    const askedAt = await this.parts.panelUsers.askedAt();
    const listed = await this.parts.list.find(name);
    if (listed !== undefined) await this.take(name, listed, askedAt);
  }

  /** Takes over what the panel has changed on users who are known here. */
  async sync(): Promise<void> {
    const { list, users, panelUsers } = this.parts;
    const askedAt = await panelUsers.askedAt();
    const listed = await list.all();
    if (listed === undefined) return;
    for (const { name } of await users.list()) {
      const there = listed.get(name);
      if (there === undefined) await panelUsers.vanished(name, askedAt);
      else await this.take(name, there, askedAt);
    }
  }

  private async take(name: string, listed: ListedUser, askedAt: number): Promise<void> {
    const { CONTACT: email, PACKAGE: packageName, NAME: firstName, SUSPENDED: suspended } = listed;
    const user = { name, email, package: packageName, firstName, lastName: '' };
    // Only a clear no lets a user in.
    await this.parts.panelUsers.seen(user, suspended !== 'no', askedAt);
  }
}
