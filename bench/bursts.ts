import { connect, type Socket } from 'node:net';
import type { WrkRequest } from './wrk.js';

const connections = 32;

/** Sends so many requests over connections that stay open, each as soon as the one before on it is answered. */
export class Bursts {
  private sent = 0;

  private constructor(
    private readonly sockets: readonly Socket[],
    private readonly requests: readonly Buffer[],
  ) {}

  static async open(port: number, request: WrkRequest): Promise<Bursts> {
    const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)));
    return new Bursts(
      sockets,
      request.bodies.map((body) => bytesOf(request, body)),
    );
  }

  /** Resolves when all are answered; rejects unless each answer is a 200. */
  async send(count: number): Promise<void> {
    let left = count;
    const ask = async (socket: Socket): Promise<void> => {
      while (left-- > 0) {
        socket.write(this.requests[this.sent++ % this.requests.length] ?? '');
        await answered(socket);
      }
    };
    await Promise.all(this.sockets.map(ask));
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

function bytesOf({ method = 'POST', path, type, headers = {} }: WrkRequest, body: string): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Content-Type: ${type}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function answered(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onData = (text: string): void => {
      answer += text;
      const end = answer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
      if (answer.length < end + 4 + length) return;
      finish(answer.startsWith('HTTP/1.1 200') ? undefined : new Error(answer));
    };
    const onClose = (): void => finish(new Error('the connection was closed'));
    const finish = (error: Error | undefined): void => {
      socket.off('data', onData).off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.on('data', onData).once('close', onClose);
  });
}
