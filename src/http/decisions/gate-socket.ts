import { createServer } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { nodeTimeouts, type HttpTimeouts } from '../../config/http-limits.js';
import { readAllFields } from '../../network/client-address.js';
import { serverOptions, type DecisionAdapters } from './decision-adapters.js';
import { sendProblem } from '../problem.js';
import { listenAt } from '../../network/unix-socket.js';

/** As Fastify has it for TCP. */
const keepAliveMs = 72_000;
const stopGraceMs = 5_000;

/**
 * The Unix socket for a gateway on the same machine: decisions only. Who may open it is told by its file's owner and
 * group (mode 0660).
 */
export class GateSocket {
  private gate: FastifyInstance | undefined;

  constructor(
    private readonly path: string,
    private readonly adapters: DecisionAdapters,
    private readonly timeouts: HttpTimeouts,
  ) {}

  async listen(): Promise<void> {
    this.gate = Fastify({
      ...serverOptions,
      serverFactory: (handler) =>
        createServer({ ...nodeTimeouts(this.timeouts), keepAliveTimeout: keepAliveMs }, handler),
    });
    readAllFields(this.gate.server);
    this.gate.setNotFoundHandler((_request, reply) =>
      sendProblem(reply, { status: 404, detail: 'There is no such thing; this socket only decides' }),
    );
    this.adapters.register(this.gate, true);
    await this.gate.ready();
    await listenAt(this.gate.server, { setting: 'HEARTHKEY_GATE_SOCKET', path: this.path, mode: 0o660 });
  }

  async close(): Promise<void> {
    const { gate } = this;
    if (gate === undefined) return;
    const hasClosed = new Promise<void>((resolve) => gate.server.close(() => resolve()));
    // A decision takes no longer; a client that has not asked by then is not waited for.
    setTimeout(() => gate.server.closeAllConnections(), stopGraceMs).unref();
    await hasClosed;
    await gate.close();
  }
}
