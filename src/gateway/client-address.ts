import {
  formatAddress,
  parseAddress,
  rangeContains,
  type Address,
  type AddressRange,
} from '../addresses/address-range.js';
import type { ClientAddress } from '../authorization/access-request.js';

export interface AddressedRequest {
  /** The address at the other end of the socket; undefined on a Unix socket. */
  socketAddress: string | undefined;
  /** All `X-Forwarded-For` fields, in their order. */
  forwardedFor: string | undefined;
}

/**
 * The client's address: the socket's, unless that is a trusted proxy's. Then it is the last address of
 * `X-Forwarded-For` that is not a trusted proxy's, for each proxy adds at the end whom it heard from; what stands
 * before that the client may have made up.
 *
 * @returns no address where the one that counts is not an address
 */
export function resolveClientAddress(
  request: AddressedRequest,
  trustedProxies: readonly AddressRange[],
): ClientAddress {
  const isTrusted = (address: Address): boolean =>
    trustedProxies.some((range) => rangeContains(range, address));
  let address = parseAddress(request.socketAddress ?? '');
  if (address === undefined || !isTrusted(address)) return clientAddress(address);
  const hops = (request.forwardedFor ?? '').split(',').map((hop) => hop.trim());
  if (hops.length === 1 && hops[0] === '') return clientAddress(address);
  for (const hop of hops.reverse()) {
    address = parseAddress(hop);
    if (address === undefined || !isTrusted(address)) break;
  }
  return clientAddress(address);
}

function clientAddress(address: Address | undefined): ClientAddress {
  return { address, text: address === undefined ? '' : formatAddress(address) };
}
