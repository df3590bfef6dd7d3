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

/** Runs a command on this terminal and answers its exit code; signals meant for us reach it. */
export function runVisibly([command, ...args], env = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done(code ?? 1));
  });
}

/** Runs a command silently: its exit code, what it wrote to stdout, and all that it wrote. */
export function runQuietly([command, ...args]) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const result = { code: 1, stdout: '', output: '' };
  const collect = (name) => (text) => {
    if (name === 'stdout') result.stdout += text;
    result.output += text;
  };
  child.stdout.setEncoding('utf8').on('data', collect('stdout'));
  child.stderr.setEncoding('utf8').on('data', collect('stderr'));
  return new Promise((done) => {
    child.on('error', (error) => done({ ...result, output: `${error.message}\n` }));
    child.on('close', (code) => done({ ...result, code: code ?? 1 }));
  });
}
