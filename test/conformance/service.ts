/** One real, built service with its own data, and its real command line. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { ownEnvironment } from '../support/own-environment.js';
import { askOverSocket } from './admin-socket.js';
import type { CaseFolder } from './case-folder.js';
import type { CliAnswer } from './compare.js';
import { Host } from './host.js';
import { start } from './processes.js';

export interface ServiceOptions {
  /** Where package.json, dist and bin are. */
  readonly installation: string;
  readonly folder: CaseFolder;
  readonly rootUser?: string | undefined;
  readonly lang: string;
}

const COMMAND_TIMEOUT_MS = 300_000;

export class Service {
  readonly folder: CaseFolder;
  readonly port: number;
  readonly #options: ServiceOptions;
  readonly #host: Host;

  private constructor(options: ServiceOptions, port: number, host: Host) {
    this.#options = options;
    this.folder = options.folder;
    this.port = port;
    this.#host = host;
  }

  /** Starts a service; it answers when this returns. */
  static async start(options: ServiceOptions): Promise<Service> {
    const { installation, lang } = options;
    const host = Host.take(installation, environmentOf(lang));
    const service = new Service(options, await freePort(), host);
    await host.startService(settingsOf(options, service.port));
    return service;
  }

  /** What the service has printed. */
  get log(): string {
    return this.#host.log;
  }

  /** Runs one command of the command line as a process: arguments as they are, no shell, empty standard input. */
  async run(argv: readonly string[]): Promise<CliAnswer> {
    const [name = '', ...args] = argv;
    const file = join(this.#options.installation, 'bin', name);
    if (name === '' || name.includes('/') || !existsSync(file)) throw new Error(`there is no bin/${name}`);
    const child = start(file, args, {
      cwd: this.folder.workDir,
      env: {
        ...environmentOf(this.#options.lang),
        HOME: this.folder.workDir,
        TMPDIR: this.folder.tempDir,
        HEARTHKEY_SOCKET: socketOf(this.folder),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { adapter: 'cli', exitCode, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() };
  }

  /** The same over the socket that the command line uses, for what the harness itself wants to know. */
  async ask(argv: readonly string[]): Promise<CliAnswer> {
    return askOverSocket(socketOf(this.folder), argv);
  }

  /** Ends the service in order; says what was amiss, if anything. */
  async stop(): Promise<string | undefined> {
    const problem = await this.#host.stopService();
    return problem === undefined ? undefined : `at the end of the service: ${problem}`;
  }
}

function settingsOf({ folder, rootUser }: ServiceOptions, port: number): NodeJS.ProcessEnv {
  return {
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
function environmentOf(lang: string): NodeJS.ProcessEnv {
  const { TZ } = process.env;
  return ownEnvironment({ LANG: lang, ...(TZ === undefined ? {} : { TZ }) });
}

function socketOf(folder: CaseFolder): string {
  return join(folder.dataDir, 'run/admin.sock');
}
