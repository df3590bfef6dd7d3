import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import {
  parseAddress,
  parseAddressRange,
  rangeContains,
  type AddressRange,
} from '../addresses/address-range.js';
import { forwardedFor, resolveForwarded } from '../gateway/client-address.js';

const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/**
 * Who may ask for decisions: gateways on this machine and at trusted proxies' addresses. They say for which client
 * they ask, so nobody else may.
 */
export class GateCallers {
  private readonly ranges: readonly AddressRange[];
  /** What a connection's other end is doesn't change. */
  private readonly known = new WeakMap<Socket, boolean>();

  constructor(trustedProxies: readonly AddressRange[]) {
    this.ranges = [...loopback, ...trustedProxies];
  }

  /** Whether the other end of the connection is a gateway. */
  isGateway({ socket }: FastifyRequest): boolean {
    let answer = this.known.get(socket);
    if (answer === undefined) {
      const address = parseAddress(socket.remoteAddress ?? '');
      answer = address !== undefined && this.ranges.some((range) => rangeContains(range, address));
      this.known.set(socket, answer);
    }
    return answer;
  }

  /**
   * Whether a gateway asks for itself. A question that was forwarded for somebody else came in through a proxy that
   * shows these faces to the outside: then everybody on the way has to be a gateway, too.
   */
  isGatewaysOwn(request: FastifyRequest): boolean {
    if (!this.isGateway(request)) return false;
    if (request.headers['x-forwarded-for'] === undefined) return true;
    const { address } = resolveForwarded(forwardedFor(request.headers), this.ranges);
    return address !== undefined && this.ranges.some((range) => rangeContains(range, address));
  }
}
