/**
 * The command line: a thin client that sends its words over the service's Unix socket and prints what comes back. It
 * is CommonJS and loads nothing but four modules of Node.js and one file of ours, so that it starts about as fast as Node.js itself.
 */
import buffer = require('node:buffer');
import fs = require('node:fs');
import net = require('node:net');
import path = require('node:path');
import places = require('../config/places.cjs');

const installationDir = path.resolve(__dirname, '../..');
const defaultPlaces = places.placesOf(installationDir, process.env, process.geteuid?.() === 0);
/** E_ARGS, E_INVALID, E_DISK and E_CONNECT of the table of return codes. */
const badUsageCode = 1;
const invalidCode = 2;
const cannotWriteCode = 13;
const connectFailedCode = 15;

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
  if (line.command === '--version') {
    write(1, `hearthkey ${ownVersion()}\n`);
    return;
  }
  if (line.command !== 'setup' && showsHelp(line)) return;
  if (line.command === 'serve' && line.args.length > 0) {
    write(2, `Error: serve takes no arguments; hearthkey serve --help says more\n`);
    process.exitCode = badUsageCode;
    return;
  }
  if (line.command === 'serve' || line.command === 'setup' || line.command === 'leak-scan') {
    // All of it in few files, which start in half the time; see scripts/lib/bundle.mjs.
    const failedCode = line.command === 'leak-scan' ? invalidCode : badUsageCode;
    import(path.join(__dirname, `../bundle/${line.command}.js`)).catch((error: unknown) =>
      failToStart(error, failedCode),
    );
    return;
  }
  withSecretInput(line, (request) => {
    const { asker } = require('./asker.cjs') as typeof import('./asker.cjs');
    ask(firstPlace(process.env), { ...request, ...asker(process.env), cwd: workingDirectory() });
  });
}

/** As src/config/version.ts has it; known without a service. */
function ownVersion(): string {
  const text = fs.readFileSync(path.join(installationDir, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
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
  return { command: command === '--help' || command === '-h' ? 'help' : command, args };
}

/** Answers what asks for help alone. A check is never answered with 0 where the service didn't say so. */
function showsHelp({ command, args }: CommandLine): boolean {
  const asksForHelp = args.length === 1 && args[0] === '--help' && !command.startsWith('v-check-');
  if (command !== 'help' && !asksForHelp) return false;
  const { help, textOf } = require('./help.cjs') as typeof import('./help.cjs');
  if (command !== 'help') {
    const text = textOf(command);
    // The service knows why there is no such command.
    if (text === undefined) return false;
    write(1, text);
    return true;
  }
  const { code, stdout, stderr } = help(args);
  write(1, stdout);
  write(2, stderr);
  process.exitCode = code;
  return true;
}

/**
 * `-` among the arguments stands for a secret: asked for at a terminal, else a line on standard input.
 * `--password-file FILE` or `--secret-file FILE` stands for the first line of a file. All keep the secret out of the
 * list of processes. The file is read here, with the caller's rights.
 */
function withSecretInput(line: CommandLine, then: (line: CommandLine & { stdin?: string }) => void): void {
  const index = line.args.findIndex((word) => /^--(?:password|secret)-file(?:=|$)/.test(word));
  const isStandardInput = index === -1 && line.args.includes('-') && line.command !== 'complete';
  if (index === -1 && !isStandardInput) {
    then(line);
    return;
  }
  const { withSecret } = require('./read-secret.cjs') as typeof import('./read-secret.cjs');
  const problem = withSecret(line, index, then);
  if (problem === undefined) return;
  write(2, `Error: ${problem}\n`);
  process.exitCode = badUsageCode;
}

/** Where a service is looked for, and which setting named it. */
interface Place {
  socketPath: string;
  namedBy: 'HEARTHKEY_SOCKET' | 'HEARTHKEY_DATA_DIR' | undefined;
  environment: NodeJS.Dict<string>;
}

/** The socket that a setting names, else the one in the data directory. */
function firstPlace(own: NodeJS.ProcessEnv): Place {
  const environment = { ...readEnvFile(own['HEARTHKEY_ENV_FILE']), ...own };
  const socketPath = environment['HEARTHKEY_SOCKET'];
  if (socketPath)
    return {
      socketPath: path.resolve(installationDir, socketPath),
      namedBy: 'HEARTHKEY_SOCKET',
      environment,
    };
  const given = environment['HEARTHKEY_DATA_DIR'];
  const dataDir = path.resolve(installationDir, given || defaultPlaces.dataDir);
  const namedBy = given ? 'HEARTHKEY_DATA_DIR' : undefined;
  return { socketPath: path.join(dataDir, 'run/admin.sock'), namedBy, environment };
}

/** As the service finds it (src/config/config.ts). */
function readEnvFile(given = ''): NodeJS.Dict<string> {
  if (given === 'none') return {};
  const file = path.resolve(installationDir, given === '' ? defaultPlaces.envFile : given);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    // It may be for the service alone; where that is then not found, its place is said.
    return {};
  }
  // Loaded only where there is something to read: it would be felt in every command.
  const { parseEnv } = require('node:util') as typeof import('node:util');
  return parseEnv(text.replace(/^\uFEFF/, ''));
}

/** @param isLast - the place is one that a running service has announced */
function ask(place: Place, request: object, isLast = false): void {
  const socket = net.connect(place.socketPath);
  socket.write(`${JSON.stringify(request)}\n`);
  let chunks: Buffer[] = [];
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const { findService } = require('./find-service.cjs') as typeof import('./find-service.cjs');
    const found = findService({ ...place, installationDir, errorCode: error.code });
    if ('socketPath' in found && !isLast) ask({ ...place, ...found }, request, true);
    else failToConnect('problem' in found ? found.problem : `${found.socketPath}: ${error.message}`);
  });
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunk[chunk.length - 1] !== 10) return; // the line goes on
    const lines = Buffer.concat(chunks).toString('utf8').split('\n');
    chunks = [];
    for (const line of lines) if (line !== '') print(readFrame(line, place.socketPath));
  });
  socket.on('end', () => {
    write(2, 'Error: the service ended before it answered\n');
    process.exit(connectFailedCode);
  });
}

/** Another program may be at the place that a setting names. */
function readFrame(line: string, socketPath: string): Frame {
  try {
    const frame: unknown = JSON.parse(line);
    if (typeof frame === 'object' && frame !== null) return frame;
  } catch {
    // told below
  }
  write(2, `Error: what answers at ${socketPath} is no Hearthkey service\n`);
  process.exit(connectFailedCode);
}

function print({ stdout, stderr, code }: Frame): void {
  if (stdout !== undefined) write(1, stdout);
  if (stderr !== undefined) write(2, stderr);
  // All is written; ending here spares the time that Node.js takes to wind down.
  if (code !== undefined) process.exit(code);
}

function failToConnect(problem: string): void {
  write(2, `Error: ${problem}\n`);
  process.exitCode = connectFailedCode;
}

function failToStart(error: unknown, code: number): void {
  write(2, `Error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = code;
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
      if (code === 'EAGAIN') continue;
      // What the command did is done, and is in the record.
      if (descriptor === 1) write(2, `Error: the output can not be written (${code ?? ''})\n`);
      process.exit(cannotWriteCode);
    }
  }
}

main();
