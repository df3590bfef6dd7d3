import {
  formatAddress,
  formatAddressRange,
  networkOf,
  parseAddress,
  parseAddressRange,
} from '../../network/address-range.js';

/** Networks that one client moves within: a /24 of IPv4, a /64 of IPv6. */
export function networkOfClient(clientAddress: string): string | undefined {
  const address = parseAddress(clientAddress);
  if (address === undefined) return undefined;
  const range = parseAddressRange(`${formatAddress(address)}/${address.kind() === 'ipv4' ? '24' : '64'}`);
  return range && formatAddressRange(range);
}

/** Where denials come from: an address of IPv4, a network of IPv6, of which one client has every address. */
export function sourceOfDenials(clientAddress: string): string | undefined {
  const address = parseAddress(clientAddress);
  return address && networkOf(address);
}
