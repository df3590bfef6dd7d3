import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The installation: the folder that holds package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside a package's folder in node_modules. */
export const inPackage = (path) => resolve(root, 'node_modules', path);

/** The command line of npm: the copy that runs this script, else the one in PATH. */
export function npm(...args) {
  const own = process.env.npm_execpath ?? '';
  return own.endsWith('npm-cli.js') ? [process.execPath, own, ...args] : ['npm', ...args];
}

/** Runs a command on this terminal and answers its exit code. `env` is its whole environment. */
export async function runVisibly([command, ...args], env = process.env) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
  const { code, error } = await end(child);
  if (error) throw error;
  return code;
}

/** Runs a command silently: its exit code, what it wrote to stdout, and all that it wrote. */
export async function runQuietly([command, ...args], cwd = root) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const { code, error } = await end(child);
  return { code, stdout, output: error ? `${error.message}\n` : output };
}

/** A signal to stop goes to the child, and we end after it: left alone, it would go on writing here. */
async function end(child) {
  const stop = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const result = await new Promise((done) => {
    child.on('error', (error) => done({ code: 1, error }));
    child.on('close', (code) => done({ code: code ?? 1 }));
  });
  for (const signal of signals) process.removeListener(signal, stop);
  return result;
}
