/** Processes that run the built service for one case after another (host.mjs). */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './processes.js';

const LOG_LIMIT = 200_000;

/** What an order may take; longer, and the host is given up. */
const ORDER_TIMEOUT_MS = 300_000;

/** Those that have no service at the moment, by what they were started with. */
const idle = new Map<string, Host[]>();

export class Host {
  /** What the service of the present case has printed. */
  log = '';
  readonly #child: ChildProcess;
  readonly #kind: string;
  readonly #ended: Promise<string>;

  private constructor(installation: string, environment: NodeJS.ProcessEnv, kind: string) {
    this.#kind = kind;
    this.#child = start(process.execPath, [join(import.meta.dirname, 'host.mjs'), installation], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#ended = once(this.#child, 'exit').then(() => `it ended:\n${this.log.slice(-2000)}`);
    const keep = (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-LOG_LIMIT));
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  /** @param environment - of the process, besides the settings */
  static take(installation: string, environment: NodeJS.ProcessEnv): Host {
    const kind = JSON.stringify([installation, environment]);
    return idle.get(kind)?.pop() ?? new Host(installation, environment, kind);
  }

  /** @throws Error that says why the service didn't start */
  async startService(settings: NodeJS.ProcessEnv): Promise<void> {
    this.log = '';
    const problem = await this.#order({ settings });
    if (problem === undefined) return;
    this.#child.kill('SIGKILL');
    throw new Error(`the service didn't start: ${problem}\n${this.log.slice(-2000)}`);
  }

  /** @returns what was amiss, if anything */
  async stopService(): Promise<string | undefined> {
    const problem = await this.#order({});
    if (problem === undefined) idle.set(this.#kind, [...(idle.get(this.#kind) ?? []), this]);
    else this.#child.kill('SIGKILL');
    return problem;
  }

  async #order(order: object): Promise<string | undefined> {
    const answered = once(this.#child, 'message').then(
      ([answer]) => (answer as { problem?: string }).problem,
    );
    const late = sleep(ORDER_TIMEOUT_MS, 'it took too long', { ref: false });
    if (this.#child.connected) this.#child.send(order);
    return Promise.race([answered, this.#ended, late]);
  }
}
