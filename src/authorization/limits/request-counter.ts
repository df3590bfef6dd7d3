import type { CountedQuota } from '../../keys/makers/makers.js';
import type { AccessRequest } from '../access-request.js';
import type { FactsView } from '../facts/facts-view.js';
import type { SecretAnswer, SecretCheck } from '../secrets/secret-check.js';
import {
  areSameLimits,
  limitsWithTried,
  takeRates,
  type AskedLimit,
  type Rates,
} from '../trials/tried-limits.js';
import type { QuotaCounter, TakenQuota } from './quota-counter.js';
import type { RateLimiter } from './rate-limiter.js';

/** What rate limits and quotas said, for those that the key had then. */
export interface Counted {
  limits?: readonly AskedLimit[];
  rates?: Rates;
  quota?: TakenQuota;
}

export interface RequestCounterParts {
  rateLimiter: RateLimiter;
  quotaCounter: Pick<QuotaCounter, 'take'>;
}

const noRates: Rates = {};

/** Counts requests for the limits and quotas of their keys. */
export class RequestCounter {
  constructor(private readonly parts: RequestCounterParts) {}

  /**
   * Counts the request where the key has a limit, once for each set of limits.
   *
   * @returns what the limits say; a promise where the counter or the secret is waited for
   */
  takeRate(
    request: AccessRequest,
    check: SecretCheck,
    { key, makers }: FactsView,
    secret: SecretAnswer | (() => Promise<void>),
    counted: Counted | undefined,
  ): Rates | Promise<Counted> {
    if (key === undefined || request.mode === 'inspect' || request.isCounted === true) return noRates;
    const limits = limitsWithTried(key, makers, request.defaultRateLimit);
    if (limits.length === 0) return noRates;
    const isRight = secret === 'right';
    if ((!isRight && !check.isLikelyRight) || areSameLimits(counted?.limits, limits))
      return counted?.rates ?? noRates;
    const rates = takeRates(this.parts.rateLimiter, limits);
    if (!(rates instanceof Promise) && isRight) return rates;
    // In one round trip with the proof, where that is asked for too.
    const both = Promise.all([rates, typeof secret === 'function' && secret()]);
    return both.then(([taken]) => ({ limits, rates: taken }));
  }

  /**
   * Counts an allowed request for its quotas. What was counted for others, before the key was changed, counts no more.
   *
   * @param rates - what its limits said, so that the next look does not count for them again
   */
  async takeQuota(
    request: AccessRequest,
    { key, makers }: FactsView,
    quotas: readonly CountedQuota[],
    rates: Rates,
    before: TakenQuota | undefined,
  ): Promise<Counted> {
    await before?.giveBack();
    const quota = await this.parts.quotaCounter.take(quotas);
    if (key === undefined) return { quota };
    return { limits: limitsWithTried(key, makers, request.defaultRateLimit), rates, quota };
  }
}
