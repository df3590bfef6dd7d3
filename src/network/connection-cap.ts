import { readFileSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { networkOf, parseAddress, rangeContains, type AddressRange } from './address-range.js';
import { isUnixPeer } from './client-address.js';

export interface ConnectionCapOptions {
  /** At a time, of one address (of IPv6: one network of 64 bits). */
  perAddress: number;
  /** They speak for many clients: no limit of addresses counts for them, and none of theirs is ended for another. */
  trustedProxies: readonly AddressRange[];
  /** Whether a decision is under way that is not seen as a request of the server. */
  isDeciding: (socket: Socket) => boolean;
  /** Whether such a one has been answered. */
  hasDecided: (socket: Socket) => boolean;
}

interface Connection {
  /** What HTTP is spoken on: with TLS another than what was accepted. */
  socket: Socket;
  network: string;
  isProxy: boolean;
}

/** What the files, pipes and databases of the service need beside its connections: descriptors. */
const reserved = 256;
/** How many connections are looked at to find the one to end. */
const maxLooks = 64;

/**
 * Caps how many connections are open. Those of one address that are too many are closed at once. Where all together are
 * too many, one without a request that is being answered makes room, so that a new client is served however many
 * connections others hold: one that has never had an answer before one that has, so that silent ones shut out no client
 * that keeps its connection; then one of the address that has the most; then the oldest.
 */
export class ConnectionCap {
  readonly refused = { address: 0, total: 0 };
  /** In their order, by what the other end is. */
  private readonly open = new Map<string, Connection>();
  private readonly byNetwork = new Map<string, number>();
  private readonly answering = new WeakMap<Socket, ServerResponse>();
  /** Of those whose request now is not their first. */
  private readonly answeredBefore = new WeakSet<Socket>();

  private total = Infinity;

  constructor(private readonly options: ConnectionCapOptions) {}

  get count(): number {
    return this.open.size;
  }

  /**
   * Stands before all that the server does with a connection.
   *
   * @param total - how many may be open at a time
   */
  guard(server: Server, total: number): void {
    this.total = total;
    const handlers = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (this.admit(socket)) for (const handle of handlers) handle.call(server, socket);
    });
    if (server instanceof TlsServer) {
      server.prependListener('secureConnection', (socket: Socket) => {
        const connection = this.open.get(keyOf(socket));
        if (connection !== undefined) connection.socket = socket;
      });
    }
    server.prependListener('request', ({ socket }, response) => {
      if (this.answering.get(socket)?.writableFinished === true) this.answeredBefore.add(socket);
      this.answering.set(socket, response);
    });
  }

  private admit(socket: Socket): boolean {
    if (isUnixPeer(socket)) return true;
    const address = parseAddress(socket.remoteAddress ?? '');
    if (address === undefined) return refuse(socket); // it has gone already
    const network = networkOf(address);
    const isProxy = this.options.trustedProxies.some((range) => rangeContains(range, address));
    if (!isProxy && (this.byNetwork.get(network) ?? 0) >= this.options.perAddress) {
      this.refused.address++;
      return refuse(socket);
    }
    if (this.open.size >= this.total && !this.makeRoom()) {
      this.refused.total++;
      return refuse(socket);
    }
    this.add(socket, { socket, network, isProxy });
    return true;
  }

  private add(socket: Socket, connection: Connection): void {
    const key = keyOf(socket);
    const { network } = connection;
    this.open.set(key, connection);
    this.byNetwork.set(network, (this.byNetwork.get(network) ?? 0) + 1);
    socket.once('close', () => {
      if (this.open.get(key) === connection) this.remove(key, connection);
    });
  }

  private remove(key: string, { network }: Connection): void {
    this.open.delete(key);
    const left = (this.byNetwork.get(network) ?? 0) - 1;
    if (left > 0) this.byNetwork.set(network, left);
    else this.byNetwork.delete(network);
  }

  private makeRoom(): boolean {
    const found = this.findSuperfluous();
    if (found === undefined) return false;
    const [key, connection] = found;
    this.remove(key, connection);
    connection.socket.destroy();
    this.refused.total++;
    return true;
  }

  private findSuperfluous(): [string, Connection] | undefined {
    let found: [string, Connection] | undefined;
    let highest = 0;
    let looks = Math.min(maxLooks, this.open.size);
    for (const [key, connection] of this.open) {
      if (looks-- === 0) break;
      // The next search begins behind it.
      this.open.delete(key);
      this.open.set(key, connection);
      if (connection.isProxy || this.isBusy(connection.socket)) continue;
      const ofNetwork = this.byNetwork.get(connection.network) ?? 0;
      const rank = this.hasBeenAnswered(connection.socket) ? ofNetwork : ofNetwork + this.total;
      if (rank > highest) [found, highest] = [[key, connection], rank];
    }
    return found;
  }

  /** A request that has come whole is being answered. One that has not is nothing that a client could rely on yet. */
  private isBusy(socket: Socket): boolean {
    const response = this.answering.get(socket);
    if (response !== undefined && !response.writableFinished && response.req.complete) return true;
    return this.options.isDeciding(socket);
  }

  private hasBeenAnswered(socket: Socket): boolean {
    if (this.answeredBefore.has(socket) || this.options.hasDecided(socket)) return true;
    return this.answering.get(socket)?.writableFinished === true;
  }
}

function keyOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${String(remotePort)}`;
}

function refuse(socket: Socket): false {
  socket.destroy();
  return false;
}

/** How many files this process may have open; undefined where the system doesn't say. */
export function readDescriptorLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** How many connections of those that are wanted the process has descriptors for. */
export function possibleConnections(wanted: number, descriptorLimit = Infinity): number {
  return Math.max(16, Math.min(wanted, descriptorLimit - reserved));
}
