import { PeriodicTask } from '../concurrency/periodic-task.js';
import { userNamePattern } from '../text/names.js';
import type { PanelUsers } from '../users/panel-users.js';
import type { Users } from '../users/users.js';
import type { ListedUser, PanelUserList } from './panel-user-list.js';

export interface UpstreamUsersParts {
  list: PanelUserList;
  users: Users;
  panelUsers: PanelUsers;
  rootUser: string;
  monotonicMs?: () => number;
}

const intervalMs = 60_000;
/** While somebody is missing in the list. */
const missingIntervalMs = 5_000;
/** A user may be missing for so long, as while the panel restores one, and goes on as before. */
const graceMs = 60_000;

/**
 * The users of a panel elsewhere, or of a directory of commands. Those who are needed here are known here; what the panel changes by itself is asked
 * for once a minute.
 */
export class UpstreamUsers {
  private readonly task: PeriodicTask;
  /** Who the listed users are, as far as the panel tells, and since when they are known here by that name. */
  private readonly identities = new Map<string, Identity & { knownSinceMs: number | undefined }>();
  /** Users who are missing in the list, and since when. */
  private readonly missingSinceMs = new Map<string, number>();

  constructor(private readonly parts: UpstreamUsersParts) {
    this.task = new PeriodicTask({
      run: () => this.sync(),
      intervalMs: () => (this.missingSinceMs.size > 0 ? missingIntervalMs : intervalMs),
      onError: (error) => parts.list.report((error as Error).message),
    });
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
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
    const { list, users, panelUsers, rootUser } = this.parts;
    const askedAt = await panelUsers.askedAt();
    const listed = await list.all();
    if (listed === undefined) return;
    for (const { name } of await users.list()) {
      const there = listed.get(name);
      if (there !== undefined) await this.take(name, there, askedAt);
      else if (name !== rootUser) await this.miss(name, askedAt);
    }
  }

  /**
   * A list may miss a user for a moment: until the grace has passed the user counts as suspended. Of one who was never
   * listed here it can't be told who comes back, so there is no grace.
   */
  private async miss(name: string, askedAt: number): Promise<void> {
    const { panelUsers, monotonicMs = () => performance.now() } = this.parts;
    const sinceMs = this.missingSinceMs.get(name) ?? monotonicMs();
    if (this.identities.has(name) && monotonicMs() - sinceMs < graceMs) {
      this.missingSinceMs.set(name, sinceMs);
      await panelUsers.seen({ ...nothingTold, name }, true, askedAt);
    } else await this.letGo(name, askedAt);
  }

  private async letGo(name: string, askedAt: number): Promise<void> {
    await this.parts.panelUsers.vanished(name, askedAt);
    this.identities.delete(name);
    this.missingSinceMs.delete(name);
  }

  private async take(name: string, listed: ListedUser, askedAt: number): Promise<void> {
    if (name !== this.parts.rootUser && (await this.isAnother(name, listed))) await this.letGo(name, askedAt);
    const {
      CONTACT: email,
      PACKAGE: packageName,
      NAME: firstName,
      SUSPENDED: suspended,
      ROLE: role,
    } = listed;
    const user = { name, email, package: packageName, firstName, lastName: '', role };
    // Only a clear no lets a user in.
    await this.parts.panelUsers.seen(user, suspended !== 'no', askedAt);
    if (suspended === 'untold') return;
    const knownSinceMs = (await this.parts.users.find(name))?.createdAtMs;
    this.identities.set(name, { ...identityOf(listed), knownSinceMs });
    this.missingSinceMs.delete(name);
  }

  /** Whether another user has the name now: the keys of the one before are no longer anybody's. */
  private async isAnother(name: string, listed: ListedUser): Promise<boolean> {
    const before = this.identities.get(name);
    if (before === undefined || listed.SUSPENDED === 'untold') return false;
    if (isSame(before, identityOf(listed), this.missingSinceMs.has(name))) return false;
    // Added anew from here, or taken over anew by another node: that has seen to the keys of the one before.
    return before.knownSinceMs === (await this.parts.users.find(name))?.createdAtMs;
  }
}

const nothingTold = { email: '', package: '', firstName: '', lastName: '' };

interface Identity {
  /** When the panel made the user; empty where it doesn't say. */
  made: string;
  /** What a new user of the name would hardly share. */
  about: string;
}

function identityOf({ DATE, TIME, CONTACT, NAME }: ListedUser): Identity {
  const isTold = DATE !== '' && TIME !== '';
  return { made: isTold ? `${DATE} ${TIME}` : '', about: CONTACT === '' ? '' : `${CONTACT} ${NAME}` };
}

function isSame(one: Identity, other: Identity, wasMissing: boolean): boolean {
  if (one.made !== '' && other.made !== '') return one.made === other.made;
  return !wasMissing || (one.about === other.about && one.about !== '');
}
