import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Of all connections together, in a turn of the event loop: some milliseconds, then others have theirs. */
const perTurn = 8;
/** Where so many of a connection wait, nothing more is read from it. One read may bring more: then those wait too. */
const mostOfConnection = 64;
/** Above that they are not kept: they begin at once, as if there were no limit. */
const mostOfAll = 16_384;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Waiting = () => void;

/**
 * Spreads requests that a client sends before it has the answers of those before them. Node.js' server begins all that
 * one read brings in one turn, up to 1,600 in 64 KiB, and everybody else waits for that. Here they begin a few in each
 * turn, by turns between connections. Answers keep their order. A client that waits for its answers notices nothing.
 */
export class PipelinedRequests {
  private readonly newest = new WeakMap<Socket, ServerResponse>();
  private readonly watched = new WeakSet<Socket>();
  /** The connection whose turn it is comes first. */
  private readonly waiting = new Map<Socket, Waiting[]>();
  private count = 0;
  private isDue = false;

  /** Stands before all that the server does with a request. */
  spread(server: Server): void {
    const handlers = server.listeners('request') as Handler[];
    const begin: Handler = (request, response) => {
      for (const handle of handlers) handle.call(server, request, response);
    };
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      const before = this.newest.get(socket);
      this.newest.set(socket, response);
      const isPipelined = before !== undefined && !before.writableFinished;
      if (isPipelined && this.count < mostOfAll) this.keep(socket, () => begin(request, response));
      else begin(request, response);
    });
  }

  private keep(socket: Socket, begin: Waiting): void {
    const own = this.waiting.get(socket) ?? [];
    own.push(begin);
    this.count++;
    this.waiting.set(socket, own);
    this.watch(socket);
    if (own.length >= mostOfConnection) socket.pause();
    this.goOnLater();
  }

  private watch(socket: Socket): void {
    if (this.watched.has(socket)) return;
    this.watched.add(socket);
    // Node.js resumes a connection when the body of a request is read.
    socket.on('resume', () => {
      if ((this.waiting.get(socket)?.length ?? 0) >= mostOfConnection) socket.pause();
    });
    socket.once('close', () => {
      this.count -= this.waiting.get(socket)?.length ?? 0;
      this.waiting.delete(socket);
    });
  }

  private goOnLater(): void {
    if (this.isDue || this.waiting.size === 0) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      for (let left = perTurn; left > 0; left--) this.beginNext();
      this.goOnLater();
    });
  }

  private beginNext(): void {
    const [next] = this.waiting;
    if (next === undefined) return;
    const [socket, own] = next;
    const begin = own.shift();
    this.count--;
    this.waiting.delete(socket);
    if (own.length > 0) this.waiting.set(socket, own);
    if (own.length === mostOfConnection - 1) socket.resume();
    if (!socket.destroyed) begin?.();
  }
}
