import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../../config/config.js';
import { isLoopbackName } from '../../../config/public-url.js';
import { parseAddress, rangeContains } from '../../../network/address-range.js';
import { isForwarded, isUnixPeer } from '../../../network/client-address.js';

/**
 * - `https`: the browser speaks TLS, with the service or with a trusted proxy before it
 * - `loopback`: plain HTTP that leaves this machine nowhere
 * - `open`: anything else; no session is begun or accepted there
 */
export type Transport = 'https' | 'loopback' | 'open';

type Asked = Pick<FastifyRequest, 'socket' | 'headers'>;

export function transportOf(
  { socket, headers }: Asked,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Transport {
  if ((socket as Partial<TLSSocket>).encrypted === true) return 'https';
  const address = parseAddress(socket.remoteAddress ?? '');
  const isTrusted =
    isUnixPeer(socket) ||
    (address !== undefined && trustedProxies.some((range) => rangeContains(range, address)));
  // Each proxy adds at the end; the last one is the one that is trusted.
  const said = [headers['x-forwarded-proto'] ?? []].flat().join(',').split(',').at(-1)?.trim().toLowerCase();
  if (isTrusted && said === 'https') return 'https';
  const isLocal = address !== undefined && isLoopbackName(hostNameOf(socket.remoteAddress ?? ''));
  // A page that has its name changed to this machine's address sends its own name.
  const isOwnName = isLoopbackName(hostOf(headers).replace(/:\d+$/, ''));
  return isLocal && isOwnName && !isForwarded(headers) ? 'loopback' : 'open';
}

/**
 * Whether a page of the service itself sent the request, as its browser says; undefined: nothing says so, for it is no
 * browser's, or an old one's.
 */
export function isFromOwnPage(
  request: Asked,
  config: Pick<Config, 'trustedProxies' | 'publicUrl'>,
): boolean | undefined {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined) return undefined;
  const scheme = transportOf(request, config) === 'https' ? 'https' : 'http';
  return origin === config.publicUrl || origin === `${scheme}://${hostOf(request.headers)}`;
}

function hostOf({ host = '' }: Asked['headers']): string {
  return host.toLowerCase();
}

/** An address as it stands in a URL. */
function hostNameOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return bare.includes(':') ? `[${bare}]` : bare;
}
