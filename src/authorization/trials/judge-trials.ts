import type { TrialVerdict } from '../../audit/audit-event.js';
import type { Maker } from '../../keys/makers/makers.js';
import { withTried, type Trial } from '../../keys/trials/trial.js';
import type { AccessRequest } from '../access-request.js';
import { reasonAgainst } from '../decide.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';

/**
 * What each trial of a key and of its makers would have made of a request that is allowed: the steps of the decision
 * (decision-steps.ts) are walked again, on the same facts with what is tried in place. Each trial is judged by itself,
 * as each is enforced by itself. Whatever is broken, a trial denies nothing.
 *
 * @param facts - of the decision that was made: what is tried is put into them, one after the other
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

const none: readonly TrialVerdict[] = [];

function verdictsOf(
  request: AccessRequest,
  facts: DecisionFacts,
  overRate: readonly string[] | undefined,
): readonly TrialVerdict[] {
  const { key, makers = [] } = facts;
  if (key === undefined) return none;
  const judge = (one: KeyFacts | Maker, asked: KeyFacts, trial: Trial): readonly TrialVerdict[] => {
    if (trial.isUnreadable === true) return none;
    facts.key = asked;
    // What is allowed is over no limit that there is.
    facts.rate = overRate?.includes(one.id) === true ? { isExceeded: true } : undefined;
    const wouldDeny = reasonAgainst(request, facts, asked);
    const { allows } = preparedOf(one, trial);
    return wouldDeny === undefined ? allows : allows.map((verdict) => ({ ...verdict, wouldDeny }));
  };
  const own = key.trial === undefined ? none : judge(key, preparedOf(key, key.trial).tried, key.trial);
  if (makers.length === 0) return own;
  const verdicts = [...own];
  for (const [index, maker] of makers.entries()) {
    if (maker.trial === undefined) continue;
    facts.makers = makers.with(index, preparedOf(maker, maker.trial).tried);
    verdicts.push(...judge(maker, key, maker.trial));
  }
  return verdicts;
}

/** As the record has it. */
export function sinceOf({ sinceMs }: Pick<Trial, 'sinceMs'>): string {
  return new Date(sinceMs).toISOString();
}

interface Prepared<T> {
  /** With what is tried in place. */
  tried: T;
  /** The verdict of a request that would be allowed as well: one object for all of them (audit/event-json.ts). */
  allows: readonly TrialVerdict[];
}

/** Facts are kept as long as they are true, and asked for each request: what is made of them is kept with them. */
const prepared = new WeakMap<object, Prepared<unknown>>();

function preparedOf<T extends KeyFacts | Maker>(key: T, trial: Trial): Prepared<T> {
  let made = prepared.get(key) as Prepared<T> | undefined;
  if (made === undefined) {
    const allows = Object.freeze([{ accessKeyId: key.id, since: sinceOf(trial) }]);
    made = { tried: withTried(key, trial), allows };
    prepared.set(key, made);
  }
  return made;
}
