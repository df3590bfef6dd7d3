/** How inputs get to a service over HTTP. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { patienceMs } from '../support/waiting.js';
import { Finding, inside } from './adapter.js';

export interface Outgoing {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[]>>;
  body?: Buffer;
}

export interface Incoming {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** A command that the panel does not have: docs/rest-dialect.md. Nothing here is ever too busy, or without its store. */
const notImplemented = 501;

export class HttpPort {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly port: number) {}

  /** @throws Finding for an answer that no request may get */
  async send(outgoing: Outgoing): Promise<Incoming> {
    const answer = await this.ask(outgoing).catch((error: unknown) => {
      throw new Finding(`no answer: ${String(error)}`, shown(outgoing));
    });
    if (answer.status >= 500 && answer.status !== notImplemented)
      throw new Finding(`answered ${String(answer.status)}`, shown(outgoing));
    // An error that nobody expected ends with the code of a store that can't be used.
    if (answer.headers['hestia-exit-code'] === '17')
      throw new Finding('answered with code 17', shown(outgoing));
    if (inside.test(answer.body))
      throw new Finding(`the answer tells of the inside: ${answer.body.slice(0, 200)}`, shown(outgoing));
    return answer;
  }

  close(): void {
    this.agent.destroy();
  }

  private ask({ method, path, headers: given, body }: Outgoing): Promise<Incoming> {
    return new Promise((resolve, reject) => {
      const { agent, port } = this;
      // Node.js sends none of its own with a GET or a DELETE.
      const headers = { ...given, 'Content-Length': String(body?.length ?? 0) };
      const request = httpRequest({ agent, port, method, path, headers, timeout: patienceMs }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.end(body);
    });
  }
}

export function shown({ body, ...rest }: Outgoing): unknown {
  return { ...rest, body: body?.toString() };
}

/** A header's value as Node.js lets it out; what is beyond goes through `converse`. */
export function sendable(value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}

let source = 0;

/**
 * All that comes back for these bytes, which are read one piece after the other, until the other end has ended.
 *
 * @param idleMs - where nothing comes for so long, nothing more is said: so ends a request that is not whole
 */
export function converse(port: number, pieces: readonly Buffer[], idleMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // A connection that has ended keeps its port for a minute; each address has ports of its own.
    const localAddress = `127.0.${String(1 + ((source >> 8) % 200))}.${String(1 + (source++ % 250))}`;
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    let text = '';
    let hasSaidAll = false;
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.setTimeout(idleMs, () => {
      if (hasSaidAll) socket.destroy(new Error('the connection was left open'));
      hasSaidAll = true;
      socket.setTimeout(patienceMs).end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Both refuse what they don't read by closing; when that is noticed depends on the moment.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(text);
      else reject(error);
    });
    socket.on('close', () => resolve(text));
    const next = (index: number): void => {
      const piece = pieces[index];
      // The other side may have ended the connection, or been silent for too long between two pieces.
      if (piece !== undefined && socket.writable) socket.write(piece, () => setImmediate(next, index + 1));
    };
    socket.on('connect', () => next(0));
  });
}
