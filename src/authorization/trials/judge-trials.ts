import type { RecordedVerdict } from '../../audit/audit-event.js';
import type { DenyReason } from '../../errors.js';
import { noMakers, type Maker } from '../../keys/makers/makers.js';
import { withTried, type Trial } from '../../keys/trials/trial.js';
import type { AccessRequest } from '../access-request.js';
import { reasonOfTrial } from '../decide.js';
import type { DecisionFacts, KeyFacts } from '../facts/decision-facts.js';

/**
 * What each trial of a key and of its makers would have made of a request that is allowed: those steps of the decision
 * that depend on it (decision-steps.ts) are walked again, on the same facts with what is tried in place. Each trial is
 * judged by itself, as each is enforced by itself. Whatever is broken, a trial denies nothing.
 *
 * @param facts - of the decision that was made: what is tried is put into them, one after the other
 * @param overRate - the keys whose tried rate limit is used up (tried-limits.ts)
 */
export function judgeTrials(
  request: AccessRequest,
  facts: DecisionFacts,
  overRate: readonly string[] | undefined,
  onError: (error: unknown) => void,
): readonly RecordedVerdict[] {
  try {
    return verdictsOf(request, facts, overRate);
  } catch (error) {
    onError(error);
    return [];
  }
}

const none: readonly RecordedVerdict[] = [];

function verdictsOf(
  request: AccessRequest,
  facts: DecisionFacts,
  overRate: readonly string[] | undefined,
): readonly RecordedVerdict[] {
  const { key, makers = noMakers } = facts;
  if (key === undefined) return none;
  const own = key.trial === undefined ? none : verdictOfOwn(request, facts, key, key.trial, overRate);
  if (makers.length === 0) return own;
  const verdicts = [...own];
  for (const [index, maker] of makers.entries()) {
    if (maker.trial === undefined || maker.trial.isUnreadable === true) continue;
    facts.makers = makers.with(index, preparedOf(maker, maker.trial).tried);
    const wouldDeny = reasonUnder(request, facts, key, maker.id, overRate);
    const verdict = { accessKeyId: maker.id, since: sinceOf(maker.trial) };
    verdicts.push(wouldDeny === undefined ? verdict : { ...verdict, wouldDeny });
  }
  return verdicts;
}

function verdictOfOwn(
  request: AccessRequest,
  facts: DecisionFacts,
  key: KeyFacts,
  trial: Trial,
  overRate: readonly string[] | undefined,
): readonly RecordedVerdict[] {
  if (trial.isUnreadable === true) return none;
  const { tried, allows } = preparedOf(key, trial);
  const wouldDeny = reasonUnder(request, facts, tried, key.id, overRate);
  return wouldDeny === undefined ? allows : [{ accessKeyId: key.id, since: sinceOf(trial), wouldDeny }];
}

/** @param triedOf - the key whose trial it is */
function reasonUnder(
  request: AccessRequest,
  facts: DecisionFacts,
  asked: KeyFacts,
  triedOf: string,
  overRate: readonly string[] | undefined,
): DenyReason | undefined {
  facts.key = asked;
  // What is allowed is over no limit that there is.
  facts.rate = overRate?.includes(triedOf) === true ? { isExceeded: true } : undefined;
  return reasonOfTrial(request, facts, asked);
}

/** As the record has it. */
export function sinceOf({ sinceMs }: Pick<Trial, 'sinceMs'>): string {
  return new Date(sinceMs).toISOString();
}

interface Prepared<T> {
  /** With what is tried in place. */
  tried: T;
  /** The verdict of its own request that would be allowed as well: one object for all of them (audit/event-json.ts). */
  allows: readonly RecordedVerdict[];
}

/** Facts are kept as long as they are true, and asked for each request: what is made of them is kept with them. */
const prepared = new WeakMap<object, Prepared<unknown>>();

function preparedOf<T extends KeyFacts | Maker>(key: T, trial: Trial): Prepared<T> {
  let made = prepared.get(key) as Prepared<T> | undefined;
  if (made === undefined) {
    const allows = Object.freeze([sinceOf(trial)]);
    made = { tried: withTried(key, trial), allows };
    prepared.set(key, made);
  }
  return made;
}
