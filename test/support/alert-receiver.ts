/** A receiver of webhooks that verifies each message as its users would: with the package `standardwebhooks`. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { atEnd } from './clean-up.js';

export interface ReceivedAlert {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown> & { event: number; accessKeyId?: string };
}

const running = new Set<AlertTestReceiver>();

export class AlertTestReceiver {
  /** In the order of their arrival, repeats included; only what was verified and answered with 2xx. */
  readonly alerts: ReceivedAlert[] = [];
  /** Messages whose signature was wrong. */
  refused = 0;
  requests = 0;
  /** Statuses of the next answers; 204 when there are none. */
  readonly statuses: number[] = [];
  location = '';
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  /** @param secret - the one that it verifies with; it may be changed */
  constructor(public secret: string) {}

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}/hook`;
  }

  /** Without repeats, in the order of the first arrival. */
  get once(): ReceivedAlert[] {
    const seen = new Set<string>();
    return this.alerts.filter(({ id }) => !seen.has(id) && seen.add(id));
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        this.requests++;
        const status = this.statuses.shift() ?? this.take(Buffer.concat(pieces).toString(), request.headers);
        response.writeHead(status, this.location === '' ? {} : { Location: this.location }).end();
      });
    });
    server.on('connection', (socket: Socket) => {
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

  private take(body: string, headers: NodeJS.Dict<string | string[]>): number {
    try {
      const verified = new Webhook(this.secret).verify(body, headers as Record<string, string>);
      this.alerts.push({ id: String(headers['webhook-id']), ...(verified as Omit<ReceivedAlert, 'id'>) });
      return 204;
    } catch {
      this.refused++;
      return 401;
    }
  }
}

atEnd(async () => {
  for (const receiver of running) await receiver.stop();
});
