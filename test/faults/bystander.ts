/** A client with a right secret that has nothing to do with an attack: what it notices of it. */
import { atEnd } from '../support/clean-up.js';
import { Connections, statusOf, type Answer } from './connections.js';
import { decidesNothing, Findings } from './findings.js';
import { requestFor } from './load.js';
import type { Machine } from './machine.js';
import { mostByOthers, watchOthers } from './processors.js';
import { Random } from './random.js';
import type { SeededKey } from './seeded-keys.js';
import { Times } from './statistics.js';
import { steadily, type Rate } from './steadily.js';

export interface BystanderOptions {
  port: number;
  ca?: Buffer | undefined;
  keys: readonly SeededKey[];
  machine: Machine;
  seed: number;
}

export interface Noticed {
  /** On connections that are kept, and that are made for one request. */
  kept: Times;
  fresh: Times;
  /** Of /readyz, on a kept connection. */
  ready: Times;
  /** Of the processors, which others used meanwhile. */
  byOthers: number;
  findings: Findings;
  seconds: number;
}

const perSecond = { kept: 100, fresh: 20, ready: 4 };
const waitLimitMs = 30_000;
/** Load balancers give up on a node that takes longer. */
const readyWithinMs = 1000;
const readyRequest = get('/readyz');
/** No address that an attack comes from. */
const ownAddress = '127.0.0.77';

type Way = 'kept' | 'fresh' | 'ready';

export class Bystander {
  private readonly ways: Readonly<Record<Way, Connections>>;
  private readonly random: Random;

  constructor(private readonly options: BystanderOptions) {
    const { port, ca, seed } = options;
    const own = { ca, from: () => ownAddress };
    this.random = new Random(seed);
    this.ways = {
      kept: new Connections(port, waitLimitMs, own),
      fresh: new Connections(port, waitLimitMs, { ...own, isNewEach: true }),
      ready: new Connections(port, waitLimitMs, { ...own, codeOf: statusOf }),
    };
    atEnd(() => this.close());
  }

  /** So that no first use is among what is measured. */
  async warmUp(): Promise<void> {
    for (const key of this.options.keys) await this.ways.kept.ask(requestOf(key));
  }

  /** How many right ones are answered in a second, as fast as they are. */
  async mostPerSecond(): Promise<number> {
    const beganMs = performance.now();
    let answers = 0;
    const worker = async (): Promise<void> => {
      for (; performance.now() < beganMs + 1500; answers++) await this.ways.kept.ask(this.request());
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    return answers / 1.5;
  }

  /**
   * Asks, until the work is done.
   *
   * @param besides - what else is asked at a steady rate, with an answer that the caller judges
   * @param mayRefuseNew - a service without descriptors refuses new connections, or lets them wait
   */
  async during(
    work: Promise<unknown>,
    { besides = [], mayRefuseNew = false }: { besides?: readonly Rate[]; mayRefuseNew?: boolean } = {},
  ): Promise<Noticed> {
    const noticed: Noticed = {
      ...{ kept: new Times(), fresh: new Times(), ready: new Times() },
      ...{ findings: new Findings(), seconds: 0, byOthers: 0 },
    };
    const beganMs = performance.now();
    const others = watchOthers();
    let isOver = false;
    const done = work.finally(() => (isOver = true));
    const rates: Rate[] = [
      { perSecond: perSecond.kept, ask: () => this.ask('kept', noticed, mayRefuseNew) },
      { perSecond: perSecond.fresh, ask: () => this.ask('fresh', noticed, mayRefuseNew) },
      { perSecond: perSecond.ready, ask: () => this.ask('ready', noticed, mayRefuseNew) },
      ...besides,
    ];
    await Promise.all([done, steadily(rates, () => isOver)]);
    noticed.seconds = (performance.now() - beganMs) / 1000;
    noticed.byOthers = others();
    this.judgeReady(noticed, beganMs);
    return noticed;
  }

  close(): void {
    for (const connections of Object.values(this.ways)) connections.close();
  }

  private request(): Buffer {
    return requestOf(this.random.pick(this.options.keys));
  }

  private async ask(way: Way, noticed: Noticed, mayRefuseNew: boolean): Promise<void> {
    const answer = await this.ways[way].ask(way === 'ready' ? readyRequest : this.request());
    const mayWait = mayRefuseNew && answer.isNew === true;
    if (mayWait && typeof answer.code === 'string') return;
    if (!mayWait) noticed[way].add(answer.tookMs);
    this.judge(way, answer, noticed.findings);
    noticed.findings.judged();
  }

  private judge(way: Way, { code, tookMs }: Answer, { wrong, slow }: Findings): void {
    const { machine } = this.options;
    const endedMs = performance.now();
    const mayRefuse = machine.mayRefuse(endedMs - tookMs, endedMs);
    if (code === (way === 'ready' ? 200 : 0)) return;
    const what = way === 'ready' ? '/readyz' : `a right secret (${way} connection)`;
    const isMachine = mayRefuse && (way === 'ready' || decidesNothing(code));
    (isMachine ? slow : wrong).push(`${what} was answered ${String(code)}`);
  }

  private judgeReady({ ready, byOthers, findings }: Noticed, beganMs: number): void {
    const longestMs = ready.at(1);
    if (longestMs <= readyWithinMs) return;
    const isMachine = byOthers > mostByOthers || this.options.machine.mayRefuse(beganMs, performance.now());
    (isMachine ? findings.slow : findings.wrong).push(`/readyz took ${longestMs.toFixed(0)} ms`);
  }
}

function get(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
}

function requestOf({ id, secret }: SeededKey): Buffer {
  return requestFor(`${id}:${secret}`);
}
