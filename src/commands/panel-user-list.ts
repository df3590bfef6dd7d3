import { z } from 'zod';
import { ReturnCode } from '../errors.js';
import type { StateAtPanel } from '../users/panel-users.js';
import type { Backend } from './backends/backend.js';

export interface PanelUserListParts {
  backend: Backend;
  rootUser: string;
  onProblem: (problem: string) => void;
}

/** As a panel lists its users in JSON: only what is needed here is read, and each text has its limit. */
const text = z.string().max(254).catch('');
const suspension = z.enum(['yes', 'no', 'untold']).catch('untold');
/** What can't be read of one user says nothing of the others. */
/** Only a clear `admin` makes an administrator. */
const role = z.enum(['admin', 'user']).catch('user');
const userSchema = z
  .object({
    SUSPENDED: suspension,
    ROLE: role,
    CONTACT: text,
    PACKAGE: text,
    NAME: text,
    DATE: text,
    TIME: text,
  })
  .catch({ SUSPENDED: 'untold', ROLE: 'user', CONTACT: '', PACKAGE: '', NAME: '', DATE: '', TIME: '' });
const usersSchema = z.record(z.string(), userSchema);

export type ListedUser = z.output<typeof userSchema>;
/** By name, and by names alone: an object would also have a `constructor`. */
export type ListedUsers = ReadonlyMap<string, ListedUser>;

/** The list of users of a panel elsewhere, or of a directory of commands, as the panel gives it. */
export class PanelUserList {
  private lastProblem = '';

  constructor(private readonly parts: PanelUserListParts) {}

  /** @returns undefined where there is no list that can be relied on */
  async all(): Promise<ListedUsers | undefined> {
    const listed = await this.ask('v-list-users', ['json']);
    // A list without the root user is none to conclude from.
    return listed?.has(this.parts.rootUser) === true ? listed : undefined;
  }

  async find(name: string): Promise<ListedUser | undefined> {
    // A directory of commands can do without the list of one.
    const isListedAlone = this.parts.backend.has('v-list-user');
    const listed = isListedAlone
      ? await this.ask('v-list-user', [name, 'json'])
      : await this.ask('v-list-users', ['json']);
    return listed?.get(name);
  }

  async stateOf(name: string): Promise<StateAtPanel> {
    const listed = await this.all();
    if (listed === undefined) return 'unknown';
    const user = listed.get(name);
    if (user === undefined) return 'absent';
    // Only a clear no lets a user in.
    return user.SUSPENDED === 'no' ? 'active' : 'suspended';
  }

  /** Once, and not each minute anew. */
  report(problem: string): void {
    if (problem !== this.lastProblem) this.parts.onProblem(problem);
    this.lastProblem = problem;
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
