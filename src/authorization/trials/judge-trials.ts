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
  const verdicts: (readonly TrialVerdict[])[] = [];
  const about = { ...facts };
  const judge = (one: KeyFacts | Maker, trial: Trial, key: KeyFacts): void => {
    if (trial.isUnreadable === true) return;
    // What is allowed is over no limit that there is.
    about.rate = { isExceeded: overRate?.includes(one.id) === true };
    about.key = key;
    const wouldDeny = reasonAgainst(request, about, key);
    const { allows } = preparedOf(one, trial);
    verdicts.push(wouldDeny === undefined ? allows : allows.map((verdict) => ({ ...verdict, wouldDeny })));
  };
  if (key.trial !== undefined) judge(key, key.trial, preparedOf(key, key.trial).tried);
  for (const [index, maker] of makers.entries()) {
    if (maker.trial === undefined) continue;
    about.makers = makers.with(index, preparedOf(maker, maker.trial).tried);
    judge(maker, maker.trial, key);
  }
  const [only, ...more] = verdicts;
  return only !== undefined && more.length === 0 ? only : verdicts.flat();
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
