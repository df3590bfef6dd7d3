import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../test/support/client.js';
import { freePort } from '../test/support/free-port.js';
import { ownEnvironment } from '../test/support/own-environment.js';
import { endAtExit, removeAtExit } from './at-exit.js';

const root = resolve(import.meta.dirname, '..');
/** On a busy machine, with a store that is large. */
const startLimitMs = 180_000;

/** The built service as a process of its own, on a data directory that goes with it. */
export class BenchService {
  private child: ChildProcess | undefined;
  port = 0;
  readonly dataDir = removeAtExit(mkdtempSync(join(tmpdir(), 'hearthkey-bench-')));

  /** @param program - what Node.js is given to run */
  constructor(
    private readonly settings: Readonly<Record<string, string>> = {},
    private readonly program: readonly string[] = [join(root, 'dist/bundle/serve.js')],
  ) {}

  async start(): Promise<void> {
    const port = await freePort();
    this.port = port;
    const child = spawn(process.execPath, this.program, {
      env: this.environment({ HEARTHKEY_LISTEN: `127.0.0.1:${String(port)}` }),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child = endAtExit(child);
    const untilMs = performance.now() + startLimitMs;
    while (performance.now() < untilMs) {
      if (child.exitCode !== null) throw new Error('the service ended');
      if (await isReady(port)) return;
      await sleep(100);
    }
    throw new Error('the service did not get ready');
  }

  async stop(): Promise<void> {
    if (this.child !== undefined && this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    for (const folder of [this.dataDir, `${this.dataDir}-audit`])
      rmSync(folder, { recursive: true, force: true });
  }

  /** Of its admin socket. */
  get client(): Client {
    return new Client('', join(this.dataDir, 'run/admin.sock'));
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Runs a command of bin/ to its end; milliseconds, and what it printed. */
  command(name: string, args: readonly string[]): { ms: number; code: number | null; output: string } {
    return timed(join(root, 'bin', name), args, this.environment());
  }

  /** The same; throws unless it ends with 0, or with one of these codes. */
  ok(name: string, args: readonly string[], otherCodes: readonly number[] = []): void {
    const { code, output } = this.command(name, args);
    if (code !== 0 && !otherCodes.includes(code ?? -1))
      throw new Error(`${name} ended with ${String(code)}: ${output}`);
  }

  /** Lets keys of every user in, from this machine. */
  open(): void {
    this.ok('v-change-sys-config-value', ['API_SYSTEM', '2']);
    this.ok('v-add-sys-api-ip', ['127.0.0.1']);
  }

  /** @returns the body; throws unless the status is 200 */
  async post(path: string, type: string, body: string): Promise<string> {
    const url = `http://127.0.0.1:${String(this.port)}${path}`;
    const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${String(response.status)} ${text}`);
    return text;
  }

  /** Reads /metrics; throws unless they are answered. */
  async scrape(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${String(this.port)}/metrics`);
    const text = await response.text();
    if (!text.includes('hearthkey_access_keys')) throw new Error(`${String(response.status)} ${text}`);
  }

  /** Node.js with nothing to do, in the same environment as the commands. */
  startNode(): number {
    return timed(process.execPath, ['-e', '0'], this.environment()).ms;
  }

  environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const socket = join(this.dataDir, 'run/admin.sock');
    const own = { HEARTHKEY_DATA_DIR: this.dataDir, HEARTHKEY_SOCKET: socket, HEARTHKEY_LOG_LEVEL: 'error' };
    return ownEnvironment({ ...own, ...this.settings, ...more });
  }
}

/** Runs a program to its end. */
function timed(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const startMs = performance.now();
  const { status, stdout } = spawnSync(file, args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { ms: performance.now() - startMs, code: status, output: stdout };
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${String(port)}/readyz`)).ok;
  } catch {
    return false;
  }
}
