import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused, isReplica, RedisLink, type RedisAnswer, type RedisTarget } from './redis-link.js';

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
  /** So many may wait for an answer; whoever else asks has none. */
  pending: 1_000,
};

/**
 * A Redis that may be absent at any moment. While it is out of reach nobody waits for it: it is not asked, and it is
 * sought in the background. It counts as out of reach as soon as it leaves one command without an answer in time.
 */
export class RedisConnection {
  /** Only while it is known to answer. */
  private link: RedisLink | undefined;
  private isLost = false;
  private pending = 0;
  private readonly refusals = new Set<string>();
  private readonly closing = new AbortController();

  constructor(
    private readonly target: RedisTarget,
    private readonly events: RedisEvents,
    private readonly limits = redisLimits,
  ) {}

  get isUp(): boolean {
    return this.link !== undefined;
  }

  /** Seeks Redis from now on; done when the first attempt has ended, well or not. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => void this.keepLinked(resolve).catch(reject));
  }

  close(): void {
    this.closing.abort();
    this.link?.end('closed');
    this.link = undefined;
  }

  /**
   * Asks, within the time limit; never throws.
   *
   * @returns undefined when there is no answer: out of reach, too slow, too much asked, or refused
   */
  async ask(...command: (string | Buffer)[]): Promise<RedisAnswer | undefined> {
    const { link } = this;
    if (link === undefined || this.pending >= this.limits.pending) return undefined;
    this.pending++;
    const askedAtMs = performance.now();
    const answer = await link.ask(command);
    this.pending--;
    if (answer !== undefined) this.events.onAnswered?.(performance.now() - askedAtMs);
    if (!isRefused(answer)) return answer;
    // A link to a replica stays one when the name leads to the master again.
    if (isReplica(answer)) link.end(answer.refusal);
    else this.reportRefusal(answer.refusal);
    return undefined;
  }

  private async keepLinked(onFirstAttempt: () => void): Promise<void> {
    const { retryMs, maxRetryMs, lastingMs } = this.limits;
    let delayMs = retryMs;
    while (!this.closing.signal.aborted) {
      const startedAtMs = performance.now();
      const link = await RedisLink.connect(this.target, this.limits);
      const ended = link instanceof RedisLink ? this.use(link) : link.reason;
      onFirstAttempt();
      this.reportLost(await ended);
      const hasLasted = performance.now() - startedAtMs > lastingMs;
      await sleep(delayMs, undefined, { ref: false, signal: this.closing.signal }).catch(() => undefined);
      delayMs = hasLasted ? retryMs : Math.min(delayMs * 2, maxRetryMs);
    }
  }

  /** @returns why the link has ended */
  private async use(link: RedisLink): Promise<string> {
    if (this.closing.signal.aborted) link.end('closed');
    this.link = link;
    this.refusals.clear();
    if (this.isLost) this.events.onBack();
    this.isLost = false;
    const reason = await link.ended;
    this.link = undefined;
    return reason;
  }

  private reportLost(reason: string): void {
    if (!this.isLost && !this.closing.signal.aborted) this.events.onLost(reason);
    this.isLost = true;
  }

  private reportRefusal(refusal: string): void {
    const kind = /^[A-Z]{1,20}/.exec(refusal)?.[0] ?? '';
    if (this.refusals.has(kind) || this.refusals.size >= 8) return;
    this.refusals.add(kind);
    this.events.onRefused(refusal);
  }
}
