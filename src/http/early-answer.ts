import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** For how long, and how many bytes, a client that was answered early may go on sending. */
const lingerMs = 2_000;
const lingerBytes = 4_194_304;
const lookMs = 50;

/** Connections whose last answer is on its way: what else comes on them is no request. */
const ending = new WeakSet<Socket>();

/** Requests that wait for `100 Continue`. */
const waiting = new WeakSet<IncomingMessage>();

export function isEnding({ socket }: IncomingMessage): boolean {
  return ending.has(socket);
}

/** Has a client that asks for it wait with its body until `beginBody`. */
export function holdBody(request: IncomingMessage): void {
  waiting.add(request);
}

/** Call it before a body is read. */
export function beginBody(request: IncomingMessage, response: ServerResponse): void {
  if (waiting.delete(request)) response.writeContinue();
}

/** What has come of a body together with its head. */
export async function receivedPart(request: IncomingMessage): Promise<{ bytes: Buffer; isWhole: boolean }> {
  // With TLS head and body may be two records, which are read one after the other.
  await nextTurn();
  const bytes = (request.read() as Buffer | null) ?? Buffer.alloc(0);
  return { bytes, isWhole: request.complete };
}

/** Whether there is a body to come, as the head has it. */
export function announcesBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || Number(length) !== 0;
}

/**
 * Has the connection end with the answer, because the rest of the body is not read. It is closed softly: a client that
 * still sends would lose an answer that is followed by a reset.
 */
export function endConnection(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (ending.has(socket)) return;
  ending.add(socket);
  if (!response.headersSent) response.setHeader('connection', 'close');
  // Node.js calls it when the answer has been written.
  socket.destroySoon = () => linger(socket, request);
}

function linger(socket: Socket, request: IncomingMessage): void {
  if (request.complete) {
    socket.end(() => socket.destroy());
    return;
  }
  const [startedMs, startedBytes] = [performance.now(), socket.bytesRead];
  const timer = setInterval(() => {
    if (performance.now() - startedMs > lingerMs || socket.bytesRead - startedBytes > lingerBytes)
      socket.destroy();
  }, lookMs).unref();
  socket.once('close', () => clearInterval(timer)).end();
  request.once('end', () => socket.destroy()).resume();
}
