import { parseAddress, rangeContains, type AddressRange } from '../../network/address-range.js';
import { isLoopbackHost, isPublicAddress } from '../../network/reserved-addresses.js';
import type { AddressCheck } from '../sinks/receiver-address.js';

/**
 * Nothing is sent to a name that leads to an address of this machine, of a private network or of another that no public
 * server is in: somebody who controls the name would make the service send there.
 *
 * @param named - ranges that the operator has named
 */
export function notPublic(named: readonly AddressRange[]): AddressCheck {
  return (host, addresses) => {
    const isAllowed = (text: string): boolean => {
      const address = parseAddress(text);
      if (address === undefined) return false;
      if (isPublicAddress(address) || named.some((range) => rangeContains(range, address))) return true;
      return isLoopbackHost(host) && isLoopbackHost(text);
    };
    return addresses.length > 0 && addresses.every(isAllowed)
      ? undefined
      : new Error('the name of the receiver leads to an address that is not public');
  };
}
