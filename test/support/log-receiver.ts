/** Receivers of the audit record: real servers for syslog over TCP and TLS, and for JSON lines over HTTPS. */
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:tls';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { atEnd } from './clean-up.js';
import type { Certificate } from './certificates.js';

export interface ReceivedEvent {
  seq: number;
  chain: string;
  [member: string]: unknown;
}

const running = new Set<LogReceiver>();

export class LogReceiver {
  /** What arrived, as text: messages of syslog without their length, lines of HTTPS. */
  readonly texts: string[] = [];
  /** Requests of HTTPS, as their header had it. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** Statuses of the next answers; 200 when there are none. */
  readonly statuses: number[] = [];
  /** Connections of syslog are cut once they have sent so much, before it counts as read. */
  cutAfterBytes = Infinity;
  private server: Server | HttpsServer | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(
    private readonly kind: 'https' | 'syslog+tcp' | 'syslog+tls',
    private readonly certificate?: Certificate,
  ) {}

  get url(): string {
    return `${this.kind}://127.0.0.1:${String(this.port)}${this.kind === 'https' ? '/ingest' : ''}`;
  }

  /** The event of each message: for JSON as it was recorded. */
  get events(): ReceivedEvent[] {
    return this.texts.map((text) => JSON.parse(text.slice(text.indexOf('{'))) as ReceivedEvent);
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const server = this.createServer();
    server.on(this.kind === 'syslog+tls' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    running.add(this);
    return this;
  }

  async stop(): Promise<void> {
    running.delete(this);
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private createServer(): Server | HttpsServer {
    if (this.kind === 'syslog+tcp') return createTcpServer((socket) => this.readFrames(socket));
    const { certFile = '', keyFile = '' } = this.certificate ?? {};
    const material = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    if (this.kind === 'syslog+tls') return createTlsServer(material, (socket) => this.readFrames(socket));
    return createHttpsServer(material, (request, response) => this.answer(request, response));
  }

  private readFrames(socket: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      if (socket.bytesRead > this.cutAfterBytes) {
        socket.destroy();
        return;
      }
      rest = Buffer.concat([rest, piece]);
      for (;;) {
        const space = rest.indexOf(' ');
        const length = Number(rest.toString('latin1', 0, Math.max(0, space)));
        if (space === -1 || rest.length < space + 1 + length) return;
        this.texts.push(rest.toString('utf8', space + 1, space + 1 + length));
        rest = rest.subarray(space + 1 + length);
      }
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      this.headers.push(request.headers);
      this.texts.push(
        ...Buffer.concat(pieces)
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== ''),
      );
      response.writeHead(this.statuses.shift() ?? 200).end('thank you');
    });
  }
}

atEnd(async () => {
  for (const receiver of running) await receiver.stop();
});
