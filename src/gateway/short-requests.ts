import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Longer bodies take the usual way; shorter ones count in no budget (body-budget.ts). Bytes. */
const bodyLimitBytes = 16_384;
const contentLengthPattern = /^\d{1,5}$/;
const noContent = 204;

/** A request whose body has come. */
export interface ReadRequest {
  method: string;
  headers: IncomingHttpHeaders;
  socket: Socket;
  body: Buffer;
}

/** Names of headers are in lower case, as the framework writes them. */
export interface WholeAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * The short way of a POST with a short body: from Node.js' server to a dialect and back, without the framework's
 * layers. Everything else takes the usual way; the answers are the same.
 */
export function answerShortRequests(
  server: FastifyInstance,
  paths: ReadonlySet<string>,
  answer: (request: ReadRequest, message: IncomingMessage) => Promise<WholeAnswer>,
): void {
  server.addHook('onReady', (done) => {
    const { server: http } = server;
    const usual = http.listeners('request') as ((...args: unknown[]) => void)[];
    http.removeAllListeners('request');
    http.on('request', (request, response) => {
      // A server that closes tells its clients so, on the usual way.
      if (http.listening && paths.has(request.url ?? '') && isShortPost(request)) {
        readBody(request, (body) => {
          const { method = '', headers, socket } = request;
          answer({ method, headers, socket, body }, request)
            .then((whole) => send(response, whole))
            .catch(() => response.destroy()); // should it ever reject, nobody else is harmed
        });
      } else for (const handle of usual) handle.call(http, request, response);
    });
    done();
  });
}

function isShortPost({ method, headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  if (method !== 'POST' || length === undefined || !contentLengthPattern.test(length)) return false;
  return Number(length) <= bodyLimitBytes;
}

/** A request that is cut off is never read to its end, and nobody is there to be answered. */
function readBody(request: IncomingMessage, onBody: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onBody(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
}

function send(response: ServerResponse, { status, headers, body }: WholeAnswer): void {
  // Without a body there is nothing to say of it.
  const about: OutgoingHttpHeaders = { ...headers };
  if (status === noContent) delete about['content-type'];
  else about['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, about).end(body);
}
