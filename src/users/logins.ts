import type { Change } from '../storage/changes.js';

/** What a change does to the things that a user owns; the keys' own domain says how (keys.module.ts). */
export type ChangeOwned = (change: Change, userName: string) => Promise<unknown>;

/** What users are logged in with, and log in with besides a password: the sessions' own domain says how it ends. */
export class Logins {
  private readonly logins: ChangeOwned[] = [];
  private readonly credentials: ChangeOwned[] = [];

  /** It ends when a user is suspended, may not log in any more, or has another password. */
  endWith(end: ChangeOwned): void {
    this.logins.push(end);
  }

  /** It ends only where somebody else may have it. */
  endCredentialsWith(end: ChangeOwned): void {
    this.credentials.push(end);
  }

  /** As part of a change. */
  async end(change: Change, name: string): Promise<void> {
    for (const end of this.logins) await end(change, name);
  }

  /** The same, with what he logs in with. */
  async endAll(change: Change, name: string): Promise<void> {
    await this.end(change, name);
    for (const end of this.credentials) await end(change, name);
  }
}
