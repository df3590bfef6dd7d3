/** A server that stands in for a panel, and counts what reaches it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { atEnd } from './clean-up.js';

export type Handler = (request: IncomingMessage, response: ServerResponse, form: URLSearchParams) => void;

export class Panel {
  /** The forms that came whole, in order. */
  readonly forms: URLSearchParams[] = [];
  /** All connections that there were, from the first moment on. */
  readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    server.on('connection', (socket: Socket) => this.sockets.push(socket));
  }

  static async start(handler: Handler, tls?: TlsOptions): Promise<Panel> {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        panel.forms.push(form);
        handler(request, response, form);
      });
    };
    const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    const panel = new Panel(server, tls === undefined ? 'http' : 'https');
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => panel.close());
    return panel;
  }

  get url(): URL {
    return new URL(`${this.scheme}://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/api/`);
  }

  get openSockets(): Socket[] {
    return this.sockets.filter((socket) => !socket.destroyed);
  }

  /** @param ms - how long it keeps a connection on which nothing comes */
  set keepAliveMs(ms: number) {
    this.server.keepAliveTimeout = ms;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Answers as a panel does after a command. */
export function answerWith(code: number | string, body: string, type = 'text/html; charset=UTF-8'): Handler {
  return (_request, response) => {
    const status = code === 0 ? (body === '' ? 204 : 200) : 400;
    response.writeHead(status, { 'Hestia-Exit-Code': String(code), 'Content-Type': type }).end(body);
  };
}
