/** A request written byte for byte as recorded, and the answer as it came. */
import { connect, type Socket } from 'node:net';
import { codeOf, type HttpAnswer } from './compare.js';
import type { RecordedRequest } from './corpus.js';

const ANSWER_TIMEOUT_MS = 60_000;

/** The bytes of a request: the recorded headers, and those without which it wouldn't be one. */
export function requestBytes(request: RecordedRequest, body: Buffer): Buffer {
  const lines = [`${request.method} ${request.path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close'];
  if (request.content_type !== null) lines.push(`Content-Type: ${request.content_type}`);
  for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${value}`);
  if (body.length > 0 || request.method !== 'GET') lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** Sends bytes to a port of this machine and reads one answer. */
export async function exchange(port: number, bytes: Buffer, method: string): Promise<HttpAnswer> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.write(bytes);
  return parseAnswer(await readAll(socket), method);
}

/** Takes an answer apart; the body is what Content-Length or the chunks say, else all up to the end. */
export function parseAnswer(bytes: Buffer, method: string): HttpAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1)
    throw new Error(`no HTTP answer: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`);
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error(`no HTTP status line: ${JSON.stringify(statusLine)}`);
  if (status === 100) return parseAnswer(bytes.subarray(end + 4), method);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const rest = bytes.subarray(end + 4);
  const body =
    method === 'HEAD' || status === 204 || status === 304 ? Buffer.alloc(0) : bodyOf(headers, rest);
  return { adapter: 'http', status, code: codeOf(headers.get('hestia-exit-code')), headers, body };
}

function bodyOf(headers: ReadonlyMap<string, string>, rest: Buffer): Buffer {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return unchunked(rest);
  const length = headers.get('content-length');
  if (length === undefined) return rest;
  if (rest.length < Number(length)) throw new Error('the answer was cut off');
  return rest.subarray(0, Number(length));
}

function unchunked(rest: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (lineEnd === -1 || Number.isNaN(size)) throw new Error('the answer was cut off');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** Everything until the other side closes; an answer that came whole before a reset counts. */
function readAll(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}
