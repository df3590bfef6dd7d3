import type { CommandsDir } from './commands-dir.js';

/** Without these a directory can't keep users: they are added, listed, suspended and deleted. */
const neededCommands = ['v-add-user', 'v-delete-user', 'v-list-users', 'v-suspend-user'] as const;
/** Commands that change users, and have a built-in command of the same name. */
const changingCommands = [
  'v-add-user',
  'v-change-user-config-value',
  'v-change-user-package',
  'v-change-user-password',
  'v-change-user-role',
  'v-delete-user',
  'v-suspend-user',
  'v-unsuspend-user',
] as const;

/**
 * Whether a directory of commands supplies the users: it does when it has all that is needed to keep them. It is
 * decided once, at the start, because users must not change hands while the service runs.
 */
export class UserFamily {
  readonly isInDirectory: boolean;

  /** @param commandsDir - undefined: there is none, or a panel supplies the users in another way */
  constructor(private readonly commandsDir: CommandsDir | undefined) {
    this.isInDirectory = commandsDir !== undefined && this.missing().length === 0;
  }

  /**
   * Executables that never run, because a built-in command of the same name runs in their place: what they were to do
   * to an account is not done.
   */
  neverRun(): string[] {
    return this.isInDirectory ? [] : changingCommands.filter((name) => this.has(name));
  }

  /** What the directory lacks to supply the users. */
  missing(): string[] {
    return neededCommands.filter((name) => !this.has(name));
  }

  private has(name: string): boolean {
    return this.commandsDir?.find(name) !== undefined;
  }
}
