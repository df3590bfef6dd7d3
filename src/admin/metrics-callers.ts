import type { FastifyRequest } from 'fastify';
import { parseAddress, rangeContains, type AddressRange } from '../addresses/address-range.js';

/** Whoever sends one of these is a proxy that passes on somebody else's request. */
const forwardingFields = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** Whether the request comes from an address of HEARTHKEY_METRICS_FROM, and from nobody behind it. */
export function maySeeMetrics({ socket, headers }: FastifyRequest, from: readonly AddressRange[]): boolean {
  if (forwardingFields.some((name) => headers[name] !== undefined)) return false;
  const address = parseAddress(socket.remoteAddress ?? '');
  return address !== undefined && from.some((range) => rangeContains(range, address));
}
