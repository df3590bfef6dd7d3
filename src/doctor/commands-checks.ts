import type { UserFamily } from '../catalogue/user-family.js';
import type { Finding } from './finding.js';

/** Accounts that were "suspended" stay alive where the executable that suspends them never runs. */
export function userCommandsThatNeverRun(family: UserFamily): Finding[] {
  const names = family.neverRun();
  if (names.length === 0) return [];
  const missing = family.missing();
  return [
    {
      check: 'user_commands',
      subject: `HEARTHKEY_COMMANDS_DIR: ${names.join(', ')}`,
      problem: 'never run: the built-in commands of these names do',
      advice:
        missing.length === 0
          ? 'start the service again: the directory supplies the users now'
          : `add ${missing.join(', ')}, so that the directory supplies the users, or take them away`,
    },
  ];
}
