/** A way to a server that can fall silent, as when its machine vanishes: connections stay open, and nothing is answered. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { atEnd } from './clean-up.js';

export class SilentLine {
  private readonly sockets = new Set<Socket>();
  private silentAt: RegExp | undefined;
  private isSilent = false;
  /** What is passed on when the line is mended. */
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly farPort: number,
  ) {}

  static async to(port: number): Promise<SilentLine> {
    // A vanished machine doesn't answer the end of a connection either.
    const server = createServer({ allowHalfOpen: true });
    const line = new SilentLine(server, port);
    server.on('connection', (near) => line.join(near)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(() => {
      for (const socket of line.sockets) socket.destroy();
      server.close();
    });
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Nothing comes through any more from the first message on that has this in it. */
  fallSilentAt(part: RegExp): void {
    this.silentAt = part;
  }

  /** What was held back comes through, and what follows. */
  mend(): void {
    this.silentAt = undefined;
    this.isSilent = false;
    const { held } = this;
    this.held = [];
    for (const pass of held) pass();
  }

  private join(near: Socket): void {
    const far = connect({ port: this.farPort, host: '127.0.0.1', allowHalfOpen: true });
    near.on('data', (chunk) => {
      if (this.silentAt?.test(chunk.toString('latin1')) === true) this.isSilent = true;
    });
    this.connect(near, far);
    this.connect(far, near);
  }

  private connect(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from
      .setNoDelay(true)
      .on('data', (chunk) => this.pass(() => to.write(chunk)))
      .on('end', () => this.pass(() => to.end()))
      .on('error', () => to.destroy())
      .on('close', () => this.sockets.delete(from));
  }

  private pass(work: () => void): void {
    if (this.isSilent) this.held.push(work);
    else work();
  }
}
