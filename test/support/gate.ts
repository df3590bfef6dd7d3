/** What a gateway asks, over TCP or over the gate socket, and a server that stands behind one. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from './clean-up.js';
import { patienceMs } from './waiting.js';
import type { CallOptions, Client, HttpAnswer } from './client.js';

export interface JsonAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  json: unknown;
}

/** Posts JSON; a text goes out as it is. */
export async function postJson(
  client: Client,
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<JsonAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', ...options.headers };
  return asJson(await client.request('POST', path, text, { ...options, headers }));
}

function asJson({ status, headers, body }: HttpAnswer): JsonAnswer {
  return { status, headers, json: JSON.parse(body) as unknown };
}

/** The same over a Unix socket. */
export function askSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const request = httpRequest({
      ...{ socketPath, method, path, agent: false, timeout: patienceMs },
      headers: { ...json, ...headers },
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What reached the server behind a gateway. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real server to stand behind a gateway: it answers with what reached it, and keeps it. */
export async function startUpstream(): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body };
      received.push(one);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(one));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, received };
}
