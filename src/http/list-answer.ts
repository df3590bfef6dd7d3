import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Sends a list as its parts come. */
export function sendParts(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  parts: AsyncIterable<string>,
): void {
  response.writeHead(status, headers);
  // The client may hang up; `resetWhereBroken` reports other errors.
  pipeline(Readable.from(parts), response, () => undefined);
}

/** Whether the end of the connection is the end of an answer that is sent in parts: HTTP/1.0 knows no chunks. */
export function endsWithConnection({ httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0';
}

/** A list as one text, for a client that could not tell a part of it from the whole. */
export async function wholeList(parts: AsyncIterable<string>): Promise<string> {
  const read: string[] = [];
  for await (const part of parts) read.push(part);
  return read.join('');
}

/**
 * The parts of a list. Where reading them fails, the connection is reset before the answer ends it. Otherwise a client
 * or a proxy that does not look at the end of the chunks, or speaks HTTP/1.0, would take a part of the list for the whole.
 *
 * @param onBroken - called with the error
 */
export async function* resetWhereBroken(
  parts: AsyncIterable<string>,
  socket: Socket,
  onBroken: (error: unknown) => void,
): AsyncGenerator<string, void> {
  try {
    yield* parts;
  } catch (error) {
    // A client that hangs up ends the parts with an error too.
    if (!socket.destroyed) {
      onBroken(error);
      reset(socket);
    }
    throw error;
  }
}

function reset(socket: Socket): void {
  // TLS says at the end that it is one, unless it is torn off. A Unix socket knows no reset.
  if (socket instanceof TLSSocket || socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
