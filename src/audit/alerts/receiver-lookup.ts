import { lookup as lookUpAddress, type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { parseAddress, rangeContains, type AddressRange } from '../../network/address-range.js';
import { isLoopbackHost, isPublicAddress } from '../../network/reserved-addresses.js';

/**
 * Why nothing is sent to a name that leads to these addresses: one of them is of this machine, of a private network or
 * of another that no public server is in. Somebody who controls the name would make the service send there.
 *
 * @param named - ranges that the operator has named
 */
export function addressProblem(
  host: string,
  addresses: readonly string[],
  named: readonly AddressRange[],
): Error | undefined {
  const isAllowed = (text: string): boolean => {
    const address = parseAddress(text);
    if (address === undefined) return false;
    if (isPublicAddress(address) || named.some((range) => rangeContains(range, address))) return true;
    return isLoopbackHost(host) && isLoopbackHost(text);
  };
  return addresses.length > 0 && addresses.every(isAllowed)
    ? undefined
    : new Error('the name of the receiver leads to an address that is not public');
}

/** Resolves the name of a receiver for a connection, which is made to an address that was checked. */
export function checkedLookup(named: readonly AddressRange[]): LookupFunction {
  return (host, options, callback) => {
    lookUpAddress(host, { ...options, all: true }, (error, addresses) => {
      const problem = error ?? addressProblem(host, textsOf(addresses), named);
      if (problem !== undefined) callback(problem, '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}

/**
 * The address to connect to, for a client that takes no function of ours. An address is one that the operator has named.
 *
 * @throws Error where a name leads to an address that is not public
 */
export async function checkedAddress(host: string, named: readonly AddressRange[]): Promise<string> {
  if (isIP(host) !== 0) return host;
  const addresses = await lookup(host, { all: true });
  const problem = addressProblem(host, textsOf(addresses), named);
  if (problem !== undefined) throw problem;
  return addresses[0]?.address ?? '';
}

function textsOf(addresses: readonly LookupAddress[]): string[] {
  return addresses.map(({ address }) => address);
}
