import type { CommandSpec } from '../catalogue/command-spec.js';
import { namesUser } from '../users/protected-users.js';
import type { AccessRequest } from './access-request.js';

/**
 * Whether the user stands in each of these places, literally. A place that was left out moves those behind it forward
 * when the command is run, so the user has to stand there both before and after that.
 */
export function namesOnly(user: string, places: readonly number[], args: AccessRequest['args']): boolean {
  if (args === undefined) return true;
  const closedUp = args.includes(undefined) ? args.filter((arg) => arg !== undefined) : args;
  return places.every((place) => args[place - 1] === user && closedUp[place - 1] === user);
}

/** Whether an argument of that name is a user, or a list of them. */
export function mayBeUser(argumentName: string): boolean {
  return /(?:^|_)USERS?$/.test(argumentName);
}

/** In a place of a user, also of one who receives something, before and after arguments close up. */
export function namesRootUser(
  rootUser: string,
  { argumentNames }: CommandSpec,
  args: AccessRequest['args'],
): boolean {
  const sent = args ?? [];
  const closedUp = sent.filter((arg) => arg !== undefined);
  return argumentNames.some(
    (name, index) =>
      mayBeUser(name) && [sent[index], closedUp[index]].some((arg) => namesUser(arg, rootUser)),
  );
}
