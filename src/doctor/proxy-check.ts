import { parseAddress, parseAddressRange, rangeContains } from '../network/address-range.js';
import type { UntrustedProxy } from '../network/untrusted-proxies.js';
import { finding, type Finding } from './finding.js';

const maxTold = 5;
const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/** Proxies that nobody named: what they say of their clients counts for nothing. */
export function untrustedProxies(proxies: readonly UntrustedProxy[]): Finding[] {
  return proxies.slice(0, maxTold).map(({ address, count }) => {
    const about = { address, count, isLoopback: isLoopback(address) };
    return finding('untrusted_proxy', 'proxy_untrusted', about);
  });
}

function isLoopback(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && loopback.some((range) => rangeContains(range, address));
}
