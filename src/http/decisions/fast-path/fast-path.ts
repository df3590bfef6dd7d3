import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Authorizer } from '../../../authorization/authorize.js';
import { decideFor, type GateQuestion } from '../decision-answer.js';
import type { GateCaller } from '../gate-callers.js';
import { FastPathConnection } from './fast-path-connection.js';
import { PlainRequestReader } from './plain-request.js';

/** Whoever is still being decided about by then gets no answer. */
const stopGraceMs = 5_000;

/**
 * The short way for what gateways ask all day: from the socket to the decision and back. What HTTP is on it is read by
 * `PlainRequestReader`; a connection on which anything else comes goes on with Node.js' own server and the framework.
 * Connections of anybody but gateways begin there.
 */
export class FastPath {
  private readonly open = new Map<Socket, FastPathConnection>();
  private readonly reader = new PlainRequestReader();
  private isClosing = false;

  constructor(
    private readonly authorizer: Authorizer,
    private readonly callerOf: (connection: { socket: Socket }) => GateCaller,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Puts the short way before the usual one. */
  putBefore(server: Server): void {
    const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
    const handlers = server.listeners(event) as ((socket: Socket) => void)[];
    const handOver = (socket: Socket): void => {
      this.open.delete(socket);
      for (const handle of handlers) handle.call(server, socket);
    };
    server.removeAllListeners(event);
    server.on(event, (socket: Socket) => {
      const caller = this.callerOf({ socket });
      if (this.isClosing || !caller.isGateway) {
        handOver(socket);
        return;
      }
      const decide = (question: GateQuestion) => decideFor(this.authorizer, question, caller);
      const { reader, onError } = this;
      const limits = { keepAliveMs: server.keepAliveTimeout, firstWordMs: server.headersTimeout };
      const parts = { reader, decide, handOver, onError, ...limits };
      this.open.set(socket, new FastPathConnection(socket, parts));
      socket.once('close', () => this.open.delete(socket));
    });
  }

  isDeciding(socket: Socket): boolean {
    return this.open.get(socket)?.isDeciding === true;
  }

  /** Ends what is silent, and everything else once it is answered. Who comes from now on takes the usual way. */
  close(): void {
    this.isClosing = true;
    for (const connection of this.open.values()) connection.end();
    setTimeout(() => {
      for (const socket of this.open.keys()) socket.destroy();
    }, stopGraceMs).unref();
  }
}
