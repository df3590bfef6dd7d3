import { chownSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { findGroupId, type ListenPlace } from '../config/listen-setting.js';
import { listenAt } from './unix-socket.js';
import { markUnixPeer } from './client-address.js';

/** Connections that come at once: beyond 511, as is usual, the system drops them, and clients wait for seconds. */
const backlog = 4096;
const mode = 0o660;
const setting = 'HEARTHKEY_LISTEN';

/**
 * Serves one HTTP server at all places of HEARTHKEY_LISTEN. The server itself listens at the first address, because
 * its time limits run only while it listens; what comes at the other places is handed to it. A Unix socket never has TLS.
 */
export class Listeners {
  private readonly others: NetServer[] = [];

  constructor(
    private readonly server: Server,
    private readonly places: readonly ListenPlace[],
    /** Of Unix sockets; undefined: the service's own. */
    private readonly group: string | undefined,
  ) {}

  /** @returns where it listens, the first address first, with the ports that it really got */
  async listen(): Promise<string[]> {
    const first = this.places.find((place) => 'port' in place) ?? this.places[0];
    const found: string[] = [];
    for (const place of this.places) {
      const isFirst = place === first;
      const url =
        'path' in place
          ? await this.listenAtPath(place.path, isFirst)
          : await this.listenAtAddress(place, isFirst);
      if (isFirst) found.unshift(url);
      else found.push(url);
    }
    return found;
  }

  /** Nothing is accepted any more; resolves when what was accepted at the other places has ended. */
  async close(): Promise<void> {
    await Promise.all(
      this.others.map((other) => new Promise<void>((resolve) => other.close(() => resolve()))),
    );
  }

  private async listenAtPath(path: string, isFirst: boolean): Promise<string> {
    const server = isFirst ? this.server : this.handingOn('secureConnection');
    server.prependListener('connection', markUnixPeer);
    const group = this.group === undefined ? undefined : findGroupId(this.group);
    await listenAt(server, { setting, path, mode });
    if (group !== undefined) this.giveTo(path, group);
    return `unix:${path}`;
  }

  private giveTo(path: string, group: number): void {
    try {
      chownSync(path, process.geteuid?.() ?? -1, group);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      throw new Error(`HEARTHKEY_LISTEN_GROUP: ${path} can't be given to it: ${code}`, { cause: error });
    }
  }

  private async listenAtAddress(place: { host: string; port: number }, isFirst: boolean): Promise<string> {
    const server = isFirst ? this.server : this.handingOn('connection');
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, place)));
      server.listen({ ...place, backlog }, resolve);
    });
    const { address, family, port } = server.address() as AddressInfo;
    const scheme = this.server instanceof TlsServer ? 'https' : 'http';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
  }

  /** @param withTls - the event of a server with TLS that such a connection is */
  private handingOn(withTls: 'connection' | 'secureConnection'): NetServer {
    const event = this.server instanceof TlsServer ? withTls : 'connection';
    const other = createServer({ noDelay: true }, (socket: Socket) => this.server.emit(event, socket));
    this.others.push(other);
    return other;
  }
}

const listenReasons = {
  EADDRNOTAVAIL: 'this machine has no such address (EADDRNOTAVAIL)',
  EACCES: 'this user may not listen at a port below 1024 (EACCES)',
} as const;

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  const place = `${host}:${String(port)}`;
  if (error.code === 'EADDRINUSE')
    return new Error(`HEARTHKEY_LISTEN: the address ${place} is in use by another process; set another one`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES')
    return new Error(`HEARTHKEY_LISTEN: the address ${place} can't be used: ${listenReasons[error.code]}`);
  return error;
}
