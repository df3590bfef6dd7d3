/**
 * Where the command line gets a secret from that stands for a `-`: asked for at a terminal, else the first line of
 * standard input or of a file. Loaded only when it is needed.
 */
import buffer = require('node:buffer');
import fs = require('node:fs');
import tty = require('node:tty');
import decoding = require('node:string_decoder');

/** One byte more than the service takes is enough for its refusal. */
const limitBytes = 65_537;
const attempts = 3;
/** As a shell tells of a process that was ended by Ctrl-C. */
const interruptedCode = 130;
const invalidCode = 2;
const retryMs = 10;
/** What a decoder makes of bytes that are not UTF-8. */
const replacement = '\ufffd';

/** These set a password, which nobody could correct if it were mistyped: it is asked for twice. */
const settingCommands = new Set(['v-add-user', 'v-change-user-password']);

/** These take several secrets, one on each line. */
const listCommands = new Set(['v-revoke-secret']);

interface Line {
  command: string;
  args: string[];
}

/**
 * Puts the secret beside the words: that of a file which an option names, or else of standard input.
 *
 * @param index - of the option; -1: a `-` stands for it
 * @param then - given both; at a terminal later, and never where it was broken off
 * @returns why there is none
 */
function withSecret(
  { command, args }: Line,
  index: number,
  then: (line: Line & { stdin: string }) => void,
): string | undefined {
  const word = args[index] ?? '';
  const isJoined = word.includes('=');
  const given = isJoined ? word.slice(word.indexOf('=') + 1) : (args[index + 1] ?? '');
  const file = index === -1 ? '-' : given;
  const words =
    index === -1 ? args : [...args.slice(0, index), '-', ...args.slice(index + (isJoined ? 1 : 2))];
  if (file === '') return `${word} needs a file`;
  if (file === '-' && tty.isatty(0)) {
    askForSecret(command, (stdin) => then({ command, args: words, stdin }));
    return undefined;
  }
  let stdin: string;
  try {
    stdin = secretIn(file === '-' ? 0 : file, command);
  } catch (error) {
    const { message } = error as Error;
    return file === '-' ? `standard input can not be read (${message})` : message;
  }
  then({ command, args: words, stdin });
  return undefined;
}

/** @param done - given the secret; at a terminal later, and never where it was broken off */
function readSecret(command: string, done: (secret: string) => void): void {
  if (tty.isatty(0)) askForSecret(command, done);
  else done(secretIn(0, command));
}

/** The first line of a file, or all of its lines where the command takes several. */
function secretIn(file: string | number, command: string): string {
  return listCommands.has(command) ? allLines(file) : firstLine(file);
}

function allLines(file: string | number): string {
  const bytes = readAll(file);
  if (bytes.length >= limitBytes) {
    say('Error: too much at once: at most 64 KiB of secrets, one on each line\n');
    process.exit(invalidCode);
  }
  if (!buffer.isUtf8(bytes)) refuseBytes();
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** No more than is needed to see that it is too much. */
function readAll(file: string | number): Buffer {
  const descriptor = typeof file === 'number' ? file : fs.openSync(file, 'r');
  const bytes = Buffer.alloc(limitBytes);
  let length = 0;
  for (let read = 1; read > 0 && length < limitBytes; length += read)
    read = readSome(descriptor, bytes.subarray(length));
  if (descriptor !== file) fs.closeSync(descriptor);
  return bytes.subarray(0, length);
}

/**
 * The first line, without its end. Not a byte of the next one is read, and its writer need not have ended. Nothing is
 * trimmed: a secret may begin or end with a blank. The byte order mark that some editors put at the start of a file is
 * no part of it. A line that is not UTF-8 ends this process.
 */
function firstLine(file: string | number): string {
  const descriptor = typeof file === 'number' ? file : fs.openSync(file, 'r');
  const byte = Buffer.alloc(1);
  const line: number[] = [];
  while (line.length < limitBytes && readSome(descriptor, byte) > 0 && byte[0] !== 10)
    line.push(byte[0] ?? 0);
  if (descriptor !== file) fs.closeSync(descriptor);
  if (line.at(-1) === 13) line.pop();
  const bytes = Buffer.from(line);
  if (!buffer.isUtf8(bytes)) refuseBytes();
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Decoded anyway, different bytes would be one and the same secret. */
function refuseBytes(): never {
  say('Error: the secret is not UTF-8\n');
  process.exit(invalidCode);
}

/** @returns how many bytes were read; 0 at the end of the input */
function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      // Somebody else made the pipe one that does not wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
}

function askForSecret(command: string, done: (secret: string) => void): void {
  const input = new tty.ReadStream(0);
  const isNew = settingCommands.has(command);
  const prompts = isNew ? ['New password: ', 'The same again: '] : ['Secret: '];
  const decoder = new decoding.StringDecoder('utf8');
  const lines: string[] = [];
  let line: string[] = [];
  let attempt = 1;
  const end = (code: number | undefined): void => {
    input.setRawMode(false);
    input.destroy();
    if (code !== undefined) process.exit(code);
  };
  const prompt = (): void => say(prompts[lines.length] ?? '');
  const takeLine = (): void => {
    say('\n');
    if (line.includes(replacement)) {
      input.setRawMode(false);
      refuseBytes();
    }
    lines.push(line.join(''));
    line = [];
    if (lines.length < prompts.length) prompt();
    else if (lines.every((one) => one === lines[0])) {
      end(undefined);
      done(lines[0] ?? '');
    } else if (attempt === attempts) {
      say("Error: the passwords don't match\n");
      end(invalidCode);
    } else {
      attempt += 1;
      say("The passwords don't match, try again.\n");
      lines.length = 0;
      prompt();
    }
  };
  /** Nothing is echoed, so the keys that a terminal would see to are seen to here. */
  const takeKey = (key: string): void => {
    if (key === '\r' || key === '\n') takeLine();
    else if (key === '\u0003' || (key === '\u0004' && line.length === 0)) {
      say('\n');
      end(interruptedCode);
    } else if (key === '\u007f' || key === '\b') line.pop();
    else if (key === '\u0015') line = [];
    else if (key >= ' ' && line.length < limitBytes) line.push(key);
  };
  input.setRawMode(true);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
    process.once(signal, () => end(interruptedCode));
  input.on('data', (chunk: Buffer) => {
    for (const key of decoder.write(chunk)) if (!input.destroyed) takeKey(key);
  });
  input.on('end', () => end(interruptedCode)).on('error', () => end(interruptedCode));
  prompt();
}

/** Not on standard output, which may be a file that is to have the answer. */
function say(text: string): void {
  fs.writeSync(2, text);
}

export = { withSecret, readSecret, secretIn };
