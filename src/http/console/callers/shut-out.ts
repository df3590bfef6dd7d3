import { AllowList, allowAll } from '../../../allowlist/allow-list.js';
import { parseAddress } from '../../../network/address-range.js';
import type { AllowedIpsDto } from '../../administration/allowed-ips/allowed-ips.dto.js';

/** Whether programs at the address that the reader comes from are let in. */
export function isAllowed({ items, requestSeenFrom }: AllowedIpsDto): boolean {
  const text = requestSeenFrom ?? '';
  return new AllowList(items).allows(parseAddress(text), text, 'access_key');
}

/** Whether nothing else than this entry lets the reader's address in. */
export function shutsOut(addresses: AllowedIpsDto, entry: string): boolean {
  const items = addresses.items.filter((item) => item !== entry);
  return isAllowed(addresses) && !isAllowed({ ...addresses, items });
}

/** Whether the entry lets every address in. */
export function isEverybody(entry: string): boolean {
  return entry === allowAll || entry === '0.0.0.0' || /\/0$/.test(entry);
}
