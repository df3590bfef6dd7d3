/** A line between a node and the database that can be cut. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  private readonly sockets = new Set<Socket>();
  isCut = false;

  private constructor(
    private readonly server: Server,
    private farPort: number,
  ) {}

  static async to(port: number): Promise<Line> {
    const server = createServer();
    const line = new Line(server, port);
    server.on('connection', (near) => {
      if (line.isCut) {
        near.destroy();
        return;
      }
      const far = connect(line.farPort, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.sockets.add(socket);
        socket.setNoDelay(true).pipe(other);
        socket
          .on('error', () => other.destroy())
          .on('close', () => {
            line.sockets.delete(socket);
            other.destroy();
          });
      }
    });
    server.listen(0, '127.0.0.1');
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

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
