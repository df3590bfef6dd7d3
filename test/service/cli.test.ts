import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Key } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { runBin, runProcess, type ProcessResult, type RunOptions } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

const binDir = join(installation, 'bin');
const commands = readdirSync(binDir).filter((name) => name.startsWith('v-'));
let service: TestService;
let key: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'alina']);
  key = await service.makeKey('alice', 'mail-accounts');
});

function bin(
  name: string,
  args: string[] = [],
  { env, ...options }: RunOptions = {},
): Promise<ProcessResult> {
  return runBin(name, args, { ...options, env: { HEARTHKEY_SOCKET: service.config.socketPath, ...env } });
}

function bash(script: string, options: RunOptions = {}): Promise<ProcessResult> {
  const env = {
    HEARTHKEY_SOCKET: service.config.socketPath,
    PATH: `${binDir}:${process.env['PATH'] ?? ''}`,
    ...options.env,
  };
  return runProcess('bash', ['-c', script], { ...options, env });
}

describe('--help', () => {
  it.each(commands)('%s: usage and at least one example', async (name) => {
    const { code, stdout } = await bin(name, ['--help']);
    if (name.startsWith('v-check-')) expect(code).not.toBe(0);
    else expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: ${name}(?: |$)`, 'm'));
    if (name.startsWith('v-check-')) return;
    const examples = stdout.slice(stdout.indexOf('Examples:\n'));
    expect(examples).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('of hearthkey lists every command', async () => {
    for (const args of [['--help'], ['help'], []]) {
      const { code, stdout, stderr } = await bin('hearthkey', args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: hearthkey /);
      for (const name of commands) expect(stdout).toContain(`  ${name} `);
    }
  });

  it('and of each command needs no service, nor does it start one', async () => {
    const env = { HEARTHKEY_SOCKET: '/nonexistent/admin.sock' };
    for (const [name, ...args] of [
      ['hearthkey', '--help'],
      ['hearthkey', 'serve', '--help'],
      ['hearthkey', 'help', 'v-add-access-key'],
      ['hearthkey', 'v-add-access-key', '--help'],
      ['v-add-access-key', '--help'],
    ] as const) {
      const { code, stdout, stderr } = await bin(name, args, { env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: /);
    }
    expect(await bin('hearthkey', ['help', 'v-ad-user'], { env })).toMatchObject({ code: 3, stdout: '' });
    expect(await bin('hearthkey', ['serve', 'now'], { env })).toMatchObject({ code: 1, stdout: '' });
  });

  it('is there as JSON, for programs', async () => {
    const { stdout } = await bin('hearthkey', ['help', '--json']);
    const help = JSON.parse(stdout) as { commands: { name: string; arguments: unknown[] }[] };
    const added = help.commands.find(({ name }) => name === 'v-list-apis');
    expect(added?.arguments).toEqual([
      expect.objectContaining({ name: 'FORMAT', isRequired: false, values: ['shell', 'json', 'plain'] }),
    ]);
  });

  it('is shown, and nothing is done, where it stands behind the arguments', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts');
    for (const [name, ...args] of [
      ['v-suspend-access-key', id, '--help'],
      ['v-change-access-key', id, '--expires', 'now', '--help'],
    ] as const)
      expect(await service.ok(name, ...args)).toMatch(/^Usage: /);
    // With more behind it, it may be a value: nothing is done, and it is no success.
    expect((await service.run('v-change-access-key', id, '--help', '--expires', 'now')).code).toBe(1);
    expect(await service.ok('v-list-access-key', id, '--long')).toMatch(/^SUSPENDED: +no$/m);
    expect(await service.ok('v-list-access-key', id, '--long')).toMatch(/^EXPIRES: *$/m);
  });

  it('there is a name in bin for each command, and no other', async () => {
    const { stdout } = await bin('hearthkey', ['--help']);
    const listed = [...stdout.matchAll(/^ {2}(v-\S+)/gm)].map((match) => match[1]);
    expect([...listed].sort()).toEqual([...commands].sort());
  });
});

describe('formats', () => {
  it.each<[string, string[]]>([
    ['v-list-access-keys', ['']],
    ['v-list-apis', []],
    ['v-list-api', ['billing']],
    ['v-list-users', []],
    ['v-list-user', ['alice']],
    ['v-list-sys-config', []],
    ['v-list-sys-api-ips', []],
    ['v-list-api-keys', []],
    ['v-list-audit-events', []],
  ])(
    '%s knows shell, json and plain, takes an empty one for shell, and refuses others with 2',
    async (name, args) => {
      const run = (...format: string[]) => service.run(name, ...args, ...format);
      const shell = await run('shell');
      expect(shell.code).toBe(0);
      const json = await run('json');
      expect(json.code).toBe(0);
      expect(() => JSON.parse(json.stdout) as unknown).not.toThrow();
      expect((await run('plain')).code).toBe(0);
      expect((await run('')).code).toBe(0);
      // Users and audit events are listed as csv, too.
      const hasCsv = name === 'v-list-users' || name === 'v-list-audit-events';
      for (const format of [...(hasCsv ? [] : ['csv']), 'JSON', 'xml', 'shell json']) {
        const answer = await run(format);
        expect({ format, code: answer.code }).toEqual({ format, code: 2 });
        expect(answer.stdout).toMatch(/^Error: [^\n]+\n$/);
      }
    },
  );

  it('a command that makes something refuses an unknown one before it does it', async () => {
    const before = await service.ok('v-list-access-keys', 'alice', 'plain');
    expect((await service.run('v-add-access-key', 'alice', 'mail-accounts', '', 'xml')).code).toBe(2);
    expect(await service.ok('v-list-access-keys', 'alice', 'plain')).toBe(before);
  });
});

describe('where no service runs', () => {
  it('every command says so, and how to start one, and ends with 15', async () => {
    const env = { HEARTHKEY_SOCKET: join(temporaryFolder(), 'admin.sock') };
    for (const [name, args] of [
      ['v-list-users', []],
      ['v-add-user', ['bob', 'password-1', 'b@example.com']],
      ['hearthkey', ['v-list-users']],
    ] as const) {
      const result = await bin(name, [...args], { env });
      expect(result).toMatchObject({ code: 15 });
      expect(result.stderr).toMatch(
        /^Error: no Hearthkey service answers at \S+ \(set by HEARTHKEY_SOCKET\)\n {2}Start it: npm start in \S+\n$/,
      );
    }
  });

  it('also where a killed one left its socket', async () => {
    const path = join(temporaryFolder(), 'admin.sock');
    const child = await runProcess(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect(child.signal).toBe('SIGKILL');
    expect(existsSync(path)).toBe(true);
    const result = await bin('v-list-users', [], { env: { HEARTHKEY_SOCKET: path } });
    expect(result).toMatchObject({ code: 15, stdout: '' });
  });

  it('or where it ends before it has answered', async () => {
    const path = join(temporaryFolder(), 'admin.sock');
    const server = createServer((socket) => socket.on('data', () => socket.destroy())).listen(path);
    const result = await bin('v-list-users', [], { env: { HEARTHKEY_SOCKET: path } });
    server.close();
    expect(result).toMatchObject({ code: 15, stdout: '' });
    expect(result.stderr).toMatch(/^Error: [^\n]+\n$/);
  });
});

describe('what can not be read, written or understood is told in a line', () => {
  const told = (code: number, text: string) => ({
    code,
    stderr: expect.stringMatching(`^Error: ${text}.*\n$`),
  });

  it('a folder as standard input', async () => {
    expect(await bash('v-check-user-password alice - < /')).toMatchObject(
      told(1, 'standard input can not be read'),
    );
  });

  it('a full disk under the output, of the help and of an answer', async () => {
    for (const words of ['hearthkey help', 'v-list-users'])
      expect(await bash(`${words} > /dev/full`)).toMatchObject(told(13, 'the output can not be written'));
  });

  it.each(['HTTP/1.1 400 Bad Request\n', 'null\n'])('another program at the socket: %j', async (answer) => {
    const path = join(temporaryFolder(), 'other.sock');
    const server = createServer((socket) => socket.once('data', () => socket.end(answer)));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const ended = await bin('v-list-users', [], { env: { HEARTHKEY_SOCKET: path } });
    server.close();
    expect(ended).toMatchObject(told(15, `what answers at ${path} is no Hearthkey service`));
  });
});

describe('the command line', () => {
  it('works from any directory, and through a link', async () => {
    const folder = temporaryFolder();
    for (const cwd of ['/', folder, installation]) {
      expect((await bin('v-list-users', ['plain'], { cwd })).stdout).toMatch(/^admin\t/);
    }
    const linked = await bash(`ln -s ${binDir}/v-list-users ./v-list-users && ./v-list-users plain`, {
      cwd: folder,
    });
    expect(linked.stdout).toMatch(/^admin\t/);
  });

  it('finds the service by its data directory alone', async () => {
    const result = await runBin('v-list-users', ['plain'], { env: { HEARTHKEY_DATA_DIR: service.dataDir } });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  it('passes the exit code on', async () => {
    expect((await bin('v-list-user', ['nobody-here'])).code).toBe(3);
    expect((await bin('hearthkey', ['v-list-user', 'nobody-here'])).code).toBe(3);
    expect((await bin('v-check-access-key', [key.id, 'x'.repeat(40), 'v-list-users'])).code).toBe(9);
  });

  it('passes arguments on as they are', async () => {
    const made = await bin('v-add-access-key', ['alice', 'mail-accounts', 'Größe 1', 'json']);
    expect(JSON.parse(made.stdout)).toMatchObject({ COMMENT: 'Größe 1' });
    const file = join(temporaryFolder(), 'made');
    expect((await bin('v-add-access-key', ['alice', `$(touch ${file})`])).code).not.toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('refuses an option that the command does not have with 1; after -- it is an argument', async () => {
    const result = await bin('v-list-audit-events', ['--nonsense']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/^Error: there is no option --nonsense/);
    expect((await bin('v-list-audit-events', ['--', '--nonsense'])).code).toBe(2);
  });

  it('takes the words of a command without options as they are', async () => {
    const result = await bin('v-list-sys-api-ips', ['--nonsense']);
    expect(result).toMatchObject({ code: 2, stdout: 'Error: --nonsense type is invalid\n' });
  });

  it('says so where there is no such command', async () => {
    const result = await bin('hearthkey', ['v-no-such-command']);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('v-no-such-command');
  });

  it('asks whether another command or option was meant', async () => {
    expect((await bin('hearthkey', ['v-lst-users'])).stdout).toContain('did you mean v-list-users?');
    const { stdout } = await bin('v-add-access-key', ['alice', 'mail-accounts', '--expire', '9d']);
    expect(stdout).toContain('did you mean --expires?');
  });

  it('names the arguments that are missing, and those that are too many, on standard error', async () => {
    const missing = await bin('v-add-user', ['bob']);
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringMatching(/^Usage: v-add-user USER /) });
    expect(missing.stderr).toMatch(/^Error: PASSWORD is missing: .*\nError: EMAIL is missing: .*\n$/);
    const more = await bin('v-list-user', ['alice', 'plain', '--all=hunter2']);
    expect(more).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Warning: --all is ignored\. Usage: /),
    });
    const password = await bin('v-change-user-password', ['alice', 'Strong', 'pass', 'words']);
    expect(password).toMatchObject({ code: 0, stderr: expect.not.stringContaining('words') });
    expect(password.stderr).toMatch(/^Warning: what stands after the last argument is ignored\./);
  });

  it('never repeats more than a hundred characters of what was given', async () => {
    const long = 'word '.repeat(1000);
    for (const args of [
      ['v-add-access-key', 'alice', 'mail-accounts', `${long};`],
      ['v-list-access-keys', 'alice', long],
      ['v-add-sys-api-ip', 'x'.repeat(5000)],
      ['v-list-access-key', long],
      ['v-add-access-key', 'alice', `mail-accounts,${'x'.repeat(5000)}`],
      ['v-change-sys-config-value', long, 'yes'],
      [long],
    ]) {
      const { code, stdout } = await bin('hearthkey', args);
      expect(code).not.toBe(0);
      expect(stdout.length).toBeLessThan(300);
    }
  });

  it('takes a secret from standard input for a check', async () => {
    const args = [key.id, '-', 'v-list-mail-domains', '127.0.0.1', 'json'];
    const right = await bin('v-check-access-key', args, { input: `${key.secret}\n` });
    expect(right).toMatchObject({ code: 0 });
    expect(JSON.parse(right.stdout)).toEqual({ USER: 'alice', USER_ARG_POSITION: 1 });
    expect((await bin('v-check-access-key', args, { input: 'wrong\n' })).code).toBe(9);
  });

  it('notes who became root with sudo in the audit', async () => {
    await bin('v-add-sys-api-ip', ['192.0.2.44'], { env: { SUDO_USER: 'olga' } });
    const [event] = (await service.events('--command', 'v-add-sys-api-ip')).slice(-1);
    expect(event).toMatchObject({
      actor: { kind: 'operator', sudoUser: 'olga' },
      target: { address: '192.0.2.44' },
    });
  });

  it('notes the Unix user by number and name', async () => {
    await bin('v-add-sys-api-ip', ['192.0.2.45']);
    const [event] = (await service.events('--command', 'v-add-sys-api-ip')).slice(-1);
    const { uid, username } = userInfo();
    expect(event?.actor).toMatchObject({ kind: 'operator', uid: String(uid), unixUser: username });
  });
});

describe('the completion for bash', () => {
  /** What bash would offer after these words, the last one still being typed. */
  async function offers(...words: string[]): Promise<string[]> {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = `source <(hearthkey completion bash) || exit 1
      COMP_WORDS=(${quoted}); COMP_CWORD=${String(words.length - 1)}
      complete -p '${words[0] ?? ''}' >/dev/null || exit 2
      _hearthkey; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await bash(script);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('completes the names of commands', async () => {
    expect(await offers('hearthkey', 'v-list-ac')).toEqual([
      ...['v-list-access-key', 'v-list-access-key-usage', 'v-list-access-keys'],
    ]);
    expect(await offers('hearthkey', 'compl')).toEqual(['completion']);
  });

  it('completes users, APIs, key IDs, formats and options, under either name', async () => {
    expect(await offers('v-list-user', 'ali')).toEqual(['alice', 'alina']);
    expect(await offers('hearthkey', 'v-list-user', 'ali')).toEqual(['alice', 'alina']);
    expect(await offers('v-list-api', 'mail')).toEqual(['mail-accounts']);
    expect(await offers('v-add-access-key', 'alice', 'mail')).toEqual(['mail-accounts']);
    expect(await offers('v-list-access-key', key.id.slice(0, 6))).toEqual([key.id]);
    expect(await offers('v-list-users', '')).toEqual(['shell', 'json', 'plain']);
    expect(await offers('v-list-audit-events', '--ou')).toEqual(['--outcome']);
    expect(await offers('v-change-sys-config-value', 'API_SYSTEM', '')).toEqual(['0', '1', '2']);
  });

  it('never offers a secret, and offers nothing where no service runs', async () => {
    expect(await offers('v-check-access-key', key.id, '')).toEqual([]);
    const script = 'hearthkey complete v-list-user a; echo "code $?"';
    const { stdout } = await bash(script, { env: { HEARTHKEY_SOCKET: '/nonexistent/admin.sock' } });
    expect(stdout).toBe('code 15\n');
  });
});

describe('a large output', () => {
  const count = 5000;
  beforeAll(async () => {
    const db = service.part<Database>(DATABASE);
    const one = await db
      .selectFrom('access_keys')
      .selectAll()
      .where('id', '=', key.id)
      .executeTakeFirstOrThrow();
    const rows = Array.from({ length: count }, (_, index) => ({
      ...one,
      id: `Many${String(index).padStart(16, '0')}`,
      comment: `Comment number ${String(index)}`,
    }));
    await db.transaction().execute(async (trx) => {
      for (let at = 0; at < count; at += 500) {
        await trx
          .insertInto('access_keys')
          .values(rows.slice(at, at + 500))
          .execute();
      }
    });
  });

  it('comes whole through a pipe whose reader is slow', async () => {
    const { stdout } = await bash('v-list-access-keys "" plain | { sleep 0.5; cat; } | wc -l');
    expect(Number(stdout)).toBeGreaterThanOrEqual(count);
    const { stdout: json } = await bin('v-list-access-keys', ['', 'json']);
    expect(Object.keys(JSON.parse(json) as object).length).toBeGreaterThanOrEqual(count);
  });

  it('cut off by head, it ends without a word', async () => {
    const { stdout, stderr, code } = await bash('v-list-access-keys | head -1; echo "code ${PIPESTATUS[1]}"');
    expect(stdout).toMatch(/^ID +USER [^\n]*\ncode 0\n$/);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('to a reader that went away harms neither the service nor others', async () => {
    const socket = connect(service.config.socketPath);
    socket.write(`${JSON.stringify({ command: 'v-list-access-keys', args: [] })}\n`);
    await sleep(20);
    socket.destroy();
    expect((await service.run('v-list-users')).code).toBe(0);
  });
});

describe('what comes to the socket', () => {
  it.each([
    '',
    '{}',
    'nonsense',
    '[]',
    '{"command":5,"args":[]}',
    '{"command":"v-list-users","args":[5]}',
    'null',
  ])('%j is answered with an error', async (line) => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(service.config.socketPath, () => socket.end(`${line}\n`));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
    });
    const frames = text
      .trim()
      .split('\n')
      .map((frame) => JSON.parse(frame) as { code?: number; stderr?: string });
    expect(frames.at(-1)?.code).toBe(1);
    expect(frames[0]?.stderr).toMatch(/^Error: /);
  });

  it('may come in pieces', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(service.config.socketPath);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.write('{"command":"v-list-us');
      setTimeout(() => socket.end('ers","args":["plain"]}\n'), 30);
    });
    expect(text).toContain('admin');
  });
});
