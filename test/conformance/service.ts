/** One real, built service with its own data, and its real command line. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { askOverSocket } from './admin-socket.js';
import type { CaseFolder } from './case-folder.js';
import type { CliAnswer } from './compare.js';
import { start } from './processes.js';

export interface ServiceOptions {
  /** Where package.json, dist and bin are. */
  readonly installation: string;
  readonly folder: CaseFolder;
  readonly rootUser?: string | undefined;
  readonly lang: string;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const COMMAND_TIMEOUT_MS = 60_000;
const LOG_LIMIT = 200_000;

export class Service {
  readonly folder: CaseFolder;
  readonly port: number;
  readonly #options: ServiceOptions;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(options: ServiceOptions, port: number) {
    this.#options = options;
    this.folder = options.folder;
    this.port = port;
    this.#child = start(process.execPath, [join(options.installation, 'dist/main.js')], {
      cwd: options.folder.workDir,
      env: serviceEnvironment(options, port),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-LOG_LIMIT));
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  /** Starts a service and waits until `/readyz` answers 200. */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options, await freePort());
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await isReady(service.port))) {
      if (service.#hasEnded())
        throw new Error(`the service ended at its start:\n${service.log.slice(-2000)}`);
      if (Date.now() > deadline) {
        await service.stop();
        throw new Error(`the service wasn't ready in time:\n${service.log.slice(-2000)}`);
      }
      await sleep(40);
    }
    return service;
  }

  /** What the service has printed. */
  get log(): string {
    return this.#log;
  }

  /** Runs one command of the command line as a process: arguments as they are, no shell, empty standard input. */
  async run(argv: readonly string[]): Promise<CliAnswer> {
    const [name = '', ...args] = argv;
    const file = join(this.#options.installation, 'bin', name);
    if (name === '' || name.includes('/') || !existsSync(file)) throw new Error(`there is no bin/${name}`);
    const child = start(file, args, {
      cwd: this.folder.workDir,
      env: { ...baseEnvironment(this.#options), HEARTHKEY_SOCKET: socketOf(this.folder) },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { face: 'cli', exitCode, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() };
  }

  /** The same over the socket that the command line uses, for what the harness itself wants to know. */
  async ask(argv: readonly string[]): Promise<CliAnswer> {
    return askOverSocket(socketOf(this.folder), argv);
  }

  /** Asks the service to end and waits for it; says what was amiss, if anything. */
  async stop(): Promise<string | undefined> {
    if (this.#hasEnded()) return `the service had ended by itself:\n${this.log.slice(-2000)}`;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    if (await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]))
      return undefined;
    this.#child.kill('SIGKILL');
    await ended;
    return 'the service did not end on SIGTERM';
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }
}

function serviceEnvironment(options: ServiceOptions, port: number): NodeJS.ProcessEnv {
  const { folder, rootUser } = options;
  return {
    ...baseEnvironment(options),
    HEARTHKEY_LISTEN: `127.0.0.1:${port}`,
    HEARTHKEY_DATA_DIR: folder.dataDir,
    HEARTHKEY_SOCKET: socketOf(folder),
    HEARTHKEY_COMMANDS_DIR: folder.commandsDir,
    HEARTHKEY_TMP_DIR: folder.tempDir,
    HEARTHKEY_TRUSTED_PROXIES: '127.0.0.2',
    ...(rootUser === undefined ? {} : { HEARTHKEY_ROOT_USER: rootUser }),
  };
}

/** Nothing of the caller's HEARTHKEY_* reaches the service; only what every program needs. */
function baseEnvironment({ folder, lang }: ServiceOptions): NodeJS.ProcessEnv {
  const { PATH, TZ } = process.env;
  return {
    PATH,
    HOME: folder.workDir,
    TMPDIR: folder.tempDir,
    LANG: lang,
    ...(TZ === undefined ? {} : { TZ }),
  };
}

function socketOf(folder: CaseFolder): string {
  return join(folder.dataDir, 'run/admin.sock');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 5000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
