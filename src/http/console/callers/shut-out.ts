import { AllowList, allowAll } from '../../../allowlist/allow-list.js';
import { parseAddress } from '../../../network/address-range.js';
import type { AllowedIpsDto } from '../../administration/allowed-ips/allowed-ips.dto.js';

type SeenAddresses = Pick<AllowedIpsDto, 'items' | 'requestSeenFrom'>;

/** Whether programs at the address that the reader comes from are let in. */
export function isAllowed({ items, requestSeenFrom: text }: SeenAddresses): boolean {
  return new AllowList(items).allows(parseAddress(text ?? ''), text ?? '', 'access_key');
}

/** Whether nothing else than this entry lets the reader's address in. */
export function shutsOut({ items, requestSeenFrom }: SeenAddresses, entry: string): boolean {
  const rest = items.filter((item) => item !== entry);
  return isAllowed({ items, requestSeenFrom }) && !isAllowed({ items: rest, requestSeenFrom });
}

/** Whether the entry lets every address in. */
export function isEverybody(entry: string): boolean {
  return entry === allowAll || entry === '0.0.0.0' || /\/0$/.test(entry);
}
