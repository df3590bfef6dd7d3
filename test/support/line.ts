/** A line to a server that can be cut, led to another server, or fall silent as when the server's machine vanishes. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private silentAt: RegExp | undefined;
  private isSilent = false;
  /** What is passed on when the line is mended. */
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private farPort: number,
  ) {}

  static async to(port: number): Promise<Line> {
    // A vanished machine does not answer the end of a connection, either.
    const server = createServer({ allowHalfOpen: true });
    const line = new Line(server, port);
    server.on('connection', (near) => line.join(near)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What is under way is lost, and no new connection comes through. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** New connections lead there from now on. */
  leadTo(port: number): void {
    this.farPort = port;
  }

  /** From the first message on that has this in it, nothing comes through, and all connections stay open. */
  fallSilentAt(part: RegExp): void {
    this.silentAt = part;
  }

  /** Ends a cut or a silence. What the silence held back comes through. */
  mend(): void {
    this.isCut = false;
    this.silentAt = undefined;
    this.isSilent = false;
    const { held } = this;
    this.held = [];
    for (const pass of held) pass();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
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
      .on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
  }

  private pass(work: () => void): void {
    if (this.isSilent) this.held.push(work);
    else work();
  }
}
