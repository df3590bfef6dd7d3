/** Real nodes, alone or on one database, which can be stopped, killed, cut off and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from '../support/clean-up.js';
import { Client, type CommandAnswer } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { ownEnvironment, ownSettings } from '../support/own-environment.js';
import { within } from '../support/waiting.js';
import type { Line } from '../support/line.js';

export interface NodeOptions {
  settings: Readonly<Record<string, string>>;
  /** The URL of the database, but for the port. */
  databaseUrl?: (port: number) => string;
  /** To the database. */
  line?: Line;
  leaveOut: string | undefined;
  /** Started as it is installed, from the bundle; what is left out, or watched, has to be in files of its own. */
  isBundled?: boolean;
  /** A new one unless said otherwise. */
  dataDir?: string;
  /** Another build of the service than this one's: the folder of its installation. */
  build?: string;
  /** How many files it may have open; as many as this process may, unless said otherwise. */
  descriptorLimit?: number | undefined;
}

/** What watch.mjs counts in a node. */
export interface Watched {
  /** Of argon2. */
  runs: number;
  mostAtOnce: number;
  /** The most that compared something with the same hash. */
  mostForOne: number;
  /** The most that waited for a run. */
  mostWaiting: number;
}

const hook = (name: string): string[] => ['--import', join(installation, 'test/faults', name)];

export class Node {
  readonly dataDir: string;
  private child: ChildProcess | undefined;
  readonly client: Client;
  words = '';
  /** The folder of the installation that it is started from. */
  build: string;

  private constructor(
    readonly port: number,
    private readonly options: NodeOptions,
  ) {
    this.build = options.build ?? installation;
    this.dataDir = options.dataDir ?? join(temporaryFolder(), 'data');
    this.client = new Client(`http://127.0.0.1:${String(port)}`, join(this.dataDir, 'run/admin.sock'));
  }

  static async start(options: NodeOptions): Promise<Node> {
    const node = new Node(await freePort(), options);
    atEnd(() => node.kill());
    await node.start();
    return node;
  }

  get line(): Line {
    if (this.options.line === undefined) throw new Error('this node has no database to be cut off from');
    return this.options.line;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Since it was started. */
  async watched(): Promise<Watched> {
    const { child } = this;
    if (child === undefined) throw new Error('the node does not run');
    child.send('tell');
    const [told] = (await once(child, 'message')) as [Watched];
    return told;
  }

  async start(): Promise<void> {
    const { settings, databaseUrl, line, leaveOut } = this.options;
    const env = ownSettings({
      LISTEN: `127.0.0.1:${String(this.port)}`,
      DATA_DIR: this.dataDir,
      ...(databaseUrl !== undefined && line !== undefined && { DATABASE_URL: databaseUrl(line.port) }),
      LOG_LEVEL: 'warn',
      CONNECTIONS_PER_ADDRESS: '4096', // all clients of a harness have the same one
      FAILURE_LIMIT: '0', // harnesses tell a wrong secret by its own code
      ...settings,
    });
    const [program = '', ...args] = this.command();
    const child = spawn(program, args, {
      cwd: '/',
      env: ownEnvironment({ ...env, ...(leaveOut === undefined ? {} : { LEAVE_OUT: leaveOut }) }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.words = (this.words + text).slice(-20_000)));
    await within(60_000, 'a node starts', () => {
      if (child.exitCode !== null) throw new Error(`a node did not start: ${this.words}`);
      return printed.includes('serves at');
    });
  }

  /**
   * Starts it, and waits until a load balancer would send it requests.
   *
   * @returns how long that took, and how much of it was processor time of its own
   */
  async startUntilReady(): Promise<{ tookMs: number; processorMs: number }> {
    const beganMs = performance.now();
    await this.start();
    await within(60_000, 'a node is ready', async () => {
      const answer = await fetch(`${this.client.url}/readyz`).catch(() => undefined);
      return answer?.ok === true;
    });
    return { tookMs: performance.now() - beganMs, processorMs: processorMs(this.pid) };
  }

  private command(): string[] {
    const { leaveOut, descriptorLimit, isBundled = false } = this.options;
    const bundle = join(this.build, 'dist/bundle/serve.js');
    // The many modules of the other one are opened at once. prlimit becomes the node, with its ID.
    if (descriptorLimit !== undefined)
      return ['prlimit', `--nofile=${String(descriptorLimit)}`, process.execPath, bundle];
    if (isBundled) return [process.execPath, bundle];
    const before = [...hook('watch.mjs'), ...(leaveOut === undefined ? [] : hook('leave-out.mjs'))];
    return [process.execPath, ...before, join(this.build, 'dist/main.js')];
  }

  run(command: string, ...args: string[]): Promise<CommandAnswer> {
    return this.client.run(command, ...args);
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill(signal);
    await once(child, 'close');
  }
}

/** Of a process, in its kernel's hundredths of a second; NaN where the system does not tell it as Linux does. */
function processorMs(pid: number): number {
  const file = `/proc/${String(pid)}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
