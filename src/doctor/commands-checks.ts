import type { CommandsDir } from '../catalogue/commands-dir.js';
import type { FileTrust } from '../catalogue/file-trust.js';
import type { UserFamily } from '../catalogue/user-family.js';
import { finding, type Finding } from './finding.js';

/** Accounts that were "suspended" stay alive where the executable that suspends them never runs. */
export function userCommandsThatNeverRun(family: UserFamily): Finding[] {
  const names = family.neverRun();
  if (names.length === 0) return [];
  return [finding('user_commands', 'user_commands_never_run', { names, missing: family.missing() })];
}

/** Commands that are refused when they are called; each cause is named once, with the first command that it stops. */
export function commandsThatOthersCanChange(
  commandsDir: CommandsDir | undefined,
  trust: FileTrust,
): Finding[] {
  if (commandsDir === undefined) return [];
  const causes = new Map<string, string>();
  const ofAll = trust.problemOf(commandsDir.directory);
  if (ofAll !== undefined) causes.set(ofAll, '');
  for (const { name } of commandsDir.list()) {
    const problem = trust.problemOf(commandsDir.executable(name));
    if (problem !== undefined && !causes.has(problem)) causes.set(problem, name);
  }
  return [...causes].map(([problem, command]) =>
    finding('command_writable', 'command_writable', { command, problem }),
  );
}
