/** Kept connections to one node: a request at a time on each, as many as are needed. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  /** Of the return code; a text where there was no answer. */
  code: number | 'no connection' | 'cut' | 'no answer';
  tookMs: number;
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
  ) {}

  async ask(request: Buffer): Promise<Answer> {
    const beganMs = performance.now();
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
    return { code, tookMs: performance.now() - beganMs };
  }

  close(): void {
    for (const socket of this.all) socket.destroy();
  }

  private open(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    this.all.add(socket);
    let hasConnected = false;
    let answer = '';
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('connect', () => (hasConnected = true));
    socket.on('data', (chunk: string) => {
      answer += chunk;
      const code = codeOf(answer);
      if (code === undefined) return;
      answer = '';
      const take = this.waiting.get(socket);
      this.idle.push(socket);
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
}

/** @returns undefined while the answer is not whole; legacy credentials have the code in the body alone */
function codeOf(answer: string): number | undefined {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
  if (answer.length < end + 4 + length) return undefined;
  return Number(/^hestia-exit-code: (\d+)/im.exec(answer)?.[1] ?? answer.slice(end + 4));
}
