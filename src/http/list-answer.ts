import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
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
  // The client may hang up; what breaks here is told by `resetWhereBroken`.
  pipeline(Readable.from(parts), response, () => undefined);
}

/**
 * The parts of a list. Where reading them fails, the connection is reset before the answer ends it: without chunks
 * (HTTP/1.0, as many proxies ask) the end of a connection is the end of the list, and a part of it would pass as whole.
 *
 * @param onBroken - told what broke
 */
export async function* resetWhereBroken(
  parts: AsyncIterable<string>,
  socket: Socket,
  onBroken: (error: unknown) => void,
): AsyncGenerator<string, void> {
  try {
    yield* parts;
  } catch (error) {
    // A stream is told here, too, that the client hung up.
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
