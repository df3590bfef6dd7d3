import { AppError, ReturnCode } from '../errors.js';
import type { SwitchesAfter } from '../settings/change-settings.js';
import type { Caller } from './builtin-command.js';

/**
 * What a change of the switches or of API_ALLOWED_IP is asked before it commits: whether it would shut out the client
 * that sent it, which could not undo it. The local command line has no address and uses no API, so it may do all.
 *
 * @throws AppError 10, from what is returned
 */
export function requireCallerStaysIn(caller: Caller, rootUser: string): (after: SwitchesAfter) => void {
  return (after) => {
    // Neither decides about people who have logged in.
    const isPerson = caller.isOperator || caller.actor.kind === 'session';
    const problem = isPerson ? undefined : problemOf(after, caller, rootUser);
    if (problem !== undefined)
      throw new AppError(ReturnCode.FORBIDDEN, `${problem}; the local command line may do so`);
  };
}

function problemOf(
  { settings, allowList }: SwitchesAfter,
  { actor, client, authority }: Caller,
  rootUser: string,
): string | undefined {
  const isKey = actor.kind === 'access_key';
  const isApiOn = isKey
    ? settings.apiSystem === 'all_users' || (settings.apiSystem === 'root_user' && actor.user === rootUser)
    : settings.isLegacyApiOn;
  // Hestia's own clients switch the API off through it, and then no address matters. A restricted key may not.
  if (!isApiOn && authority === 'everything') return undefined;
  if (!isApiOn) return 'this would switch off the API that it was sent to';
  if (allowList.allows(client.address, client.text, isKey ? 'access_key' : 'legacy')) return undefined;
  return `this would shut out the address that it came from (${client.text || 'unknown'})`;
}
