import type { CommandsDir } from '../catalogue/commands-dir.js';
import type { FileTrust } from '../catalogue/file-trust.js';
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

/** Commands that are refused when they are called; each cause is named once, with the first command that it stops. */
export function commandsThatOthersCanChange(
  commandsDir: CommandsDir | undefined,
  trust: FileTrust,
): Finding[] {
  if (commandsDir === undefined) return [];
  const causes = new Map<string, string>();
  const ofAll = trust.problemOf(commandsDir.directory);
  if (ofAll !== undefined) causes.set(ofAll, 'every command');
  for (const { name } of commandsDir.list()) {
    const problem = trust.problemOf(commandsDir.executable(name));
    if (problem !== undefined && !causes.has(problem)) causes.set(problem, name);
  }
  return [...causes].map(([problem, command]) => ({
    check: 'command_writable',
    subject: `HEARTHKEY_COMMANDS_DIR: ${command}`,
    problem: `is not run: ${problem}`,
    advice: 'give it to root and take the right to write away from others (chown root, chmod go-w)',
  }));
}
