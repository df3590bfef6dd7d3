import type { DenyReason } from '../errors.js';
import { rangeContains, type AddressRange } from '../network/address-range.js';
import type { ClientAddress } from '../network/client-address.js';

export interface SessionPolicy {
  isOn: boolean;
  /** Where people may log in from; undefined: everywhere. */
  from: readonly AddressRange[] | undefined;
}

/** Neither API_SYSTEM nor API_ALLOWED_IP counts: those are for programs. */
export function refuseSessionsFrom(
  { isOn, from }: SessionPolicy,
  { address }: ClientAddress,
): DenyReason | undefined {
  if (!isOn) return 'sessions_disabled';
  const isLetIn =
    from === undefined || (address !== undefined && from.some((range) => rangeContains(range, address)));
  return isLetIn ? undefined : 'address_not_allowed';
}
