import type { ListenPlace } from '../config/listen-setting.js';
import { parseAddress, parseAddressRange, rangeContains } from '../network/address-range.js';
import { finding, type Finding } from './finding.js';

/** Networks that are nobody else's: this machine, private ones, links. */
const ownNetworks = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['::1', 'fc00::/7', 'fe80::/10'],
].flatMap((text) => parseAddressRange(text) ?? []);

interface Listening {
  listen: readonly ListenPlace[];
  tls: object | undefined;
}

/** Addresses that others may reach: each request there has a secret in it, which is readable on its way without TLS. */
export function publicWithoutTls({ listen, tls }: Listening): Finding[] {
  if (tls !== undefined) return [];
  return listen.flatMap((place) => {
    if (!('port' in place) || isOwn(place.host)) return [];
    const host = place.host.includes(':') ? `[${place.host}]` : place.host;
    return finding('no_tls', 'tls_missing', { place: `${host}:${String(place.port)}` });
  });
}

/** A name other than localhost may be any address. */
function isOwn(host: string): boolean {
  const address = parseAddress(host);
  if (address === undefined) return host === 'localhost';
  return ownNetworks.some((network) => rangeContains(network, address));
}
