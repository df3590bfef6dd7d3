import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Authorizer } from '../../../authorization/authorize.js';
import { decideFor, type GateQuestion } from '../decision-answer.js';
import type { GateCaller } from '../gate-callers.js';
import { FastPathConnection, type FastPathAnswer } from './fast-path-connection.js';
import { PlainRequestReader } from './plain-request.js';

/** A request that is still being decided about by then gets no answer. */
const stopGraceMs = 5_000;

export interface FastPathParts {
  authorizer: Authorizer;
  callerOf: (connection: { socket: Socket }) => GateCaller;
  onError: (error: unknown) => void;
  /** Added to: requests that were answered here, and connections that went on with the server. */
  counts: { requests: number; handedOver: number };
  /** Told of each answer. Undefined: requests are not logged. */
  onAnswered?: (answered: FastPathAnswer) => void;
}

/**
 * The fast path of `POST /v1/authorize`.
 *
 * What it is: gateways ask the same plain question all day, on connections that they keep open. Such a request is read
 * from the socket, decided and answered without Node.js' HTTP parser and without the framework. That is about half of
 * the work of a request (`npm run bench -- authorize`).
 *
 * Why it is safe: `PlainRequestReader` knows one spelling of one request and nothing else; what it takes, Node.js'
 * parser reads as the same request of the same length, and the answers are the same to the byte (tests compare both).
 * With the first request that is anything else the connection is handed over to the server, with every byte of that
 * request, and never comes back. Connections of clients that are not gateways begin at the server. The decision, its
 * record and its limits are the same: both ways call `decideFor`.
 *
 * How to turn it off: HEARTHKEY_FAST_PATH=no. The metrics `hearthkey_fast_path_requests_total` and
 * `hearthkey_fast_path_handed_over_total` show how much it takes.
 */
export class FastPath {
  private readonly open = new Map<Socket, FastPathConnection>();
  private readonly reader = new PlainRequestReader();
  private isClosing = false;

  constructor(private readonly parts: FastPathParts) {}

  /** Has the server's connections begin here. */
  putBefore(server: Server): void {
    const { callerOf, authorizer, counts, onError, onAnswered } = this.parts;
    const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
    const handlers = server.listeners(event) as ((socket: Socket) => void)[];
    const serve = (socket: Socket): void => {
      for (const handle of handlers) handle.call(server, socket);
    };
    const handOver = (socket: Socket): void => {
      counts.handedOver++;
      this.open.delete(socket);
      serve(socket);
    };
    server.removeAllListeners(event);
    server.on(event, (socket: Socket) => {
      const caller = callerOf({ socket });
      if (this.isClosing || !caller.isGateway) {
        serve(socket);
        return;
      }
      const decide = (question: GateQuestion) => decideFor(authorizer, question, caller);
      const limits = { keepAliveMs: server.keepAliveTimeout, firstWordMs: server.headersTimeout };
      const parts = { reader: this.reader, decide, handOver, onError, counts, ...limits };
      this.open.set(
        socket,
        new FastPathConnection(socket, onAnswered === undefined ? parts : { ...parts, onAnswered }),
      );
      socket.once('close', () => this.open.delete(socket));
    });
  }

  isDeciding(socket: Socket): boolean {
    return this.open.get(socket)?.isDeciding === true;
  }

  hasDecided(socket: Socket): boolean {
    return this.open.get(socket)?.hasAnswered === true;
  }

  /** Ends what is silent, and everything else once it is answered. New connections go to the server. */
  close(): void {
    this.isClosing = true;
    for (const connection of this.open.values()) connection.end();
    setTimeout(() => {
      for (const socket of this.open.keys()) socket.destroy();
    }, stopGraceMs).unref();
  }
}
