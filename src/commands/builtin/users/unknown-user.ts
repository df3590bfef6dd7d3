import { notFound } from '../../../errors.js';
import { didYouMean } from '../../../text/nearest-name.js';
import { shortened } from '../../../text/visible-text.js';
import type { Users } from '../../../users/users.js';
import type { Terminal } from '../../builtin-command.js';
import { isFormat } from '../../output-formats.js';

/** An empty list of nobody's things looks like one of somebody's: said on standard error where Hestia's answer is 0. */
export async function warnOfUnknownUser(users: Users, name: string, terminal: Terminal): Promise<void> {
  if (await users.exists(name)) return;
  const names = (await users.list()).map((user) => user.name);
  const hint = isFormat(name) ? `; a FORMAT comes second: '' ${name}` : didYouMean(name, names);
  terminal.say(`Warning: there is no user ${shortened(name)}${hint}\n`);
}

/**
 * The same for commands that Hestia doesn't have.
 *
 * @throws AppError 3
 */
export async function requireUserOrThings(users: Users, name: string, thingCount: number): Promise<void> {
  if (thingCount === 0 && !(await users.exists(name))) throw notFound(`user ${name}`);
}
