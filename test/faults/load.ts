/** Requests without end, on kept connections: as many decisions as the nodes can take. */
import { connect, type Socket } from 'node:net';
import type { Random } from './random.js';

export interface LoadedKey {
  id: string;
  request: Buffer;
}

export interface LoadOptions {
  ports: readonly number[];
  connectionsPerNode: number;
  random: Random;
  pickKey: () => LoadedKey;
  /** @param code - of the answer; 0 is an allow */
  onAnswer: (key: LoadedKey, code: number, beganAtMs: number) => void;
  /** @returns the code of an answer; `Hestia-Exit-Code` unless said otherwise */
  codeOf?: (head: string) => number;
}

/** @returns a request that costs little more than its decision */
export function requestFor(pair: string): Buffer {
  return requestWith(`hash=${pair}`);
}

/** @param credential - as form fields */
export function requestWith(credential: string): Buffer {
  const body = `${credential}&returncode=yes&cmd=v-list-api&arg1=load`;
  const head = [
    'POST /api/ HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${String(body.length)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

export class Load {
  private isStopped = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: LoadOptions) {
    for (const port of options.ports) {
      for (let count = 0; count < options.connectionsPerNode; count++) this.open(port);
    }
  }

  stop(): void {
    this.isStopped = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private open(port: number): void {
    if (this.isStopped) return;
    const socket = connect(port, '127.0.0.1');
    this.sockets.add(socket);
    let answer = '';
    let key = this.options.pickKey();
    let beganAtMs = 0;
    const ask = (): void => {
      key = this.options.pickKey();
      answer = '';
      beganAtMs = Date.now();
      socket.write(key.request);
    };
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('connect', ask);
    socket.on('data', (chunk: string) => {
      answer += chunk;
      const end = answer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
      if (answer.length < end + 4 + length) return;
      const { codeOf = exitCodeOf } = this.options;
      const code = codeOf(answer.slice(0, end));
      this.options.onAnswer(key, code, beganAtMs);
      if (!this.isStopped) ask();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      setTimeout(() => {
        this.open(port);
      }, 50);
    });
  }
}

function exitCodeOf(head: string): number {
  return Number(/^hestia-exit-code: (\d+)/im.exec(head)?.[1] ?? NaN);
}
