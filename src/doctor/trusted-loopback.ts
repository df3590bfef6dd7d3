import {
  formatAddressRange,
  parseAddressRange,
  rangeContains,
  type AddressRange,
} from '../network/address-range.js';
import type { Finding } from './finding.js';

const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/** Trusted proxies at this machine's own addresses: each process of the machine can be one. */
export function trustedLoopback(trustedProxies: readonly AddressRange[]): Finding[] {
  return trustedProxies.filter(overlapsLoopback).map((range) => ({
    check: 'trusted_loopback',
    subject: `HEARTHKEY_TRUSTED_PROXIES ${formatAddressRange(range)}`,
    problem: 'every process of this machine can say for which address it asks, also those of customers',
    advice:
      'serve the proxy at a Unix socket (HEARTHKEY_LISTEN=unix:/run/hearthkey/http.sock) and take the address out',
  }));
}

function overlapsLoopback(range: AddressRange): boolean {
  return loopback.some((own) => rangeContains(own, range.network) || rangeContains(range, own.network));
}
