import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { parseAddress, parseAddressRange, rangeContains } from '../../network/address-range.js';

/** Link-local networks, and where clouds answer with an instance's credentials. */
const refused = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254', '100.100.100.200']
  .map(parseAddressRange)
  .filter((range) => range !== undefined);

/**
 * Resolves the name of a receiver. A name must not lead to a link-local or metadata address: somebody who controls the name
 * would make the service send there. An operator who wants that sets the address itself, which isn't looked up.
 */
export const lookupReceiver: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const problem = error ?? problemOf(addresses);
    if (problem !== undefined) callback(problem, '', 0);
    else if (options.all === true) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  });
};

export function problemOf(addresses: readonly LookupAddress[]): Error | undefined {
  const isRefused = addresses.some(({ address }) => {
    const parsed = parseAddress(address);
    return parsed !== undefined && refused.some((range) => rangeContains(range, parsed));
  });
  return isRefused ? new Error('the name of the receiver leads to a link-local address') : undefined;
}
