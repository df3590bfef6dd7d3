import { parseAddress, parseAddressRange, rangeContains } from '../network/address-range.js';
import type { UntrustedProxy } from '../network/untrusted-proxies.js';
import type { Finding } from './finding.js';

const maxTold = 5;
const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/** Proxies that nobody named: what they say of their clients counts for nothing. */
export function untrustedProxies(proxies: readonly UntrustedProxy[]): Finding[] {
  return proxies.slice(0, maxTold).map(({ address, count }) => ({
    check: 'untrusted_proxy',
    subject: `requests from ${address}`,
    problem:
      `${String(count)} carried X-Forwarded-For, which counts for nothing: ${address} is not in ` +
      `HEARTHKEY_TRUSTED_PROXIES, so all of them count as its own`,
    advice: isLoopback(address)
      ? 'if a proxy on this machine sends them, read docs/client-address.md'
      : `if it is your proxy, add ${address} to HEARTHKEY_TRUSTED_PROXIES and restart the service`,
  }));
}

function isLoopback(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && loopback.some((range) => rangeContains(range, address));
}
