import { z } from 'zod';
import { ReturnCode } from '../errors.js';
import { userNamePattern } from '../names.js';
import type { PanelUsers } from '../users/panel-users.js';
import type { Users } from '../users/users.js';
import type { Backend } from './backends/backend.js';

export interface UpstreamUsersParts {
  backend: Backend;
  users: Users;
  panelUsers: PanelUsers;
  rootUser: string;
  onProblem: (problem: string) => void;
}

/** As a panel lists its users in JSON: only what is needed here is read, and each text has its limit. */
const text = z.string().max(254).catch('');
const suspension = z.enum(['yes', 'no', 'untold']).catch('untold');
/** What can't be read of one user says nothing of the others. */
const userSchema = z
  .object({ SUSPENDED: suspension, CONTACT: text, PACKAGE: text, NAME: text })
  .catch({ SUSPENDED: 'untold', CONTACT: '', PACKAGE: '', NAME: '' });
const usersSchema = z.record(z.string(), userSchema);
/** By name, and by names alone: an object would also have a `constructor`. */
type ListedUsers = ReadonlyMap<string, z.output<typeof userSchema>>;

const intervalMs = 60_000;

/**
 * The users of a panel elsewhere, or of a directory of commands. Those who are needed here are known here; what the panel changes by itself is asked
 * for once a minute.
 */
export class UpstreamUsers {
  private timer: NodeJS.Timeout | undefined;
  private lastProblem = '';

  constructor(private readonly parts: UpstreamUsersParts) {}

  start(): void {
    const sync = (): void => {
      void this.sync()
        .catch((error: unknown) => this.report((error as Error).message))
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
    // A directory of commands can do without the list of one.
    const listed = this.parts.backend.has('v-list-user')
      ? (await this.ask('v-list-user', [name, 'json']))?.get(name)
      : (await this.ask('v-list-users', ['json']))?.get(name);
    if (listed !== undefined) await this.take(name, listed, askedAt);
  }

  /** Takes over what the panel has changed on users who are known here. */
  async sync(): Promise<void> {
    const { users, panelUsers, rootUser } = this.parts;
    const askedAt = await panelUsers.askedAt();
    const listed = await this.ask('v-list-users', ['json']);
    // A list without the root user is none to conclude from.
    if (listed?.has(rootUser) !== true) return;
    for (const { name } of await users.list()) {
      const there = listed.get(name);
      if (there === undefined) await panelUsers.vanished(name, askedAt);
      else await this.take(name, there, askedAt);
    }
  }

  private async take(name: string, listed: z.output<typeof userSchema>, askedAt: number): Promise<void> {
    const { CONTACT: email, PACKAGE: packageName, NAME: firstName, SUSPENDED: suspended } = listed;
    const user = { name, email, package: packageName, firstName, lastName: '' };
    // Only a clear no lets a user in.
    await this.parts.panelUsers.seen(user, suspended !== 'no', askedAt);
  }

  private async ask(command: string, args: string[]): Promise<ListedUsers | undefined> {
    const { code, output } = await this.parts.backend.run(command, args);
    if (code === ReturnCode.NOT_EXIST) return undefined;
    const listed = code === ReturnCode.OK ? parseUsers(output) : undefined;
    const untold = [...(listed ?? [])].filter(([, { SUSPENDED }]) => SUSPENDED === 'untold');
    if (listed === undefined)
      this.report(`${command} at the panel ended with ${String(code)}, and with no list`);
    else if (untold.length > 0) this.report(`${untoldText} ${namesOf(untold)}`);
    else this.lastProblem = '';
    return listed;
  }

  /** Once, and not each minute anew. */
  private report(problem: string): void {
    if (problem !== this.lastProblem) this.parts.onProblem(problem);
    this.lastProblem = problem;
  }
}

const untoldText = "the panel doesn't say whether these users are suspended, so they count as such:";
const namesShown = 10;

function namesOf(users: readonly (readonly [string, unknown])[]): string {
  const names = users.slice(0, namesShown).map(([name]) => name.slice(0, 64));
  return `${names.join(', ')}${users.length > namesShown ? ' …' : ''}`;
}

function parseUsers(output: string): ListedUsers | undefined {
  try {
    return new Map(Object.entries(usersSchema.parse(JSON.parse(output))));
  } catch {
    return undefined;
  }
}
