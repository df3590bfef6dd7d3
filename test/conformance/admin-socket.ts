/** The socket that the command line uses, asked directly: what the harness itself wants to know costs no process. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { CliAnswer } from './compare.js';

interface Frame {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/** Sends one command with its arguments and reads the answer: lines of JSON, the last of them with the code. */
export async function askOverSocket(
  path: string,
  [command = '', ...args]: readonly string[],
): Promise<CliAnswer> {
  const socket = connect(path);
  socket.end(`${JSON.stringify({ command, args })}\n`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  const lines = Buffer.concat(chunks).toString().split('\n');
  const frames = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Frame);
  const exitCode = frames.find((frame) => frame.code !== undefined)?.code ?? null;
  const stdout = Buffer.from(frames.map((frame) => frame.stdout ?? '').join(''));
  return { adapter: 'cli', exitCode, stdout, stderr: frames.map((frame) => frame.stderr ?? '').join('') };
}
