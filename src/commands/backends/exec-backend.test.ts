import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsDirectory, temporaryFolder } from '../../../test/support/folders.js';
import { patienceMs, within } from '../../../test/support/waiting.js';
import { CommandsDir } from '../../catalogue/commands-dir.js';
import { FileTrust } from '../../catalogue/file-trust.js';
import type { CommandResult } from '../builtin-command.js';
import { ExecBackend, startFailure, type ExecBackendOptions } from './exec-backend.js';

const folder = temporaryFolder();
let commands: CommandsDir;
let problems: string[] = [];

beforeAll(() => {
  const scripts = {
    'v-args': { script: 'for arg in "$@"; do printf "[%s]\\n" "$arg"; done' },
    'v-environment': { script: 'env | sort; pwd' },
    'v-code': { script: 'echo some output; exit "$1"' },
    'v-signal': { script: 'kill -s "$1" $$' },
    'v-stderr': { script: 'echo for the log >&2; echo for the client' },
    'v-stdin': { script: 'cat; echo end' },
    'v-flood': { script: 'yes' },
    'v-much': { script: 'head -c "$1" /dev/zero | tr "\\0" x' },
    'v-stderr-flood': { script: 'head -c 1000000 /dev/zero >&2; echo done' },
    'v-sleep': { script: 'sleep 30' },
    'v-family': { script: 'sh -c "sleep 30" & echo $! > "$1"; sh -c "while :; do sleep 30; done"' },
    'v-escaped': { script: 'setsid sleep 600 & echo $! > "$1"; sleep 30' },
    'v-stubborn': { script: 'trap "" TERM INT HUP; while :; do sleep 1; done' },
    'v-utf8': { script: 'printf "ü€😀"' },
    'v-whoami': { script: 'id -u; id -g; id -G' },
  };
  commands = new CommandsDir(commandsDirectory(scripts));
});

function optionsFor(onProblem: (problem: string) => void): ExecBackendOptions {
  return {
    timeoutMs: 20_000,
    outputLimitBytes: 100_000,
    runAs: undefined,
    throughSudo: false,
    trust: new FileTrust(true),
    environment: {},
    onProblem,
  };
}

function run(
  name: string,
  args: readonly string[] = [],
  options: Partial<ExecBackendOptions> = {},
): Promise<CommandResult> {
  problems = [];
  const backend = new ExecBackend(commands, {
    ...optionsFor((problem) => problems.push(problem)),
    ...options,
  });
  return backend.run(name, args);
}

/** Runs it into its time limit, a longer one where it had started nothing yet; the process that it names in the file. */
async function startedUntilLimit(name: string, file: string): Promise<number> {
  for (let timeoutMs = 300; ; timeoutMs *= 2) {
    expect((await run(name, [file], { timeoutMs })).code).toBe(124);
    if (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
      return Number(readFileSync(file, 'utf8'));
  }
}

/** Whether a process runs: one that has ended and waits to be collected doesn't. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a command through sudo', () => {
  it('runs as root, with its arguments as they are, whatever they look like', async () => {
    const args = ['-u', 'nobody', '--', '$(id)', 'VAR=1', ''];
    const { code, output } = await run('v-args', args, { throughSudo: true });
    expect(output).toBe(args.map((arg) => `[${arg}]\n`).join(''));
    expect(code).toBe(0);
    const { output: id } = await run('v-whoami', [], { throughSudo: true });
    expect(id.split('\n')[0]).toBe('0');
  });

  it('really went through it, and its exit code comes back', async () => {
    const { output } = await run('v-environment', [], { throughSudo: true });
    expect(output).toMatch(/^SUDO_COMMAND=.*v-environment/m);
    expect((await run('v-code', ['7'], { throughSudo: true })).code).toBe(7);
  });

  it('is answered at its time limit', async () => {
    const { code } = await run('v-sleep', [], { throughSudo: true, timeoutMs: 300 });
    expect(code).toBe(124);
  });
});

describe('the arguments of a command', () => {
  const marker = join(folder, 'ran');

  it('arrive as they are, whatever a shell would make of them', async () => {
    const args = [
      `; touch ${marker}`,
      `$(touch ${marker})`,
      `\`touch ${marker}\``,
      `| tee ${marker}`,
      `> ${marker}`,
      '*',
      '~',
      '$HOME',
      "it's",
      '"quoted"',
      'back\\slash',
      'two  blanks',
      '',
      'line\nend',
      '-n',
      '--',
      'ü€😀',
    ];
    const { code, output } = await run('v-args', args);
    expect(output).toBe(args.map((arg) => `[${arg}]\n`).join(''));
    expect(code).toBe(0);
    expect(existsSync(marker)).toBe(false);
  });

  it('that are too long to pass on are refused with 2', async () => {
    expect(await run('v-args', ['x'.repeat(200_000)])).toMatchObject({ code: 2 });
    expect(
      await run(
        'v-args',
        Array.from({ length: 13 }, () => 'x'.repeat(250_000)),
      ),
    ).toMatchObject({ code: 2 });
  });
});

describe('the environment of a command', () => {
  it('has nothing of the service in it', async () => {
    process.env['HEARTHKEY_TEST_SECRET'] = 'hunter2';
    const { output } = await run('v-environment');
    delete process.env['HEARTHKEY_TEST_SECRET'];
    const names = output.split('\n').map((line) => line.split('=')[0]);
    expect(
      names.filter((name) => !['LANG', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', '_', '/', ''].includes(name!)),
    ).toEqual([]);
    expect(output).not.toContain('hunter2');
    expect(output).toContain('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n');
    expect(output).toMatch(/\n\/\n$/);
  });

  it('has no standard input that it could wait for', async () => {
    expect(await run('v-stdin')).toEqual({ code: 0, output: 'end\n' });
  });
});

describe('the result of a command', () => {
  it.each([0, 1, 2, 3, 12, 255])('has its exit code %d, and what it printed', async (code) => {
    expect(await run('v-code', [String(code)])).toEqual({ code, output: 'some output\n' });
  });

  it.each([
    ['TERM', 143],
    ['KILL', 137],
    ['HUP', 129],
  ])('after SIG%s is %d, as a shell tells it', async (signal, code) => {
    expect((await run('v-signal', [signal])).code).toBe(code);
  });

  it('has nothing of standard error, however much there is', async () => {
    expect(await run('v-stderr')).toEqual({ code: 0, output: 'for the client\n' });
    expect(await run('v-stderr-flood')).toEqual({ code: 0, output: 'done\n' });
  });

  it('is read as UTF-8', async () => {
    expect((await run('v-utf8')).output).toBe('ü€😀');
  });

  it('is 3 where the command is missing, and the log is told', async () => {
    expect(await run('v-nothing')).toEqual({
      code: 3,
      output: "Error: v-nothing can't be run on this server\n",
      isMissing: true,
    });
    expect(problems).toEqual(['v-nothing could not be started: ENOENT']);
  });

  it('is 3 where it vanished after it was found', async () => {
    const vanishing = new CommandsDir(commandsDirectory({ 'v-gone': { script: 'exit 0' } }), () => 0);
    const backend = new ExecBackend(vanishing, {
      timeoutMs: patienceMs,
      outputLimitBytes: 1000,
      runAs: undefined,
      throughSudo: false,
      trust: new FileTrust(true),
      environment: {},
      onProblem: () => undefined,
    });
    expect(backend.has('v-gone')).toBe(true);
    rmSync(vanishing.executable('v-gone'));
    expect(backend.has('v-gone')).toBe(true);
    expect((await backend.run('v-gone', [])).code).toBe(3);
  });
});

describe('the limits of a command', () => {
  it('end one that takes too long with 124, and say so', async () => {
    const result = await run('v-sleep', [], { timeoutMs: 300 });
    expect(result).toEqual({
      code: 124,
      output: 'Error: v-sleep did not end within 0.3 s and was stopped\n',
    });
    expect(problems).toHaveLength(1);
  });

  it('end with it everything that it started', async () => {
    const file = join(folder, 'pid');
    const pid = await startedUntilLimit('v-family', file);
    await within(1000, 'the grandchild has ended', () => !isAlive(pid));
  });

  it('end also one that takes no hint', async () => {
    expect((await run('v-stubborn', [], { timeoutMs: 300 })).code).toBe(124);
  });

  it('do not wait for what has left its group and holds on to its output', async () => {
    const pid = await startedUntilLimit('v-escaped', join(folder, 'pid'));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('end one that prints without end, with 8', async () => {
    const result = await run('v-flood');
    expect(result).toEqual({
      code: 8,
      output: 'Error: v-flood printed more than is allowed and was stopped\n',
    });
  });

  it('let through exactly as much output as is allowed', async () => {
    expect((await run('v-much', ['1000'], { outputLimitBytes: 1000 })).output).toHaveLength(1000);
    expect((await run('v-much', ['1001'], { outputLimitBytes: 1000 })).code).toBe(8);
  });

  it('do not hold up what ends in time', async () => {
    expect((await run('v-code', ['0'], { timeoutMs: 2 ** 31 - 1 })).code).toBe(0);
  });
});

it('a command runs as the user that is set, with none of the groups of the service', async () => {
  if (process.getuid?.() !== 0) return; // only root may become another user
  const { output } = await run('v-whoami', [], { runAs: { uid: 65_534, gid: 65_534 } });
  expect(output).toBe('65534\n65534\n65534\n');
});

it('only a command that is not there, or may not be run, is missing; what is short at the moment is busy', () => {
  const failure = (code: string) => startFailure('v-x', Object.assign(new Error(code), { code }));
  for (const code of ['ENOENT', 'EACCES']) expect(failure(code)).toMatchObject({ code: 3, isMissing: true });
  for (const code of ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'EPERM']) {
    expect(failure(code)).toEqual({ code: 14, output: "Error: v-x can't be run at this moment\n" });
  }
});

it('at most 64 executables run at a time: others wait, and too many are told so', async () => {
  const scripts = { 'v-held': { script: 'echo >> "$1"; while [ ! -e "$2" ]; do sleep 0.2; done' } };
  const backend = new ExecBackend(new CommandsDir(commandsDirectory(scripts)), {
    timeoutMs: patienceMs,
    outputLimitBytes: 1000,
    runAs: undefined,
    throughSudo: false,
    trust: new FileTrust(true),
    environment: {},
    onProblem: () => undefined,
  });
  const [begun, mayEnd] = [join(folder, 'begun'), join(folder, 'may-end')];
  const count = (): number => (existsSync(begun) ? readFileSync(begun).length : 0);
  const results = Array.from({ length: 70 }, () => backend.run('v-held', [begun, mayEnd]));
  await within(30_000, '64 run', () => count() >= 64);
  // As this process has started them, whether they have written yet or not.
  const children = process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap');
  expect([children.length, count()]).toEqual([64, 64]);
  writeFileSync(mayEnd, '');
  expect(new Set((await Promise.all(results)).map(({ code }) => code))).not.toContain(3);
});
