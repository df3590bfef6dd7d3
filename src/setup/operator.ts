import { connect } from 'node:net';
import { AppError, ReturnCode } from '../errors.js';
import askers from '../cli/asker.cjs';
import { shellEnvironment } from './places.js';

export interface OperatorAnswer {
  code: number;
  output: string;
}

interface Frame {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** Runs a command of the running service over its admin socket, as the command line does. */
export function runCommand(socketPath: string, command: string, ...args: string[]): Promise<OperatorAnswer> {
  return new Promise((resolve, reject) => {
    const lost = (): void =>
      reject(new AppError(ReturnCode.CONNECT, `the service at ${socketPath} did not answer ${command}`));
    let text = '';
    const socket = connect(socketPath);
    socket.setEncoding('utf8').on('error', lost);
    socket.on('connect', () => socket.end(`${JSON.stringify({ command, args, ...who() })}\n`));
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => {
      const frames = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Frame);
      const code = frames.at(-1)?.code;
      if (code === undefined) lost();
      else resolve({ code, output: frames.map(({ stdout = '' }) => stdout).join('') });
    });
  });
}

/** Without the terminal's width: the answers are read here, and not by a person. */
function who() {
  const { uid, unixUser, sudoUser, loginUser, tty } = askers.asker(shellEnvironment());
  return { uid, unixUser, sudoUser, loginUser, tty };
}

/** The same; throws with the command's own code and words unless it ends with 0. */
export async function mustRun(socketPath: string, command: string, ...args: string[]): Promise<string> {
  const { code, output } = await runCommand(socketPath, command, ...args);
  if (code === 0) return output;
  throw new AppError(code as ReturnCode, `${command} ended with ${String(code)}: ${output.trim()}`);
}
