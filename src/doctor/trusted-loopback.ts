import {
  formatAddressRange,
  parseAddressRange,
  rangeContains,
  type AddressRange,
} from '../network/address-range.js';
import { finding, type Finding } from './finding.js';

const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/** Trusted proxies at this machine's own addresses: each process of the machine can be one. */
export function trustedLoopback(trustedProxies: readonly AddressRange[]): Finding[] {
  return trustedProxies
    .filter(overlapsLoopback)
    .map((range) => finding('trusted_loopback', 'loopback_trusted', { range: formatAddressRange(range) }));
}

function overlapsLoopback(range: AddressRange): boolean {
  return loopback.some((own) => rangeContains(own, range.network) || rangeContains(range, own.network));
}
