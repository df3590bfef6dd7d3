/** Connections to one server: a request at a time on each, as many as are needed. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Answer {
  /** Of the return code; a text where there was no answer. */
  code: number | 'no connection' | 'cut' | 'no answer';
  tookMs: number;
  /** A connection was made for it. */
  isNew?: boolean;
}

export interface ConnectionOptions {
  /** Who has signed the server's certificate, where it speaks TLS. */
  ca?: Buffer | undefined;
  /** @returns the local address of the next connection */
  from?: (() => string) | undefined;
  /** Each request has a connection of its own. */
  isNewEach?: boolean;
  /** @returns the code of a whole answer; the return code unless said otherwise */
  codeOf?: (head: string, body: string) => number;
}

type Take = (answer: Answer['code']) => void;

export class Connections {
  private readonly idle: Socket[] = [];
  private readonly all = new Set<Socket>();
  private readonly waiting = new Map<Socket, Take>();

  /** @param limitMs - who has no answer by then has none */
  constructor(
    private readonly port: number,
    private readonly limitMs: number,
    private readonly options: ConnectionOptions = {},
  ) {}

  get waitingCount(): number {
    return this.waiting.size;
  }

  async ask(request: Buffer): Promise<Answer> {
    const beganMs = performance.now();
    const isNew = this.idle.length === 0;
    const code = await new Promise<Answer['code']>((resolve) => {
      const socket = this.idle.pop() ?? this.open();
      const timer = setTimeout(() => {
        take('no answer');
        socket.destroy();
      }, this.limitMs);
      const take: Take = (answer) => {
        clearTimeout(timer);
        this.waiting.delete(socket);
        resolve(answer);
      };
      this.waiting.set(socket, take);
      socket.write(request);
    });
    return { code, tookMs: performance.now() - beganMs, isNew };
  }

  close(): void {
    for (const socket of this.all) socket.destroy();
  }

  private open(): Socket {
    const { ca, from } = this.options;
    const place = { host: '127.0.0.1', port: this.port, ...(from && { localAddress: from() }) };
    const socket = ca === undefined ? connect(place) : connectTls({ ...place, ca });
    this.all.add(socket);
    let hasConnected = false;
    let answer = '';
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('connect', () => (hasConnected = true));
    socket.on('data', (chunk: string) => {
      answer += chunk;
      const code = this.codeOf(answer);
      if (code === undefined) return;
      answer = '';
      const take = this.waiting.get(socket);
      if (this.options.isNewEach === true) socket.destroy();
      else this.idle.push(socket);
      take?.(code);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.all.delete(socket);
      const place = this.idle.indexOf(socket);
      if (place !== -1) this.idle.splice(place, 1);
      this.waiting.get(socket)?.(hasConnected ? 'cut' : 'no connection');
    });
    return socket;
  }

  /** @returns undefined while the answer is not whole */
  private codeOf(answer: string): number | undefined {
    const end = answer.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = answer.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (answer.length < end + 4 + length) return undefined;
    return (this.options.codeOf ?? returnCodeOf)(head, answer.slice(end + 4));
  }
}

/** The status, for what has no return code. */
export function statusOf(head: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
}

/** Legacy credentials have it in the body alone. */
function returnCodeOf(head: string, body: string): number {
  return Number(/^hestia-exit-code: (\d+)/im.exec(head)?.[1] ?? body);
}
