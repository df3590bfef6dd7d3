import type { TrialVerdict } from '../../audit/audit-event.js';
import type { Maker } from '../../keys/makers/makers.js';
import { withTried, type Trial } from '../../keys/trials/trial.js';
import type { AccessRequest } from '../access-request.js';
import { decideAboutKey } from '../decide.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';

/**
 * What each trial of a key and of its makers would have made of a request that is allowed: the steps of the decision
 * (decision-steps.ts) are walked again, on the same facts with what is tried in place. Each trial is judged by itself,
 * as each is enforced by itself. Whatever is broken, a trial denies nothing.
 *
 * @param overRate - the keys whose tried rate limit is used up (tried-limits.ts)
 */
export function judgeTrials(
  request: AccessRequest,
  facts: DecisionFacts,
  overRate: readonly string[] | undefined,
  onError: (error: unknown) => void,
): readonly TrialVerdict[] {
  try {
    return verdictsOf(request, facts, overRate);
  } catch (error) {
    onError(error);
    return [];
  }
}

function verdictsOf(
  request: AccessRequest,
  facts: DecisionFacts,
  overRate: readonly string[] | undefined,
): readonly TrialVerdict[] {
  const { key, makers = [] } = facts;
  if (key === undefined) return [];
  const verdicts: TrialVerdict[] = [];
  const judge = ({ id, trial }: KeyFacts | Maker, chain: Pick<DecisionFacts, 'key' | 'makers'>): void => {
    if (trial === undefined || trial.isUnreadable === true) return;
    // What is allowed is over no limit that there is.
    const rate = { isExceeded: overRate?.includes(id) === true };
    const decision = decideAboutKey(request, { ...facts, ...chain, rate }, true);
    const wouldDeny = decision.outcome === 'deny' ? { wouldDeny: decision.reason } : undefined;
    verdicts.push({ accessKeyId: id, since: sinceOf(trial), ...wouldDeny });
  };
  if (key.trial !== undefined) judge(key, { key: tried(key), makers });
  for (const [index, maker] of makers.entries())
    if (maker.trial !== undefined) judge(maker, { key, makers: makers.with(index, tried(maker)) });
  return verdicts;
}

/** As the record has it. */
export function sinceOf({ sinceMs }: Pick<Trial, 'sinceMs'>): string {
  return new Date(sinceMs).toISOString();
}

/** Facts are kept as long as they are true, and asked for each request: what is made of them is kept with them. */
const triedKeys = new WeakMap<object, object>();

function tried<T extends KeyFacts | Maker>(key: T): T {
  let made = triedKeys.get(key) as T | undefined;
  if (made === undefined) {
    made = key.trial === undefined ? key : withTried(key, key.trial);
    triedKeys.set(key, made);
  }
  return made;
}
