import type { IncomingHttpHeaders, Server } from 'node:http';
import type { Socket } from 'node:net';
import {
  formatAddress,
  parseAddress,
  rangeContains,
  type Address,
  type AddressRange,
} from './address-range.js';

/** The address that we believe, after proxies. */
export interface ClientAddress {
  /** Undefined when there is none that can be believed. */
  address: Address | undefined;
  /** Its one spelling; empty when there is none. */
  text: string;
}

export interface AddressedRequest {
  /** The address at the other end of the socket; undefined on a Unix socket, and where the other end has gone. */
  socketAddress: string | undefined;
  /** Whether the connection came in at a Unix socket: the other end is a proxy then. */
  isUnixPeer?: boolean;
  /** All `X-Forwarded-For` fields, in their order. */
  forwardedFor: string | undefined;
}

/**
 * The client's address: the socket's, unless that is a trusted proxy's or a Unix socket. Then it is the last address of
 * `X-Forwarded-For` that is not a trusted proxy's, for each proxy adds at the end whom it heard from; what stands
 * before that the client may have made up.
 *
 * @returns no address where the one that counts is not an address
 */
export function resolveClientAddress(
  request: AddressedRequest,
  trustedProxies: readonly AddressRange[],
): ClientAddress {
  if (request.isUnixPeer === true) return resolveForwarded(request.forwardedFor, trustedProxies);
  const address = parseAddress(request.socketAddress ?? '');
  if (address === undefined || !isTrusted(address, trustedProxies)) return clientAddress(address);
  if ((request.forwardedFor ?? '').trim() === '') return clientAddress(address);
  return resolveForwarded(request.forwardedFor, trustedProxies);
}

/** The same where the request is known to come from a proxy, and the client's address only from its header. */
export function resolveForwarded(
  forwardedFor: string | undefined,
  trustedProxies: readonly AddressRange[],
): ClientAddress {
  let address: Address | undefined;
  for (const hop of (forwardedFor ?? '').split(',').reverse()) {
    address = parseAddress(hop.trim());
    if (address === undefined || !isTrusted(address, trustedProxies)) break;
  }
  return clientAddress(address);
}

/** Known from how it came in: a connection over TCP has no address any more once the other end has gone. */
const unixPeers = new WeakSet<Socket>();

/** The connection came in at a Unix socket of HEARTHKEY_LISTEN: only the proxy can open that. */
export function markUnixPeer(socket: Socket): void {
  unixPeers.add(socket);
}

export function isUnixPeer(socket: Socket): boolean {
  return unixPeers.has(socket);
}

/**
 * Has the server read every field of a head. Node.js' default leaves out what stands behind some thousand: so a client
 * could have its proxy's `X-Forwarded-For` left out, and be taken for the proxy. A head has at most 16 KiB.
 */
export function readAllFields(server: Server): void {
  server.maxHeadersCount = 0;
}

/** A client that sends one of these is a proxy that passes on another client's request. */
const forwardingFields = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const;

export function isForwarded(headers: IncomingHttpHeaders): boolean {
  for (const name of forwardingFields) if (headers[name] !== undefined) return true;
  return false;
}

/** All `X-Forwarded-For` fields of a request, in their order. No other header says anything of an address. */
export function forwardedFor(headers: IncomingHttpHeaders): string {
  const fields = headers['x-forwarded-for'];
  return Array.isArray(fields) ? fields.join(',') : (fields ?? '');
}

function isTrusted(address: Address, trustedProxies: readonly AddressRange[]): boolean {
  return trustedProxies.some((range) => rangeContains(range, address));
}

function clientAddress(address: Address | undefined): ClientAddress {
  return { address, text: address === undefined ? '' : formatAddress(address) };
}
