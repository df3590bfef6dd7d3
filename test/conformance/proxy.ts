/** A small reverse proxy at a trusted address, which says where its client is. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The only address that the services trust. */
export const PROXY_ADDRESS = '127.0.0.2';

/** How a client address is written into X-Forwarded-For: a client without one is `unknown`. */
export function forwardedFor(clientAddress: string): string {
  return clientAddress === '' ? 'unknown' : clientAddress;
}

/** Sets X-Forwarded-For in the head of a request, taking away one that the client sent; all else stays byte for byte. */
export function withForwardedFor(head: string, clientAddress: string): string {
  const [requestLine = '', ...headers] = head.split('\r\n');
  const kept = headers.filter((line) => !/^x-forwarded-for[ \t]*:/i.test(line));
  return [requestLine, ...kept, `X-Forwarded-For: ${forwardedFor(clientAddress)}`].join('\r\n');
}

/**
 * Runs `use` with the port of a proxy in front of a service.
 *
 * @param clientAddress - what the proxy says of its client; the connection itself comes from {@link PROXY_ADDRESS}
 */
export async function throughProxy<T>(
  servicePort: number,
  clientAddress: string,
  use: (proxyPort: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    forward(client, servicePort, clientAddress);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  try {
    return await use(address.port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function forward(client: Socket, servicePort: number, clientAddress: string): void {
  const upstream = connect({ host: '127.0.0.1', port: servicePort, localAddress: PROXY_ADDRESS });
  let waiting: Buffer | undefined = Buffer.alloc(0);
  client.on('data', (chunk) => {
    if (waiting === undefined) {
      upstream.write(chunk);
      return;
    }
    waiting = Buffer.concat([waiting, chunk]);
    const end = waiting.indexOf('\r\n\r\n');
    if (end === -1) return;
    upstream.write(withForwardedFor(waiting.toString('latin1', 0, end), clientAddress), 'latin1');
    upstream.write(waiting.subarray(end));
    waiting = undefined;
  });
  upstream.pipe(client);
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
  client.on('close', () => upstream.destroy());
}
