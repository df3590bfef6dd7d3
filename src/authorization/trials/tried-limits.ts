import { countedLimits, type CountedLimit, type Maker } from '../../keys/makers/makers.js';
import { isSameRateLimit, type RateLimit } from '../../keys/limits/rate-limit.js';
import type { Trial } from '../../keys/trials/trial.js';
import type { RateLimiter } from '../limits/rate-limiter.js';
import { tightest, type RateState } from '../limits/rate-state.js';

/** A limit that a request counts for; of a tried one the key that it is tried of. */
export interface AskedLimit extends CountedLimit {
  triedOf?: string;
}

/** What limits said of a request. */
export interface Rates {
  /** Undefined: there is no limit that counts. */
  state?: RateState | undefined;
  /** The keys whose tried limit is used up. */
  overTried?: readonly string[];
}

/**
 * The limits of a key and its makers, as `countedLimits` has them, with those that are tried beside them, each in the
 * place of the key that it is tried of. A tried one has a counter of its own.
 */
export function limitsWithTried(
  key: Pick<Maker, 'id' | 'rateLimit' | 'trial'>,
  makers: readonly Maker[],
  byDefault: RateLimit | undefined,
): readonly AskedLimit[] {
  const limits = countedLimits(key, makers, byDefault);
  if (makers.length === 0 && key.trial?.rateLimit === undefined) return limits;
  const chain = [key, ...makers];
  if (chain.every(({ trial }) => trial?.rateLimit === undefined)) return limits;
  return chain.flatMap(({ id, trial }, index) => {
    const own = limits.filter(({ keyId }) => keyId === id);
    const limit = trial?.rateLimit ?? (index === chain.length - 1 ? byDefault : undefined);
    if (trial?.rateLimit === undefined || limit === undefined) return own;
    return [{ keyId: counterOf(id, trial), limit, triedOf: id }, ...own];
  });
}

/** Counts a request for each of these limits, as `RateLimiter.takeAll` does. */
export function takeRates(limiter: RateLimiter, limits: readonly AskedLimit[]): Rates | Promise<Rates> {
  if (limits.some(({ triedOf }) => triedOf !== undefined)) return takeWithTried(limiter, limits);
  const state = limiter.takeAll(limits);
  return state instanceof Promise ? state.then((taken) => ({ state: taken })) : { state };
}

export function areSameLimits(
  counted: readonly AskedLimit[] | undefined,
  limits: readonly AskedLimit[],
): boolean {
  if (counted?.length !== limits.length) return false;
  return limits.every(({ keyId, limit }, index) => {
    const other = counted[index];
    return other?.keyId === keyId && isSameRateLimit(other.limit, limit);
  });
}

/**
 * Counts a request for each limit, in their order; the first one that counts and is used up ends it, whatever tried ones
 * say. A tried limit whose counter is broken denies nothing.
 */
function takeWithTried(
  limiter: Pick<RateLimiter, 'take'>,
  limits: readonly AskedLimit[],
): Rates | Promise<Rates> {
  const states: RateState[] = [];
  const overTried: string[] = [];
  const note = ({ triedOf }: AskedLimit, state: RateState | undefined): boolean => {
    if (triedOf === undefined && state !== undefined) states.push(state);
    if (triedOf !== undefined && state?.isExceeded === true) overTried.push(triedOf);
    return triedOf === undefined && state?.isExceeded === true;
  };
  const takeFrom = (first: number): Rates | Promise<Rates> => {
    for (let index = first; index < limits.length;) {
      // A tried limit and the one in its place at once: a trial takes no longer than a limit does.
      const { triedOf } = limits[index] ?? {};
      const length = triedOf !== undefined && limits[index + 1]?.keyId === triedOf ? 2 : 1;
      const asked = limits.slice(index, index + length);
      const taken = asked.map((limit) => takeOne(limiter, limit));
      const next = index + length;
      if (!areTaken(taken))
        return Promise.all(taken.map(async (state) => state)).then((all) =>
          isOver(asked, all) ? rates() : takeFrom(next),
        );
      if (isOver(asked, taken)) break;
      index = next;
    }
    return rates();
  };
  const isOver = (asked: readonly AskedLimit[], taken: readonly (RateState | undefined)[]): boolean =>
    asked.map((limit, index) => note(limit, taken[index])).includes(true);
  const rates = (): Rates => ({ state: states.length === 0 ? undefined : tightest(states), overTried });
  return takeFrom(0);
}

function areTaken(
  taken: readonly (RateState | undefined | Promise<RateState | undefined>)[],
): taken is (RateState | undefined)[] {
  return taken.every((state) => !(state instanceof Promise));
}

function takeOne(
  limiter: Pick<RateLimiter, 'take'>,
  { keyId, limit, triedOf }: AskedLimit,
): RateState | undefined | Promise<RateState | undefined> {
  if (triedOf === undefined) return limiter.take(keyId, limit);
  try {
    const state = limiter.take(keyId, limit);
    return state instanceof Promise ? state.catch(() => undefined) : state;
  } catch {
    return undefined;
  }
}

/** Of one trial: the next one counts anew. */
function counterOf(keyId: string, { sinceMs }: Trial): string {
  return `${keyId}:trial:${String(sinceMs)}`;
}
