/** The built service and its command line as real processes. None of them outlives its test file. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './clean-up.js';
import { Client } from './client.js';
import { installation } from './folders.js';
import { ownEnvironment, ownSettings } from './own-environment.js';
import { patienceMs } from './waiting.js';

const running = new Set<ChildProcess>();

export interface ProcessResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  input?: string;
  timeoutMs?: number;
}

export class ServiceProcess extends Client {
  private constructor(
    private readonly child: ChildProcess,
    private readonly result: Promise<ProcessResult>,
    private readonly printed: { stdout: string; stderr: string },
    readonly dataDir: string,
    url: string,
    socketPath: string,
    ca: Buffer | undefined,
  ) {
    super(url, socketPath, ca);
  }

  /**
   * @param settings - without `HEARTHKEY_`; a free port and a new data directory unless they say otherwise
   * @param ca - who signed the certificate in the settings
   * @param more - variables of the program's own, such as NODE_OPTIONS
   */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    ca?: Buffer,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> {
    const env = { ...ownSettings(settings), ...more };
    const dataDir = env['HEARTHKEY_DATA_DIR'] ?? '';
    const socketPath = settings['SOCKET'] ?? join(dataDir, 'run/admin.sock');
    const { child, printed, result } = launch(process.execPath, [mainFile()], { env });
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const url = /serves at (https?:\/\/\S+)\/api\//.exec(printed.stdout)?.[1];
      if (url !== undefined) return new ServiceProcess(child, result, printed, dataDir, url, socketPath, ca);
      if (hasEnded(child) || performance.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`the service did not start: ${printed.stderr}`);
      }
      await sleep(10);
    }
  }

  /** Starts one that is expected to end by itself. */
  static async startAndEnd(settings: Readonly<Record<string, string>>): Promise<ProcessResult> {
    return runProcess(process.execPath, [mainFile()], { env: ownSettings(settings) });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get stdout(): string {
    return this.printed.stdout;
  }

  get stderr(): string {
    return this.printed.stderr;
  }

  /** One of bin/, as an operator runs it. */
  bin(name: string, args: readonly string[] = [], options: RunOptions = {}): Promise<ProcessResult> {
    return runBin(name, args, { ...options, env: { HEARTHKEY_SOCKET: this.socketPath, ...options.env } });
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessResult> {
    this.child.kill(signal);
    return this.result;
  }
}

export function runBin(
  name: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<ProcessResult> {
  mainFile();
  const places = ['HEARTHKEY_SOCKET', 'HEARTHKEY_DATA_DIR', 'HEARTHKEY_ENV_FILE'];
  if (!places.some((place) => place in (options.env ?? {})))
    throw new Error('say which service: the command line would look for one of this machine');
  return runProcess(join(installation, 'bin', name), args, options);
}

export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProcessResult> {
  const { child, result } = launch(command, args, options);
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? patienceMs);
  const ended = await result;
  clearTimeout(timer);
  return ended;
}

function launch(command: string, args: readonly string[], { cwd, env, input }: RunOptions) {
  const child = spawn(command, args, {
    cwd: cwd ?? '/',
    env: ownEnvironment(env),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (printed.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (printed.stderr += chunk));
  child.stdin?.on('error', () => undefined).end(input);
  const result = (async (): Promise<ProcessResult> => {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    running.delete(child);
    return { code, signal, ...printed };
  })();
  return { child, printed, result };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

let isBuilt = false;

/** The service, built first where it is not of the sources as they are (`npm test` has built it before). */
function mainFile(): string {
  if (!isBuilt) {
    const script = 'import(process.argv[1]).then(({ prepare }) => prepare())';
    const args = ['-e', script, join(installation, 'scripts/lib/prepare.mjs')];
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error('the build failed: run npm run build');
  }
  isBuilt = true;
  return join(installation, 'dist/bundle/serve.js');
}

atEnd(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
