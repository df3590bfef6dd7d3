import { isIP } from 'node:net';
import { parseAddressRange, rangeContains, type Address } from './address-range.js';

const ranges = (texts: readonly string[]) =>
  texts.map(parseAddressRange).filter((range) => range !== undefined);

/**
 * Every range that no public server is in (IANA's registries of special-purpose addresses), and those of IPv6 that have
 * an IPv4 address inside, which a gateway may turn into it (NAT64, 6to4, Teredo, addresses "compatible with IPv4").
 */
const reserved = ranges([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]);

/** All of IPv6 that has been given out (RFC 4291, 2.4); everything outside of it may become anything. */
const globalUnicast = ranges(['2000::/3']);

const loopback = ranges(['127.0.0.0/8', '::1']);

/** Whether a server on the internet may have it: neither this machine nor a network of its own. */
export function isPublicAddress(address: Address): boolean {
  if (reserved.some((range) => rangeContains(range, address))) return false;
  return address.kind() === 'ipv4' || globalUnicast.some((range) => rangeContains(range, address));
}

/** Whether a host, as a URL has it, is this machine by its address or by the name `localhost`. */
export function isLoopbackHost(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  if (isIP(host) === 0) return false;
  const range = parseAddressRange(host);
  return range !== undefined && loopback.some((own) => rangeContains(own, range.network));
}
