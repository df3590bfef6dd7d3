import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { OperatorCommands } from './operator-commands.js';

/** Longer paths can't be bound on Linux. */
const maxPathBytes = 107;
const maxRequestBytes = 4_194_304;
const requestTimeoutMs = 30_000;

/** What the command line sends: one line of JSON. */
const requestSchema = z.object({
  command: z.string().max(100),
  args: z.array(z.string()).max(1000),
  /** The first line of standard input, or of a file, where the caller gave a secret that way. */
  stdin: z.string().max(65_536).optional(),
  /** Who became root with `sudo` to run this. */
  sudoUser: z.string().max(100).optional(),
});

export type OperatorRequest = z.output<typeof requestSchema>;

/**
 * The Unix socket of the command line. It is in a directory of mode 0700, so whoever can open it is root, or the
 * user that the service runs as. Answers are lines of JSON: `{"stdout": text}`, `{"stderr": text}`, and as the last
 * `{"code": number}`.
 */
export class AdminSocket {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly path: string,
    private readonly commands: OperatorCommands,
    private readonly onError: (error: unknown) => void,
  ) {}

  async listen(): Promise<void> {
    if (Buffer.byteLength(this.path) > maxPathBytes) {
      throw new Error(`HEARTHKEY_SOCKET: ${this.path} is longer than ${String(maxPathBytes)} bytes`);
    }
    const directory = dirname(this.path);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    // What a killed service left behind; no other one is alive on this data directory (storage/data-dir.ts).
    rmSync(this.path, { force: true });
    // The client ends its side when it has asked; the answer still has to go out.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.serve(socket);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.path, resolve);
    });
    chmodSync(this.path, 0o600);
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.end();
    await closed;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setEncoding('utf8').setTimeout(requestTimeoutMs, () => socket.destroy());
    let text = '';
    let isAnswering = false;
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > maxRequestBytes) socket.destroy();
      const end = text.indexOf('\n');
      if (end === -1 || isAnswering) return;
      isAnswering = true;
      socket.setTimeout(0);
      this.answer(socket, text.slice(0, end)).catch(this.onError);
    });
    socket.on('error', () => socket.destroy()); // the caller went away
    socket.on('close', () => this.sockets.delete(socket));
  }

  private async answer(socket: Socket, line: string): Promise<void> {
    const request = parseRequest(line);
    if (request === undefined) {
      socket.end(frame({ stderr: 'Error: the service could not read the request\n' }) + frame({ code: 1 }));
      return;
    }
    const { code, output } = await this.commands.run(request);
    socket.end((output === '' ? '' : frame({ stdout: output })) + frame({ code }));
  }
}

function parseRequest(line: string): OperatorRequest | undefined {
  try {
    return requestSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function frame(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
