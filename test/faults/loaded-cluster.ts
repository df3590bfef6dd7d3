/** Three nodes under a steady load, for harnesses that break what the nodes need and watch what callers get. */
import { startServedCluster, type ServedCluster } from './cluster.js';
import type { FaultOptions } from './fault.js';
import { Random } from './random.js';
import { Seconds } from './seconds.js';
import { Traffic, type Asked, type Kind } from './traffic.js';

export interface LoadOptions {
  /** For all nodes together. */
  perSecond: Readonly<Record<Kind, number>>;
  /** How long there have to be keys that nobody has used yet. */
  lastsMs: number;
  /** After which a caller gives up. */
  limitMs: number;
  leaseMs?: number;
  /** Of a Redis that runs already. */
  redisUrl?: string;
  /** The state in which nothing is broken. */
  quietState: string;
}

export class LoadedCluster {
  /** What is broken right now. */
  state: string;
  readonly seconds: Seconds;
  private traffic: Traffic | undefined;

  private constructor(
    readonly cluster: ServedCluster,
    readonly random: Random,
    print: FaultOptions['print'],
    private readonly options: LoadOptions,
  ) {
    this.state = options.quietState;
    this.seconds = new Seconds(print, () => this.state);
  }

  /** Nobody asks anything yet. */
  static async start({ seed, without, print }: FaultOptions, options: LoadOptions): Promise<LoadedCluster> {
    if (without !== undefined) print(`without ${without}: something wrong has to be found`);
    const firstUses = (options.lastsMs * options.perSecond['first use']) / 1000;
    const cluster = await startServedCluster({
      keys: Math.ceil(firstUses / 3) + 20,
      leaveOut: without,
      ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
      ...(options.redisUrl !== undefined && { redisUrl: options.redisUrl }),
    });
    return new LoadedCluster(cluster, new Random(seed), print, options);
  }

  /** From now on there is the load. */
  load(take: (asked: Asked) => void): void {
    const { nodes, keys } = this.cluster;
    const { perSecond, limitMs } = this.options;
    this.traffic = new Traffic({
      ...{ nodes, keys, random: this.random, perSecond, limitMs },
      onAnswer: (asked) => {
        this.seconds.add(asked.kind, asked.answer.code, asked.answer.tookMs);
        take(asked);
      },
    });
  }

  quiesce(): void {
    this.state = this.options.quietState;
  }

  /** Returns when all callers have their answers. */
  async stopLoad(): Promise<void> {
    await this.traffic?.stop();
    this.seconds.stop();
  }
}
