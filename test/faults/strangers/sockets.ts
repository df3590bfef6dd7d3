/** Connections of strangers, from many addresses: what is sent is up to the attack. */
import { connect, type Socket } from 'node:net';

/** Of a connection that ended without a word. */
export type Ending = 'closed';

export class Sockets {
  opened = 0;
  /** Those that the service has ended. */
  ended = 0;
  private readonly open = new Set<Socket>();
  private next = 0;

  /**
   * @param network - the first three numbers of the addresses that they come from
   * @param addresses - how many those are
   */
  constructor(
    private readonly port: number,
    private readonly network = '127.0.1',
    private readonly addresses = 20,
  ) {}

  get held(): number {
    return this.open.size;
  }

  /** @param greeting - sent at once */
  connect(greeting: string | Buffer = ''): Socket {
    const localAddress = `${this.network}.${String(1 + (this.next++ % this.addresses))}`;
    const socket = connect({ host: '127.0.0.1', port: this.port, localAddress });
    this.opened++;
    this.open.add(socket);
    socket
      .on('error', () => socket.destroy())
      .on('close', () => {
        if (this.open.delete(socket)) this.ended++;
      });
    if (greeting.length > 0) socket.write(greeting);
    return socket;
  }

  /** Sends it, and reads until so many answers have come, or the other end closes. @returns their statuses */
  exchange(request: string | Buffer, answers = 1): Promise<(number | Ending)[]> {
    return new Promise((resolve) => {
      const socket = this.connect(request).setEncoding('latin1');
      const statuses: (number | Ending)[] = [];
      let rest = '';
      const end = (): void => {
        this.open.delete(socket);
        socket.destroy();
        resolve(statuses);
      };
      socket.on('data', (chunk) => {
        rest += String(chunk);
        for (let answer = readAnswer(rest); answer !== undefined; answer = readAnswer(rest)) {
          statuses.push(answer.status);
          rest = rest.slice(answer.length);
        }
        if (statuses.length >= answers) end();
      });
      socket.on('close', () => {
        if (statuses.length < answers) statuses.push('closed');
        end();
      });
    });
  }

  close(): void {
    for (const socket of this.open) {
      this.open.delete(socket);
      socket.destroy();
    }
  }
}

function readAnswer(text: string): { status: number; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const length = end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return text.length < length ? undefined : { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), length };
}
