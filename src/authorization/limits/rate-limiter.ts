import { randomBytes } from 'node:crypto';
import { isSameRateLimit, type RateLimit } from '../../keys/limits/rate-limit.js';
import type { CountedLimit } from '../../keys/makers/makers.js';
import { shareOf, type NodeShare } from '../../storage/cluster/settling.js';
import type { RedisConnection } from '../../storage/redis/redis-connection.js';
import { CountedRequests } from './counted-requests.js';
import { rateScript } from './rate-script.js';
import { stateOf, tightest, type RateState } from './rate-state.js';
import { countOf, spanMsOf, waitMs, windowMsOf } from './sliding-window.js';

export interface RateLimiterParts {
  redis?: Pick<RedisConnection, 'run' | 'isUp'> | undefined;
  now?: () => number;
  /** Told once of each kind of counter that another program had spoilt. */
  onRepaired?: (problem: string) => void;
  /** Which part of a limit is this node's own while it counts without the others. */
  share?: () => NodeShare;
}

const answerForm = /^([01?]) (\d+) (-?\d+) (\d+) (-|value|end) ([\da-f ,;]*)$/;

const repairs = {
  value: 'held no count',
  end: 'had no end of its window',
} as const;

/** What this node knows of a key. */
interface Known {
  requests: CountedRequests;
  /** Redis has refused a request: until `askMs` others with the same limit are refused without asking. */
  refused?: { untilMs: number; askMs: number; limit: RateLimit };
  keptUntilMs: number;
}

interface Answer {
  /** Redis has less than this node knows: it has counted nothing, and wants all of that. */
  isLacking: boolean;
  passed: boolean;
  /** With this one, where it passed. */
  total: number;
  waitMs: number;
}

/** Keys of which nothing counts any more are taken out when there are more than that. */
const tidyAt = 10_000;
/** A node that Redis has refused asks again after a span, at least so long: Redis may have lost what the node knows. */
const leastAskMs = 1000;

/**
 * Lets so many requests of a key through in any window of time, together with all nodes that share a Redis. While Redis
 * can't be asked, a node lets through its share of the limit, and no more than is left of what it has heard. Where Redis
 * has lost something, each node gives back what it knows with the next request that it asks about.
 */
export class RateLimiter {
  private readonly keys = new Map<string, Known>();
  private tidiedSize = 0;
  /** One process, in Redis: after a restart it knows nothing of what it has let through. */
  private readonly node = randomBytes(8).toString('hex');
  private readonly toldRepairs = new Set<string>();
  private readonly now: () => number;
  /** How far Redis' clock is ahead of this node's: as it was at the newest answer. */
  private shiftMs: number;

  constructor(private readonly parts: RateLimiterParts = {}) {
    this.now = parts.now ?? (() => performance.now());
    this.shiftMs = Date.now() - this.now();
  }

  /** Counts one request of this key; without Redis there is nothing to wait for. */
  take(keyId: string, limit: RateLimit): RateState | Promise<RateState> {
    const known = this.knownOf(keyId, limit);
    const { redis } = this.parts;
    if (redis?.isUp !== true) return this.countAlone(known, limit);
    const { refused } = known;
    const nowMs = this.now();
    if (refused !== undefined && refused.askMs > nowMs && isSameRateLimit(refused.limit, limit))
      return stateOf(limit, 0, refused.untilMs - nowMs, true);
    return this.countTogether(redis, keyId, known, limit);
  }

  /**
   * Counts one request for several limits, one after the other. The first that is used up ends it: a key that is over
   * its own limit uses up nothing of those that it shares.
   *
   * @returns of the tightest limit
   */
  takeAll(limits: readonly CountedLimit[]): RateState | Promise<RateState> {
    const [only, ...more] = limits;
    if (only !== undefined && more.length === 0) return this.take(only.keyId, only.limit);
    return this.parts.redis?.isUp === true ? this.takeEach(limits) : this.takeEachAlone(limits);
  }

  private async takeEach(limits: readonly CountedLimit[]): Promise<RateState> {
    const states: RateState[] = [];
    for (const { keyId, limit } of limits) {
      states.push(await this.take(keyId, limit));
      if (states.at(-1)?.isExceeded === true) break;
    }
    return tightest(states);
  }

  private takeEachAlone(limits: readonly CountedLimit[]): RateState {
    const states: RateState[] = [];
    for (const { keyId, limit } of limits) {
      states.push(this.countAlone(this.knownOf(keyId, limit), limit));
      if (states.at(-1)?.isExceeded === true) break;
    }
    return tightest(states);
  }

  /** The same of `takeAll`, without counting one. */
  async foreseeAll(limits: readonly CountedLimit[]): Promise<RateState | undefined> {
    const states = await Promise.all(limits.map(({ keyId, limit }) => this.precheck(keyId, limit)));
    return states.length === 0 ? undefined : tightest(states);
  }

  /** What the next request would hear, without counting one. */
  async precheck(keyId: string, limit: RateLimit): Promise<RateState> {
    const known = this.knownOf(keyId, limit);
    const { redis } = this.parts;
    const answer = redis?.isUp === true ? await this.ask(redis, keyId, known, limit, false) : undefined;
    if (answer !== undefined)
      return stateOf(limit, limit.count - answer.total - 1, answer.waitMs, !answer.passed);
    const { left, waitMs: aloneMs } = this.leftAlone(known, limit);
    return stateOf(limit, left - 1, aloneMs, left <= 0);
  }

  private async countTogether(
    redis: Pick<RedisConnection, 'run'>,
    keyId: string,
    known: Known,
    limit: RateLimit,
  ): Promise<RateState> {
    const answer = await this.ask(redis, keyId, known, limit, true);
    if (answer === undefined) {
      known.requests.outdoRedis();
      return this.countAlone(known, limit);
    }
    const nowMs = this.now();
    known.requests.tidy(nowMs, limit);
    const own = known.requests.ownPassed;
    // A writer to Redis can't make this node pass more than the limit. Judged after the answer: other requests of this
    // node may have passed meanwhile.
    if (answer.passed && countOf(own) >= limit.count) {
      known.requests.outdoRedis();
      return stateOf(limit, 0, waitMs(own, nowMs, limit), true);
    }
    if (answer.passed) known.requests.addOwn(nowMs, limit);
    else {
      const askMs = nowMs + Math.min(answer.waitMs, Math.max(leastAskMs, spanMsOf(limit)));
      known.refused = { untilMs: nowMs + answer.waitMs, askMs, limit };
    }
    return stateOf(limit, limit.count - answer.total, answer.waitMs, !answer.passed);
  }

  /** @returns undefined: Redis gives no answer */
  private async ask(
    redis: Pick<RedisConnection, 'run'>,
    keyId: string,
    known: Known,
    limit: RateLimit,
    isCounted: boolean,
  ): Promise<Answer | undefined> {
    const answer = await this.askOnce(redis, keyId, known, limit, isCounted, '');
    if (answer?.isLacking !== true) return answer;
    const all = known.requests.writeAll(this.shiftMs);
    const second = await this.askOnce(redis, keyId, known, limit, isCounted, all);
    return second?.isLacking === true ? undefined : second;
  }

  private async askOnce(
    redis: Pick<RedisConnection, 'run'>,
    keyId: string,
    { requests }: Known,
    limit: RateLimit,
    isCounted: boolean,
    all: string,
  ): Promise<Answer | undefined> {
    const args = [
      ...[windowMsOf(limit), limit.count, spanMsOf(limit), this.node, requests.sequence].map(String),
      ...[requests.writeKnown(), isCounted ? '1' : '0', all],
    ];
    const answer = await redis.run(rateScript, redisKey(keyId), ...args);
    const [, passed, total, wait, redisMs, problem, lists] =
      answerForm.exec(Buffer.isBuffer(answer) ? answer.toString() : '') ?? [];
    if (lists === undefined) return undefined;
    this.shiftMs = Number(redisMs) - this.now();
    if (isCounted && (problem === 'value' || problem === 'end')) this.tellRepair(problem, keyId);
    requests.hear(lists, -this.shiftMs);
    const isLacking = passed === '?';
    return { isLacking, passed: passed === '1', total: Number(total), waitMs: Number(wait) };
  }

  private countAlone(known: Known, limit: RateLimit): RateState {
    const nowMs = this.now();
    const { left, waitMs: waits } = this.leftAlone(known, limit);
    if (left <= 0) return stateOf(limit, 0, waits, true);
    known.requests.addOwn(nowMs, limit);
    return stateOf(limit, left - 1, this.leftAlone(known, limit).waitMs, false);
  }

  /** What may still pass here: of the whole limit as far as it is known, and of this node's share of it. */
  private leftAlone(known: Known, limit: RateLimit): { left: number; waitMs: number } {
    const nowMs = this.now();
    known.requests.tidy(nowMs, limit);
    const { passed: counted, ownPassed: own } = known.requests;
    const share = shareOf(limit.count, this.parts.share?.() ?? { nodes: 1, rank: 0 });
    const left = Math.min(limit.count - countOf(counted), share - countOf(own));
    return {
      left,
      waitMs: Math.max(waitMs(counted, nowMs, limit), waitMs(own, nowMs, limit, share)),
    };
  }

  private tellRepair(repair: keyof typeof repairs, keyId: string): void {
    if (this.toldRepairs.has(repair)) return;
    this.toldRepairs.add(repair);
    this.parts.onRepaired?.(
      `${redisKey(keyId)} in Redis ${repairs[repair]}: another program has written to it; it is repaired`,
    );
  }

  private knownOf(keyId: string, limit: RateLimit): Known {
    const nowMs = this.now();
    const keptUntilMs = nowMs + windowMsOf(limit);
    const known = this.keys.get(keyId);
    if (known === undefined) {
      this.tidy(nowMs);
      const begun: Known = { requests: new CountedRequests(this.node, Date.now()), keptUntilMs };
      this.keys.set(keyId, begun);
      return begun;
    }
    known.keptUntilMs = Math.max(known.keptUntilMs, keptUntilMs);
    known.requests.tidy(nowMs, limit);
    return known;
  }

  private tidy(nowMs: number): void {
    // Only once it has doubled: else many keys that are in use would be walked through with each new one.
    if (this.keys.size < Math.max(tidyAt, this.tidiedSize * 2)) return;
    for (const [keyId, { keptUntilMs }] of this.keys) if (keptUntilMs <= nowMs) this.keys.delete(keyId);
    this.tidiedSize = this.keys.size;
  }
}

/** Not of the limit: one that is changed goes on from what has passed. */
function redisKey(keyId: string): string {
  return `hearthkey:requests:${keyId}`;
}
