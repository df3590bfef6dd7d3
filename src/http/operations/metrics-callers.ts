import type { FastifyRequest } from 'fastify';
import { parseAddress, rangeContains, type AddressRange } from '../../network/address-range.js';
import { isForwarded } from '../../network/client-address.js';

/** Whether the request comes from an address of HEARTHKEY_METRICS_FROM, and from nobody behind it. */
export function maySeeMetrics({ socket, headers }: FastifyRequest, from: readonly AddressRange[]): boolean {
  if (isForwarded(headers)) return false;
  const address = parseAddress(socket.remoteAddress ?? '');
  return address !== undefined && from.some((range) => rangeContains(range, address));
}
