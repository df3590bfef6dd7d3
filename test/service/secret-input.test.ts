/** A `-` on the command line stands for a secret: typed at a terminal, or the first line of a pipe. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation, temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';

let service: ServiceProcess;

beforeAll(async () => {
  service = await ServiceProcess.start();
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
});

const command = (name: string, ...args: string[]): string =>
  [join(installation, 'bin', name), ...args].join(' ');
const environment = () => ({ PATH: process.env['PATH'], HEARTHKEY_SOCKET: service.socketPath });

/** Types each text as soon as the terminal shows what comes before it. */
async function atTerminal(
  line: string,
  typed: readonly (readonly [string, string])[],
): Promise<{ code: number | null; shown: string }> {
  // What the terminal's settings are afterwards is shown, too.
  const watched = `stty echo; ${line}; code=$?; stty -a | grep -o -- '-*echo ' ; exit $code`;
  const child = spawn('script', ['-qec', watched, '/dev/null'], { env: environment() });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  let from = 0;
  for (const [prompt, text] of typed) {
    await within(60_000, `${prompt} is shown: ${shown}`, () => shown.indexOf(prompt, from) !== -1);
    from = shown.indexOf(prompt, from) + prompt.length;
    child.stdin.write(text);
  }
  const [code] = await ended;
  return { code, shown: shown.replaceAll('\r', '') };
}

async function isPassword(password: string): Promise<boolean> {
  const { body } = await service.api({ user: 'admin', password, cmd: 'v-list-users', returncode: 'yes' });
  return body === '0';
}

describeWith('script')('at a terminal', () => {
  const first = 'New password: ';
  const again = 'The same again: ';

  it('a new password is asked for twice, and shown nowhere', async () => {
    const { code, shown } = await atTerminal(command('v-change-user-password', 'admin', '-'), [
      [first, 'Typed-pass-é9\r'],
      [again, 'Typed-pass-é9\r'],
    ]);
    const told = 'The password of admin is changed.';
    expect({ code, shown }).toEqual({ code: 0, shown: `${first}\n${again}\n${told}\necho \n` });
    expect(await isPassword('Typed-pass-é9')).toBe(true);
    const added = await atTerminal(command('v-add-user', 'alice', '-', 'alice@example.com'), [
      [first, 'Typed-pass-1\r'],
      [again, 'Typed-pass-1\r'],
    ]);
    expect(added.code).toBe(0);
  });

  it('keys that correct a line do so, and what is pasted at once is two lines', async () => {
    const { code } = await atTerminal(command('v-change-user-password', 'admin', '--password-file', '-'), [
      [first, 'wrong\u0015Fixed-pass-2x\u007f\rFixed-pass-2\r'],
    ]);
    expect(code).toBe(0);
    expect(await isPassword('Fixed-pass-2')).toBe(true);
  });

  it('two that differ are asked for again, and refused with 2 after the third time', async () => {
    await service.ok('v-change-user-password', 'admin', 'correct-horse-1');
    const pair = [
      [first, 'one-pass-1\r'],
      [again, 'other-pass-1\r'],
    ] as const;
    const { code, shown } = await atTerminal(command('v-change-user-password', 'admin', '-'), [
      ...pair,
      ...pair,
      ...pair,
    ]);
    expect(code).toBe(2);
    expect(shown).toContain("The passwords don't match, try again.");
    expect(shown.endsWith("Error: the passwords don't match\necho \n")).toBe(true);
    expect(await isPassword('correct-horse-1')).toBe(true);
  });

  it('Ctrl-C ends it with 130, and the terminal is as it was', async () => {
    const { code, shown } = await atTerminal(command('v-change-user-password', 'admin', '-'), [
      [first, 'half\u0003'],
    ]);
    expect({ code, shown }).toEqual({ code: 130, shown: `${first}\necho \n` });
  });

  it('a secret that is there already is asked for once', async () => {
    const key = await service.makeKey('admin', '');
    const line = command('v-check-access-key', key.id, '-', 'v-list-users', '127.0.0.1', 'plain');
    const { code, shown } = await atTerminal(line, [['Secret: ', `${key.secret}\r`]]);
    expect(code).toBe(0);
    expect(shown).toBe('Secret: \nadmin\t0\necho \n');
  });
});

describe('from a pipe', () => {
  it('the first line is read, without waiting for the end', async () => {
    const child = spawn(join(installation, 'bin/v-change-user-password'), ['admin', '-'], {
      env: environment(),
    });
    child.stdin.write('Piped-pass-3\r\nsecond line\n');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(await isPassword('Piped-pass-3')).toBe(true);
    child.stdin.destroy();
  });

  it('the next line is left to the next program', async () => {
    const script = `{ ${command('v-change-user-password', 'admin', '-')} && cat; }`;
    const child = spawn('sh', ['-c', script], { env: environment() });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    child.stdin.end('Piped-pass-4\nnext line\n');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(shown).toBe('next line\n');
  });

  it('a line without an end, an empty one and a file are read as well', async () => {
    const bin = (args: string[], input?: string) =>
      service.bin('v-change-user-password', args, input === undefined ? {} : { input });
    expect((await bin(['admin', '-'], 'Piped-pass-5')).code).toBe(0);
    expect(await isPassword('Piped-pass-5')).toBe(true);
    expect((await bin(['admin', '-'], '')).code).toBe(1);
    expect((await bin(['admin', '-'])).code).toBe(1);
    const file = join(temporaryFolder(), 'password');
    writeFileSync(file, 'Filed-pass-6\nsecond\n');
    expect((await bin(['admin', '--password-file', file])).code).toBe(0);
    expect(await isPassword('Filed-pass-6')).toBe(true);
  });
});
