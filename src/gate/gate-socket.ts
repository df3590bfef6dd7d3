import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { serverOptions, type GateFaces } from './gate-faces.js';
import { sendProblem } from './problem.js';

/** Longer paths can't be bound on Linux. */
const maxPathBytes = 107;
const requestTimeoutMs = 30_000;
const stopGraceMs = 5_000;

/**
 * The Unix socket for a gateway on the same machine: decisions only. Who may open it is told by its file's owner and
 * group (mode 0660).
 */
export class GateSocket {
  private gate: FastifyInstance | undefined;

  constructor(
    private readonly path: string,
    private readonly faces: GateFaces,
  ) {}

  async listen(): Promise<void> {
    if (Buffer.byteLength(this.path) > maxPathBytes) {
      throw new Error(`HEARTHKEY_GATE_SOCKET: ${this.path} is longer than ${String(maxPathBytes)} bytes`);
    }
    await makeWay(this.path);
    this.gate = Fastify({
      ...serverOptions,
      serverFactory: (handler) => createServer({ requestTimeout: requestTimeoutMs }, handler),
    });
    this.gate.setNotFoundHandler((_request, reply) =>
      sendProblem(reply, { status: 404, detail: 'There is no such thing; this socket only decides' }),
    );
    this.faces.register(this.gate, true);
    await this.gate.ready();
    await bind(this.gate.server, this.path);
  }

  async close(): Promise<void> {
    const { gate } = this;
    if (gate === undefined) return;
    const hasClosed = new Promise<void>((resolve) => gate.server.close(() => resolve()));
    // A decision takes no longer; whoever has not even asked by then is not waited for.
    setTimeout(() => gate.server.closeAllConnections(), stopGraceMs).unref();
    await hasClosed;
    await gate.close();
  }
}

/** Takes a socket away that a killed service left behind; throws where anything else is in the way. */
async function makeWay(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) throw new Error(`HEARTHKEY_GATE_SOCKET: ${path} exists and is no socket`);
  const isInUse = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
  if (isInUse) throw new Error(`HEARTHKEY_GATE_SOCKET: ${path} is in use by another process`);
  rmSync(path);
}

async function bind(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(`HEARTHKEY_GATE_SOCKET: ${path} can't be used: ${error.code ?? ''}`, { cause: error }),
      ),
    );
    // A path is bound before `listen` returns: there is no moment in which others could open it.
    const before = process.umask(0o117);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
  chmodSync(path, 0o660);
}
