/** A receiver of webhooks that verifies each message as its users would: with the package `standardwebhooks`. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Certificate } from './certificates.js';
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

  /** Messages are neither taken nor answered. */
  isSilent = false;

  /**
   * @param secret - the one that it verifies with; it may be changed
   * @param certificate - for TLS
   */
  constructor(
    public secret: string,
    private readonly certificate?: Certificate,
  ) {}

  get url(): string {
    const scheme = this.certificate === undefined ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${String(this.port)}/hook`;
  }

  /** Without repeats, in the order of the first arrival. */
  get once(): ReceivedAlert[] {
    const seen = new Set<string>();
    return this.alerts.filter(({ id }) => !seen.has(id) && seen.add(id));
  }

  /** Again on the same port after a stop. */
  async start(): Promise<this> {
    const onRequest: RequestListener = (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        this.requests++;
        if (this.isSilent) return;
        const status = this.statuses.shift() ?? this.take(Buffer.concat(pieces).toString(), request.headers);
        const upgrade = status === 101 ? { Connection: 'Upgrade', Upgrade: 'x' } : {};
        const location = this.location === '' ? {} : { Location: this.location };
        response.writeHead(status, { ...upgrade, ...location }).end();
      });
    };
    const { certFile = '', keyFile = '' } = this.certificate ?? {};
    const server =
      this.certificate === undefined
        ? createServer(onRequest)
        : createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, onRequest);
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
