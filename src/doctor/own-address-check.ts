import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { formatAddress, parseAddress, parseAddressRange, rangeContains } from '../network/address-range.js';
import { AllowList } from '../allowlist/allow-list.js';
import { finding, type Finding } from './finding.js';

/** A machine with many containers has an address in the network of each. */
const maxTold = 8;
const linkLocal = ['fe80::/10', '169.254.0.0/16'].flatMap((text) => parseAddressRange(text) ?? []);

/**
 * Hestia lets requests of its own machine in, whatever its list says; here the list alone counts. So a list that was
 * taken over from there shuts out what runs on the server itself.
 *
 * @param isTakenOver - whether entries came with a move-in
 */
export function ownAddressMissing(
  { entries, isTakenOver }: { entries: readonly string[]; isTakenOver: boolean },
  own: readonly string[] = ownAddresses(),
): Finding[] {
  if (!isTakenOver || entries.length === 0) return [];
  const list = new AllowList(entries);
  const missing = own
    .filter((text) => !list.allows(parseAddress(text), text, 'access_key'))
    .slice(0, maxTold);
  if (missing.length === 0) return [];
  return [finding('own_address', 'own_address_missing', { missing })];
}

/** `127.0.0.1`, and the addresses by which others reach this machine. */
export function ownAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  const found = Object.values(interfaces).flatMap((each = []) => each.filter(({ internal }) => !internal));
  const parsed = found.flatMap(({ address }) => parseAddress(address) ?? []);
  const outer = parsed.filter((address) => !linkLocal.some((range) => rangeContains(range, address)));
  return [...new Set(['127.0.0.1', ...outer.map(formatAddress)])];
}
