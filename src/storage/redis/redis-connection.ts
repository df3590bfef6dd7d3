import type { Redis } from 'ioredis';
import { inTime } from './in-time.js';
import { createRedisClient, type RedisClient, type RedisTarget } from './redis-client.js';
import { isRefusal, reasonOf, takesNoWrites } from './redis-errors.js';
import { mastersOf, tryOut } from './redis-masters.js';

/** A text is answered as its bytes. */
export type RedisAnswer = Buffer | number | null;

/** A script that Redis keeps: only its first run on a connection sends the text. */
export interface RedisScript {
  /** A name that no command of Redis has. */
  name: string;
  numberOfKeys: number;
  lua: string;
}

export interface RedisEvents {
  /** It is out of reach: called once each time, not with every attempt to reach it. */
  onLost: (reason: string) => void;
  /** It answers again. */
  onBack: () => void;
  /** It answered within so many milliseconds. */
  onAnswered?: (ms: number) => void;
  /** It refused a command: called once for each kind of refusal while a link lasts. */
  onRefused: (reason: string) => void;
}

/** How long, how often, how many. */
export const redisLimits = {
  answerMs: 100,
  connectMs: 2_000,
  /** Between attempts; doubled each time that one fails or leads to a link that doesn't last. */
  retryMs: 250,
  maxRetryMs: 5_000,
  lastingMs: 10_000,
  /** So many may wait for an answer; further commands get none. */
  pending: 1_000,
};

/** The time from one "ready" of the client to its next "close". */
interface Link {
  masters: readonly Redis[];
  readySinceMs: number;
  /** All masters have answered, and take writes. */
  isTried: boolean;
  refusals: Set<string>;
}

/**
 * A Redis that may be absent at any moment. While it is out of reach nobody waits for it: it is not asked, and ioredis
 * seeks it in the background. It counts as out of reach as soon as it leaves one command without an answer in time.
 */
export class RedisConnection {
  private client: RedisClient | undefined;
  private link: Link | undefined;
  private isLost = false;
  private isClosed = false;
  private pending = 0;
  private delayMs: number;
  private greeting: NodeJS.Timeout | undefined;

  constructor(
    private readonly target: RedisTarget,
    private readonly events: RedisEvents,
    private readonly limits = redisLimits,
  ) {
    this.delayMs = limits.retryMs;
  }

  get isUp(): boolean {
    return this.link?.isTried === true;
  }

  /** Seeks Redis from now on; done when the first attempt has ended, well or not. */
  async open(): Promise<void> {
    const client = await createRedisClient(this.target, {
      connectMs: this.limits.connectMs,
      nextDelayMs: () => this.nextDelayMs(),
    });
    this.client = client;
    await new Promise<void>((onFirstAttempt) => {
      // ioredis has no time limit for what is said before "ready", once a connection is there.
      client.on('connect', () => {
        const giveUp = (): void => this.drop(`no greeting within ${String(this.limits.connectMs)} ms`);
        this.greeting = setTimeout(giveUp, this.limits.connectMs);
      });
      client.on('ready', () => void this.use(client).then(onFirstAttempt));
      client.on('error', (error: unknown) => {
        this.onError(client, reasonOf(error));
        onFirstAttempt();
      });
      client.on('close', () => {
        this.leave('the connection was closed');
        onFirstAttempt();
      });
      // Of a Cluster: a node that is no longer connected.
      client.on('-node', (node: Redis) => {
        if (this.link?.masters.includes(node) === true) this.drop('a master of the Cluster has hung up');
      });
      // What comes of it is told by the events.
      client.connect().catch(() => undefined);
    });
  }

  close(): void {
    this.isClosed = true;
    this.link = undefined;
    clearTimeout(this.greeting);
    this.client?.disconnect();
  }

  /**
   * Asks, within the time limit; never throws.
   *
   * @returns undefined when there is no answer: out of reach, too slow, too much asked, or refused
   */
  ask(name: string, ...args: (string | Buffer)[]): Promise<RedisAnswer | undefined> {
    return this.send((client) => client.callBuffer(name, ...args) as Promise<RedisAnswer>);
  }

  /** The same with a script. */
  run({ name, ...script }: RedisScript, ...args: string[]): Promise<RedisAnswer | undefined> {
    return this.send((client) => {
      if (!(name in client)) client.defineCommand(name, script);
      const commands = client as unknown as Record<string, (...args: string[]) => Promise<RedisAnswer>>;
      return commands[`${name}Buffer`]?.(...args) ?? Promise.reject(new Error('there is no such script'));
    });
  }

  private async send(
    command: (client: RedisClient) => Promise<RedisAnswer>,
  ): Promise<RedisAnswer | undefined> {
    const { link, client } = this;
    if (client === undefined || link?.isTried !== true) return undefined;
    if (this.pending >= this.limits.pending) return undefined;
    this.pending++;
    const askedAtMs = performance.now();
    try {
      const answer = await inTime(command(client), this.limits.answerMs);
      this.events.onAnswered?.(performance.now() - askedAtMs);
      return answer;
    } catch (error) {
      // What was asked over a link that has ended tells nothing of the one after it.
      if (this.link === link) this.onFailed(error, link);
      return undefined;
    } finally {
      this.pending--;
    }
  }

  private onFailed(error: unknown, link: Link): void {
    if (!isRefusal(error) || takesNoWrites(error)) this.drop(reasonOf(error));
    else this.reportRefusal(reasonOf(error), link);
  }

  /** Uses the client if every master answers in time and takes a write. */
  private async use(client: RedisClient): Promise<void> {
    clearTimeout(this.greeting);
    if (this.isClosed) return;
    const link: Link = {
      ...{ masters: mastersOf(client), readySinceMs: performance.now() },
      ...{ isTried: false, refusals: new Set<string>() },
    };
    this.link = link;
    try {
      await tryOut(link.masters, this.limits);
    } catch (error) {
      if (this.link === link) this.drop(reasonOf(error));
      return;
    }
    if (this.link !== link) return;
    link.isTried = true;
    if (this.isLost) this.events.onBack();
    this.isLost = false;
  }

  private onError({ status }: RedisClient, reason: string): void {
    // An answer that nobody has asked for, or a database that isn't there: ioredis would go on with the connection.
    if (status === 'ready' || status === 'connect') this.drop(reason);
    else this.leave(reason);
  }

  /** Ends what is there of a connection; ioredis makes the next one. */
  private drop(reason: string): void {
    this.leave(reason);
    if (!this.isClosed) this.client?.disconnect(true);
  }

  private leave(reason: string): void {
    clearTimeout(this.greeting);
    const { link } = this;
    this.link = undefined;
    if (link !== undefined && performance.now() - link.readySinceMs > this.limits.lastingMs)
      this.delayMs = this.limits.retryMs;
    if (!this.isLost && !this.isClosed) this.events.onLost(reason);
    this.isLost = true;
  }

  private nextDelayMs(): number {
    const { delayMs } = this;
    this.delayMs = Math.min(delayMs * 2, this.limits.maxRetryMs);
    return delayMs;
  }

  private reportRefusal(refusal: string, { refusals }: Link): void {
    const kind = /^[A-Z]{1,20}/.exec(refusal)?.[0] ?? '';
    if (refusals.has(kind) || refusals.size >= 8) return;
    refusals.add(kind);
    this.events.onRefused(refusal);
  }
}
