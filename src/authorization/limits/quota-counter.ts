import { BatchLoader } from '../../concurrency/batch-loader.js';
import { isSameQuota, type Quota } from '../../keys/limits/quota.js';
import { dayOf, periodOf, type Period } from '../../keys/limits/quota-period.js';
import type { CountedQuota } from '../../keys/makers/makers.js';
import type { QuotaCountStore, UsedIn } from '../../keys/quotas/quota-count-store.js';

/** How far a quota is used up. */
export interface QuotaState extends CountedQuota {
  /** In this period; the request counted, where it was let through. */
  used: number;
  /** When the next period begins. */
  endsAtMs: number;
  /** This request was one too many. */
  isExceeded: boolean;
}

/** What was counted for a request. */
export interface TakenQuota {
  quotas: readonly CountedQuota[];
  /** Of the quota that is used up, or else is the first to be. */
  state: QuotaState;
  /** The request was denied after all: it does not count. Never rejects. */
  giveBack: () => Promise<void>;
}

export interface QuotaCounterParts {
  store: QuotaCountStore;
  onError: (error: unknown) => void;
  now?: () => number;
  /** The clock that nobody sets. */
  monotonic?: () => number;
}

interface Asked {
  quota: Quota;
  period: Period;
  keyId: string;
}

/** So long a quota that was found used up denies without another look. */
const deniedForMs = 1000;
const keptDenials = 10_000;

/**
 * Counts requests for the quotas of keys in the database, where all nodes count: exactly as many are let through as a
 * quota has. Requests that come while a transaction is under way share the next one.
 */
export class QuotaCounter {
  private readonly requests = new Map<string, readonly CountedQuota[]>();
  private readonly loader: BatchLoader<Omit<TakenQuota, 'quotas'>>;
  private readonly denials = new Map<string, { state: QuotaState; untilMs: number }>();
  private readonly now: () => number;
  private readonly monotonic: () => number;
  private serial = 0;

  constructor(private readonly parts: QuotaCounterParts) {
    this.now = parts.now ?? Date.now;
    this.monotonic = parts.monotonic ?? (() => performance.now());
    this.loader = new BatchLoader((ids) => this.countAll(ids));
  }

  /** Counts one request for each of these quotas, or for none of them where one is used up. Rejects without a store. */
  async take(quotas: readonly CountedQuota[]): Promise<TakenQuota> {
    const denied = this.deniedOfLate(quotas);
    if (denied !== undefined) return { quotas, state: denied, giveBack: nothing };
    const id = String(this.serial++);
    this.requests.set(id, quotas);
    try {
      return { quotas, ...(await this.loader.ask(id)) };
    } finally {
      this.requests.delete(id);
    }
  }

  /** How far each is used up, without counting a request. */
  async foresee(quotas: readonly CountedQuota[]): Promise<QuotaState[]> {
    const asked = quotas.map((quota) => askedAt(quota, this.now()));
    const usedIn = await this.parts.store.read(asked);
    return asked.map((one) => stateOf(one, usedIn(one.keyId, one.period)));
  }

  private async countAll(ids: readonly string[]): Promise<(id: string) => Omit<TakenQuota, 'quotas'>> {
    const nowMs = this.now();
    const day = dayOf(nowMs);
    const asked = ids.map((id) => (this.requests.get(id) ?? []).map((quota) => askedAt(quota, nowMs)));
    let states: QuotaState[] = [];
    await this.parts.store.count(asked.flat(), day, (usedIn) => {
      const { found, more } = decideAll(asked, usedIn);
      states = found;
      return more;
    });
    for (const state of states) if (state.isExceeded) this.noteDenial(state);
    const found = new Map(ids.map((id, index) => [id, states[index]]));
    return (id) => {
      const state = found.get(id);
      if (state === undefined) throw new Error('a request was not counted');
      if (state.isExceeded) return { state, giveBack: nothing };
      const keyIds = (asked[ids.indexOf(id)] ?? []).map(({ keyId }) => keyId);
      return { state, giveBack: this.backOnce(keyIds, day) };
    };
  }

  private backOnce(keyIds: readonly string[], day: string): () => Promise<void> {
    let isBack = false;
    return async () => {
      if (isBack) return;
      isBack = true;
      await this.parts.store.giveBack(keyIds, day).catch(this.parts.onError);
    };
  }

  private deniedOfLate(quotas: readonly CountedQuota[]): QuotaState | undefined {
    for (const { keyId, quota } of quotas) {
      const denial = this.denials.get(keyId);
      if (denial === undefined) continue;
      const isOfLate = denial.untilMs > this.monotonic() && denial.state.endsAtMs > this.now();
      if (isOfLate && isSameQuota(denial.state.quota, quota)) return denial.state;
      this.denials.delete(keyId);
    }
    return undefined;
  }

  private noteDenial(state: QuotaState): void {
    if (this.denials.size >= keptDenials) this.denials.clear();
    // By a clock that nobody sets.
    this.denials.set(state.keyId, { state, untilMs: this.monotonic() + deniedForMs });
  }
}

/** In the order in which they came. */
function decideAll(
  requests: readonly (readonly Asked[])[],
  usedIn: UsedIn,
): { found: QuotaState[]; more: Map<string, number> } {
  const more = new Map<string, number>();
  const found = requests.map((asked) => {
    const states = asked.map((one) =>
      stateOf(one, usedIn(one.keyId, one.period) + (more.get(one.keyId) ?? 0)),
    );
    const state = tightest(states);
    if (state.isExceeded) return state;
    for (const { keyId } of asked) more.set(keyId, (more.get(keyId) ?? 0) + 1);
    return { ...state, used: state.used + 1 };
  });
  return { found, more };
}

function askedAt({ keyId, quota }: CountedQuota, nowMs: number): Asked {
  return { keyId, quota, period: periodOf(quota.unit, nowMs) };
}

function stateOf({ keyId, quota, period }: Asked, used: number): QuotaState {
  return { keyId, quota, used, endsAtMs: period.endsAtMs, isExceeded: used >= quota.count };
}

/** The one that is used up, of several the last to begin anew; or else the first to be used up. */
function tightest(states: readonly QuotaState[]): QuotaState {
  return states.reduce((one, other) => {
    if (one.isExceeded !== other.isExceeded) return one.isExceeded ? one : other;
    if (one.isExceeded) return other.endsAtMs > one.endsAtMs ? other : one;
    return other.quota.count - other.used < one.quota.count - one.used ? other : one;
  });
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
