import type { Server } from 'node:http';
import { formatAddress, parseAddress, rangeContains, type AddressRange } from './address-range.js';

/** Any client can send the header: so many addresses are remembered, those that send it most. */
const maxRemembered = 64;
/** Each once; then doctor tells of the rest. */
const maxLogged = 8;

/** A sender of `X-Forwarded-For` whose header counts for nothing. */
export interface UntrustedProxy {
  address: string;
  /** Requests with the header since the service started, or since it was remembered. */
  count: number;
}

/**
 * Remembers who sends `X-Forwarded-For` without being a trusted proxy. Such a header is ignored, so a proxy that was
 * forgotten in HEARTHKEY_TRUSTED_PROXIES looks like one client that makes all requests, and nothing else says so.
 */
export class UntrustedProxies {
  private readonly counts = new Map<string, number>();
  private logged = 0;

  constructor(
    private readonly trustedProxies: readonly AddressRange[],
    private readonly onFirst: (address: string) => void,
  ) {}

  /** Looks at the requests to the API. The adapters that decide have rules of their own about the header. */
  watch(server: Server): void {
    // After the server's own listeners are set, which may be replaced until then.
    server.once('listening', () => {
      server.prependListener('request', ({ url = '', headers, socket }) => {
        if (headers['x-forwarded-for'] === undefined || !url.startsWith('/api')) return;
        this.note(socket.remoteAddress);
      });
    });
  }

  /** @param socketAddress - undefined on a Unix socket */
  note(socketAddress: string | undefined): void {
    const address = parseAddress(socketAddress ?? '');
    if (address === undefined || this.trustedProxies.some((range) => rangeContains(range, address))) return;
    const text = formatAddress(address);
    const known = this.counts.get(text);
    if (known === undefined) this.begin(text);
    this.counts.set(text, (known ?? 0) + 1);
  }

  /** Those that sent it most come first. */
  list(): UntrustedProxy[] {
    const found = [...this.counts].map(([address, count]) => ({ address, count }));
    return found.sort((one, other) => other.count - one.count);
  }

  private begin(address: string): void {
    if (this.counts.size >= maxRemembered) this.counts.delete(this.list().at(-1)?.address ?? '');
    if (this.logged >= maxLogged) return;
    this.logged++;
    this.onFirst(address);
  }
}
