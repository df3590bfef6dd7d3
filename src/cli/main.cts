/**
 * The command line: a thin client that sends its words over the service's Unix socket and prints what comes back. It
 * is CommonJS and loads nothing but four modules of Node.js, so that it starts about as fast as Node.js itself.
 */
import buffer = require('node:buffer');
import fs = require('node:fs');
import net = require('node:net');
import path = require('node:path');

const installationDir = path.resolve(__dirname, '../..');
const systemSocket = '/run/hearthkey/admin.sock';
/** E_ARGS, E_INVALID and E_CONNECT of the table of return codes. */
const badUsageCode = 1;
const invalidCode = 2;
const connectFailedCode = 15;

const briefHelp = `Usage: hearthkey COMMAND [ARGUMENT]…
  serve             run the service
  setup             set this machine up: beside a Hestia server, in front of a panel, …
  import            import access keys, API roles, users and switches of a Hestia tree
  backup FILE       copy the whole state into a file
  restore FILE      put the state of a copy back
  doctor            list what an operator should look at
  completion bash   print the completion for bash
  v-…               any command; hearthkey --help lists them when the service runs
`;

interface CommandLine {
  command: string;
  args: string[];
}

interface Frame {
  stdout?: string;
  stderr?: string;
  code?: number;
}

function main(): void {
  const [, script = '', ...words] = process.argv;
  if (words.some((word) => word.includes(replacement)) && !areWordsText()) {
    write(2, 'Error: an argument is not UTF-8\n');
    process.exitCode = invalidCode;
    return;
  }
  const line = readCommandLine(path.basename(script), words);
  if (line.command === 'serve' || line.command === 'setup') {
    // All of it in few files, which start in half the time; see scripts/lib/bundle.mjs.
    import(path.join(__dirname, `../bundle/${line.command}.js`)).catch(failToStart);
    return;
  }
  withSecretInput(line, (request) => {
    ask(socketCandidates(process.env), {
      ...request,
      sudoUser: process.env['SUDO_USER'],
      cwd: workingDirectory(),
    });
  });
}

/** What Node.js makes of bytes that are not UTF-8, so that two passwords could become one. */
const replacement = '\ufffd';

/** Whether the words were sent as UTF-8, as far as the system tells it. */
function areWordsText(): boolean {
  try {
    return buffer.isUtf8(fs.readFileSync('/proc/self/cmdline'));
  } catch {
    return false;
  }
}

/** For relative paths among the words; undefined when it is gone. */
function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function readCommandLine(name: string, words: string[]): CommandLine {
  if (name !== 'hearthkey') return { command: name, args: words };
  const [command = 'help', ...args] = words;
  return { command: command === '--help' ? 'help' : command, args };
}

/**
 * `-` among the arguments stands for a secret: asked for at a terminal, else a line on standard input.
 * `--password-file FILE` or `--secret-file FILE` stands for the first line of a file. All keep the secret out of the
 * list of processes. The file is read here, with the caller's rights.
 */
function withSecretInput(line: CommandLine, then: (line: CommandLine & { stdin?: string }) => void): void {
  const { command } = line;
  const index = line.args.findIndex((word) => /^--(?:password|secret)-file(?:=|$)/.test(word));
  const isStandardInput = index === -1 && line.args.includes('-') && command !== 'complete';
  if (index === -1 && !isStandardInput) {
    then(line);
    return;
  }
  const { readSecret, firstLine } = require('./read-secret.cjs') as typeof import('./read-secret.cjs');
  if (isStandardInput) {
    readSecret(command, (stdin) => then({ ...line, stdin }));
    return;
  }
  const word = line.args[index] ?? '';
  const isJoined = word.includes('=');
  const file = isJoined ? word.slice(word.indexOf('=') + 1) : (line.args[index + 1] ?? '');
  const args = [...line.args.slice(0, index), '-', ...line.args.slice(index + (isJoined ? 1 : 2))];
  if (file === '-') {
    readSecret(command, (stdin) => then({ command, args, stdin }));
    return;
  }
  let stdin: string;
  try {
    stdin = firstLine(file);
  } catch (error) {
    write(2, `Error: ${file === '' ? `${word} needs a file` : (error as Error).message}\n`);
    process.exitCode = badUsageCode;
    return;
  }
  then({ command, args, stdin });
}

/** Where the service may be listening: the setting, the data directory, then the system's place. */
function socketCandidates(environment: NodeJS.ProcessEnv): string[] {
  const settings = { ...readEnvFile(environment['HEARTHKEY_ENV_FILE']), ...environment };
  const given = settings['HEARTHKEY_SOCKET'];
  if (given !== undefined && given !== '') return [path.resolve(installationDir, given)];
  const dataDir = path.resolve(installationDir, settings['HEARTHKEY_DATA_DIR'] || 'data');
  return [path.join(dataDir, 'run/admin.sock'), systemSocket];
}

/** As the service finds it (src/config/config.ts). */
function readEnvFile(given = ''): NodeJS.Dict<string> {
  if (given === 'none') return {};
  const file = path.resolve(installationDir, given === '' ? '.env' : given);
  if (!fs.existsSync(file)) return {};
  // Loaded only where there is something to read: it would be felt in every command.
  const { parseEnv } = require('node:util') as typeof import('node:util');
  return parseEnv(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
}

function ask(candidates: string[], request: object): void {
  const [socketPath = '', ...others] = candidates;
  const socket = net.connect(socketPath);
  socket.write(`${JSON.stringify(request)}\n`);
  let chunks: Buffer[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && others.length > 0) ask(others, request);
    else failToConnect(error, candidates);
  });
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunk[chunk.length - 1] !== 10) return; // the line goes on
    const lines = Buffer.concat(chunks).toString('utf8').split('\n');
    chunks = [];
    for (const line of lines) if (line !== '') print(JSON.parse(line) as Frame);
  });
  socket.on('end', () => {
    write(2, 'Error: the service ended before it answered\n');
    process.exit(connectFailedCode);
  });
}

function print({ stdout, stderr, code }: Frame): void {
  if (stdout !== undefined) write(1, stdout);
  if (stderr !== undefined) write(2, stderr);
  // All is written; ending here spares the time that Node.js takes to wind down.
  if (code !== undefined) process.exit(code);
}

function failToConnect(error: NodeJS.ErrnoException, [socketPath = '']: string[]): void {
  const isHelp = /^(?:hearthkey)$/.test(path.basename(process.argv[1] ?? '')) && process.argv.length < 3;
  if (isHelp) write(1, briefHelp);
  const why =
    error.code === 'EACCES'
      ? `this user may not open ${socketPath}: run it as root`
      : `no Hearthkey service answers at ${socketPath} (start it with npm start)`;
  write(2, `Error: ${why}\n`);
  process.exitCode = connectFailedCode;
}

function failToStart(error: unknown): void {
  write(2, `Error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Writes all of a text at once: a reader that is slow is waited for, one that went away ends this process. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += fs.writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
    }
  }
}

main();
