/** The built service as a process that is going to be mistreated. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/clean-up.js';
import { Client, type Event, type Key } from '../support/client.js';
import { ownEnvironment } from '../support/own-environment.js';
import { patienceMs } from '../support/waiting.js';

const main = resolve(import.meta.dirname, '../../dist/bundle/serve.js');

export class FaultService extends Client {
  private constructor(
    private readonly child: ChildProcess,
    readonly dataDir: string,
    url: string,
  ) {
    super(url, join(dataDir, 'run/admin.sock'));
  }

  /** @param settings - more of them, with `HEARTHKEY_` */
  static async start(
    dataDir: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<FaultService> {
    const own = {
      HEARTHKEY_LISTEN: '127.0.0.1:0',
      HEARTHKEY_DATA_DIR: dataDir,
      HEARTHKEY_LOG_LEVEL: 'silent',
    };
    const env = ownEnvironment({ ...own, ...settings });
    const child = spawn(process.execPath, [main], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
    atEnd(() => {
      child.kill('SIGKILL');
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    }
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const url = /serves at (http:\/\/\S+)\/api\//.exec(printed)?.[1];
      if (url !== undefined) return new FaultService(child, dataDir, url);
      if (child.exitCode !== null || performance.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`the service did not start: ${printed}`);
      }
      await sleep(10);
    }
  }

  /** Lets this machine in. */
  async open(): Promise<void> {
    await this.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await this.ok('v-add-sys-api-ip', '127.0.0.0/8');
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }

  /** The number of the newest line of the record. */
  async newestLine(): Promise<number> {
    return Number((await this.ok('v-verify-audit', '--head')).split(':')[0]);
  }

  /** What `v-verify-audit` has to say against the record, from that line on. */
  async verify(from = 1): Promise<string | undefined> {
    const { code, stdout } = await this.run('v-verify-audit', '--from', String(from));
    return code === 0 ? undefined : `v-verify-audit ends with ${String(code)}: ${stdout}`;
  }
}

/** An event with its number in the record. */
export type RecordedEvent = Event & { seq: number };

/** Every line of the record that is one, rotated files too, oldest first. */
export function readRecord(dataDir: string): RecordedEvent[] {
  const folder = join(dataDir, 'audit');
  const names = readdirSync(folder).filter((name) => name.startsWith('events.jsonl'));
  const lines = names.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1));
  const events = lines.flatMap((line) => parse(line) ?? []);
  return events.sort((one, other) => one.seq - other.seq);
}

function parse(line: string): RecordedEvent | undefined {
  try {
    return JSON.parse(line) as RecordedEvent;
  } catch {
    return undefined; // a torn one, or one that was cut on purpose
  }
}

/** Clients that ask without a pause until they are stopped, or the service is gone. */
export class Load {
  /** Of the requests that were allowed: the mark that each carried. */
  readonly allowed: string[] = [];
  /** Denied with a right secret. */
  readonly denied: string[] = [];
  /** Refused with 13, and when, by `performance.now()`. */
  readonly unrecorded: number[] = [];
  readonly otherAnswers = new Map<string, number>();
  private isStopped = false;
  private readonly workers: Promise<void>[];

  /**
   * @param name - letters and digits, part of each mark, so that no two loads use the same
   * @param key - may run everything
   * @param limited - may run nothing
   */
  constructor(service: Client, name: string, key: Key, limited: Key, clients = 6) {
    this.workers = Array.from({ length: clients }, (_, index) =>
      this.work(service, `${name}x${String(index)}`, index % 3 === 2 ? limited : key),
    );
  }

  get answered(): number {
    return this.allowed.length + this.denied.length;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.workers);
  }

  private async work(service: Client, name: string, key: Key): Promise<void> {
    for (let number = 0; !this.isStopped; number++) {
      // The ID of a key that is not there, so an allowed one ends with 3; the decision before is what counts.
      const mark = `${name}x${String(number)}x`.padEnd(20, '0');
      const answer = await service.call(key, 'v-list-access-key', [mark]).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.code === 3) this.allowed.push(mark);
      else if (answer.code === 10) this.denied.push(mark);
      else if (answer.code === 13) this.unrecorded.push(performance.now());
      else {
        const told = `${String(answer.status)} ${String(answer.code)} ${answer.body.slice(0, 80)}`;
        this.otherAnswers.set(told, (this.otherAnswers.get(told) ?? 0) + 1);
      }
    }
  }
}

/** Marks of answered requests whose decision is not in the record. */
export function lostMarks(load: Load, record: readonly Event[]): string[] {
  const recorded = (outcome: string): Set<string | undefined> =>
    new Set(
      record
        .filter((event) => event.type === 'decision' && event.outcome === outcome)
        .map(({ args }) => args?.[0]),
    );
  const allowed = recorded('allow');
  const denied = recorded('deny');
  return [
    ...load.allowed.filter((mark) => !allowed.has(mark)),
    ...load.denied.filter((mark) => !denied.has(mark)),
  ];
}
