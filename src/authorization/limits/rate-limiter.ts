import type { CountedLimit } from '../../keys/makers/makers.js';
import type { RateLimit } from '../../keys/limits/rate-limit.js';
import type { RedisConnection, RedisScript } from '../../storage/redis/redis-connection.js';

/** How far a request has used up a limit. */
export interface RateState {
  /** How many requests there may be in the time that this one is part of. */
  limit: number;
  /** How many of them are left after this one. */
  remaining: number;
  /** Until that time ends; whole seconds, at least one. */
  resetSeconds: number;
  /** This one was one too many. */
  isExceeded: boolean;
}

/**
 * The first request begins the time and sets its end; Redis' own clock counts, so those of nodes need not agree.
 *
 * Another program may have written to the counter. One that is no count goes on from what this node knows (ARGV[2]), and
 * one without an end, or with a later one than a window has, ends when this node's window does (ARGV[3]): else it would
 * refuse for ever, or every node would count alone.
 */
const countScript: RedisScript = {
  name: 'hearthkeyCount',
  numberOfKeys: 1,
  lua: `local used = redis.pcall('INCR', KEYS[1])
if type(used) == 'table' then
  local problem = used.err or ''
  if not (problem:find('WRONGTYPE') or problem:find('not an integer') or problem:find('overflow')) then return used end
  used = 0
end
if used < 1 then
  local known = string.format('%d', ARGV[2] + 1)
  redis.call('SET', KEYS[1], known, 'PX', ARGV[3])
  return known .. ' ' .. ARGV[3] .. ' value'
end
if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
local count = string.format('%.0f', used)
if left >= 0 and left <= tonumber(ARGV[1]) then return count .. ' ' .. left end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return count .. ' ' .. ARGV[3] .. ' end'`,
};

const answerForm = /^(\d+) (\d+)(?: (value|end))?$/;

const repairs = {
  value: 'held no count',
  end: 'had no end of its window',
} as const;

interface Window {
  endsAtMs: number;
  used: number;
}

/** Windows that have ended are taken out when there are more than that. */
const tidyAt = 10_000;

/**
 * Counts requests within windows of time, together with all nodes that share a Redis; while it can't be asked, this
 * node counts alone, on from what it has heard. It is not asked about who has used up a window already.
 */
export class RateLimiter {
  private readonly windows = new Map<string, Window>();
  private tidiedSize = 0;
  private readonly toldRepairs = new Set<string>();

  constructor(
    private readonly redis?: Pick<RedisConnection, 'ask' | 'run' | 'isUp'>,
    private readonly now: () => number = () => performance.now(),
    /** Told once of each kind of counter that another program had spoilt. */
    private readonly onRepaired: (problem: string) => void = () => undefined,
  ) {}

  /** Counts one request of this key; without Redis there is nothing to wait for. */
  take(keyId: string, limit: RateLimit): RateState | Promise<RateState> {
    const name = nameOf(keyId, limit);
    const window = this.windowOf(name, limit);
    if (this.redis?.isUp !== true || window.used >= limit.count) return this.countAlone(window, limit);
    return this.countTogether(this.redis, name, window, limit);
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
    return this.redis?.isUp === true ? this.takeEach(limits) : this.takeEachAlone(limits);
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
      states.push(this.countAlone(this.windowOf(nameOf(keyId, limit), limit), limit));
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
    const name = nameOf(keyId, limit);
    const nowMs = this.now();
    const known = this.windows.get(name);
    const window =
      known !== undefined && known.endsAtMs > nowMs
        ? { ...known }
        : { endsAtMs: nowMs + limit.windowSeconds * 1000, used: 0 };
    const answer = await (this.redis?.isUp === true
      ? this.redis.ask('GETRANGE', redisKey(name), '0', '15')
      : undefined);
    const together = Number(Buffer.isBuffer(answer) ? answer.toString() : 0);
    if (Number.isSafeInteger(together)) window.used = Math.max(window.used, together);
    return this.stateOf({ ...window, used: window.used + 1 }, limit);
  }

  private async countTogether(
    redis: Pick<RedisConnection, 'run'>,
    name: string,
    window: Window,
    limit: RateLimit,
  ): Promise<RateState> {
    const lengthMs = limit.windowSeconds * 1000;
    const leftHereMs = Math.max(1, Math.ceil(window.endsAtMs - this.now()));
    const numbers = [lengthMs, window.used, leftHereMs].map(String);
    const answer = await redis.run(countScript, redisKey(name), ...numbers);
    const text = Buffer.isBuffer(answer) ? answer.toString() : '';
    const [, used, leftMs, repair] = answerForm.exec(text) ?? [];
    if (used === undefined || leftMs === undefined) return this.countAlone(window, limit);
    if (repair !== undefined) this.tellRepair(repair as keyof typeof repairs, name);
    // Of two answers the later one may come first.
    window.used = Math.max(window.used, Number(used));
    window.endsAtMs = this.now() + Math.min(Number(leftMs), lengthMs);
    return this.stateOf({ ...window, used: Number(used) }, limit);
  }

  private tellRepair(repair: keyof typeof repairs, name: string): void {
    if (this.toldRepairs.has(repair)) return;
    this.toldRepairs.add(repair);
    this.onRepaired(
      `${redisKey(name)} in Redis ${repairs[repair]}: another program has written to it; it is repaired`,
    );
  }

  private countAlone(window: Window, limit: RateLimit): RateState {
    window.used++;
    return this.stateOf(window, limit);
  }

  private stateOf({ endsAtMs, used }: Window, { count }: RateLimit): RateState {
    const resetSeconds = Math.max(1, Math.ceil((endsAtMs - this.now()) / 1000));
    return { limit: count, remaining: Math.max(0, count - used), resetSeconds, isExceeded: used > count };
  }

  private windowOf(name: string, { windowSeconds }: RateLimit): Window {
    const nowMs = this.now();
    const known = this.windows.get(name);
    if (known !== undefined && known.endsAtMs > nowMs) return known;
    this.tidy(nowMs);
    const begun = { endsAtMs: nowMs + windowSeconds * 1000, used: 0 };
    this.windows.set(name, begun);
    return begun;
  }

  private tidy(nowMs: number): void {
    // Only once it has doubled: else many windows that last would be walked through with each new one.
    if (this.windows.size < Math.max(tidyAt, this.tidiedSize * 2)) return;
    for (const [name, { endsAtMs }] of this.windows) if (endsAtMs <= nowMs) this.windows.delete(name);
    this.tidiedSize = this.windows.size;
  }
}

/** The one that is used up, or else is the first to be. */
function tightest(states: readonly RateState[]): RateState {
  return states.reduce((one, other) =>
    other.isExceeded || (!one.isExceeded && other.remaining < one.remaining) ? other : one,
  );
}

function nameOf(keyId: string, { count, windowSeconds }: RateLimit): string {
  return `${keyId}:${String(count)}/${String(windowSeconds)}`;
}

function redisKey(name: string): string {
  return `hearthkey:rate:${name}`;
}
