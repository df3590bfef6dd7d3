import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Terminal } from '../commands/builtin-command.js';
import { ReturnCode } from '../errors.js';
import { visibleStyledLines } from '../text/styles.js';
import { visibleLines } from '../text/visible-text.js';
import { listenAt } from '../network/unix-socket.js';
import type { OperatorCommands } from './operator-commands.js';
import { parseOperatorRequest } from './operator-request.js';

const setting = 'HEARTHKEY_SOCKET';
const maxRequestBytes = 4_194_304;
const requestTimeoutMs = 30_000;

/**
 * The Unix socket of the command line. It is in a directory of mode 0700, so a process that can open it is root's, or the
 * user's that the service runs as. Answers are lines of JSON: `{"stdout": text}`, `{"stderr": text}`, any number of
 * them and as they come, and as the last `{"code": number}`. Both go to a terminal, which obeys nothing in them: a panel's
 * command may have printed something, and JSON escapes only the control characters of ASCII.
 */
export class AdminSocket {
  private server: Server | undefined;
  /** Connections that have asked nothing yet. */
  private readonly idle = new Set<Socket>();
  /** One for each command that runs, with the moment at which it began, by `performance.now`. */
  private readonly running = new Map<AbortController, number>();

  constructor(
    private readonly path: string,
    private readonly commands: OperatorCommands,
    private readonly onError: (error: unknown) => void,
  ) {}

  async listen(): Promise<void> {
    const { path } = this;
    takeFolder(dirname(path));
    // The client ends its side when it has asked; the answer still has to go out.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.serve(socket);
    });
    this.server = server;
    await listenAt(server, { setting, path, mode: 0o600 });
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.idle) socket.destroy();
    for (const command of this.running.keys()) command.abort();
    await closed;
  }

  /** When the commands that run now began, by `performance.now`. */
  runningSinceMs(): number[] {
    return [...this.running.values()];
  }

  private serve(socket: Socket): void {
    this.idle.add(socket);
    socket.setEncoding('utf8').setTimeout(requestTimeoutMs, () => socket.destroy());
    let text = '';
    let isAnswering = false;
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > maxRequestBytes) socket.destroy();
      const end = text.indexOf('\n');
      if (end === -1 || isAnswering) return;
      isAnswering = true;
      this.idle.delete(socket);
      socket.setTimeout(0);
      void this.answer(text.slice(0, end), socket);
    });
    socket.on('error', () => socket.destroy()); // the caller went away
    socket.on('close', () => this.idle.delete(socket));
  }

  /** Never throws: each request gets an answer. */
  private async answer(line: string, socket: Socket): Promise<void> {
    const ending = new AbortController();
    this.running.set(ending, performance.now());
    socket.once('close', () => ending.abort());
    socket.write(await this.lastFrames(line, terminalOf(socket, ending)));
    socket.destroySoon(); // a client that never ends its side keeps nothing open
    this.running.delete(ending);
  }

  private async lastFrames(line: string, terminal: Terminal): Promise<string> {
    const request = parseOperatorRequest(line);
    if (request === undefined) return failure('the service could not read the request', ReturnCode.ARGS);
    try {
      const { code, output, isStyled, more } = await this.commands.run(request, terminal);
      if (more !== undefined) return await printAll(output, more, code, terminal);
      return (output === '' ? '' : frame({ stdout: shown(output, isStyled) })) + frame({ code });
    } catch (error) {
      this.onError(error);
      return failure('the service could not do that, see its log', ReturnCode.DATABASE);
    }
  }
}

/** A part is read when the one before is on its way. A list that is cut off must not end as one that is whole. */
async function printAll(
  first: string,
  more: AsyncIterable<string>,
  code: number,
  terminal: Terminal,
): Promise<string> {
  await terminal.print(first);
  for await (const part of more) {
    if (terminal.signal.aborted) return failure('the service stops', ReturnCode.BUSY);
    await terminal.print(part);
  }
  return frame({ code });
}

/**
 * Makes the folder where it is missing. One that is there stays as it is: it may be `/tmp`, or hold the gate's socket,
 * and a user who can write to it could put another socket in the place of this one.
 */
function takeFolder(folder: string): void {
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700);
  } catch (error) {
    throw new Error(`${setting}: the folder ${folder} can't be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) !== 0 || uid !== process.geteuid?.())
    throw new Error(`${setting}: the folder ${folder} has to be the service's own, with mode 0700`);
}

/** @param ending - told when something can't be written: nobody is there any more */
function terminalOf(socket: Socket, ending: AbortController): Terminal {
  const write = (value: object) =>
    new Promise<void>((resolve) => {
      socket.write(frame(value), (error) => {
        if (error) ending.abort();
        resolve();
      });
    });
  return {
    print: (stdout, isStyled) => write({ stdout: shown(stdout, isStyled) }),
    say: (stderr) => void write({ stderr: visibleLines(stderr) }),
    cwd: undefined,
    signal: ending.signal,
  };
}

/** A terminal obeys nothing in it but styles of ours, where the command says that there are some. */
function shown(text: string, isStyled = false): string {
  return isStyled ? visibleStyledLines(text) : visibleLines(text);
}

function frame(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function failure(message: string, code: number): string {
  return frame({ stderr: `Error: ${message}\n` }) + frame({ code });
}
