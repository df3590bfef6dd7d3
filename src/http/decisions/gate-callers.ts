import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import {
  parseAddress,
  parseAddressRange,
  rangeContains,
  type AddressRange,
} from '../../network/address-range.js';
import { forwardedFor, isForwarded, isUnixPeer, resolveForwarded } from '../../network/client-address.js';

const loopback = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddressRange(text) ?? []);

/** Who asks for a decision. */
export interface GateCaller {
  /** Undefined at the gate socket, and at a Unix socket of HEARTHKEY_LISTEN. */
  address: string | undefined;
  isGateway: boolean;
  /** Whether it is known to know its clients' addresses. Any process may ask from this machine's own addresses. */
  isTrusted: boolean;
}

/** A client that can open a Unix socket of the service is a gateway. */
export const atTheGateSocket: GateCaller = { address: undefined, isGateway: true, isTrusted: true };

interface CallersRequest {
  socket: Socket;
  headers: IncomingHttpHeaders;
}

/**
 * Who may ask for decisions: gateways on this machine and at trusted proxies' addresses. They say for which client
 * they ask, so nobody else may.
 */
export class GateCallers {
  private readonly ranges: readonly AddressRange[];
  /** What a connection's other end is doesn't change. */
  private readonly known = new WeakMap<Socket, GateCaller>();

  constructor(private readonly trustedProxies: readonly AddressRange[]) {
    this.ranges = [...loopback, ...trustedProxies];
  }

  /** The other end of the connection. */
  callerOf({ socket }: Pick<CallersRequest, 'socket'>): GateCaller {
    if (isUnixPeer(socket)) return atTheGateSocket;
    let caller = this.known.get(socket);
    if (caller === undefined) {
      const address = parseAddress(socket.remoteAddress ?? '');
      const isIn = (ranges: readonly AddressRange[]): boolean =>
        address !== undefined && ranges.some((range) => rangeContains(range, address));
      const { remoteAddress } = socket;
      caller = {
        address: remoteAddress,
        isGateway: isIn(this.ranges),
        isTrusted: isIn(this.trustedProxies),
      };
      this.known.set(socket, caller);
    }
    return caller;
  }

  /**
   * Whether a gateway asks for itself. A question that was forwarded for somebody else came in through a proxy that
   * shows these adapters to the outside: then everybody on the way has to be a gateway, too, and be told.
   */
  isGatewaysOwn(request: CallersRequest): boolean {
    if (!this.callerOf(request).isGateway) return false;
    if (!isForwarded(request.headers)) return true;
    const { address } = resolveForwarded(forwardedFor(request.headers), this.ranges);
    return address !== undefined && this.ranges.some((range) => rangeContains(range, address));
  }
}
