import type { KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import type { RateLimit } from '../../src/keys/limits/rate-limit.js';
import type { Maker } from '../../src/keys/makers/makers.js';
import type { Trial, TriedParts } from '../../src/keys/trials/trial.js';
import { parseAddressRange } from '../../src/network/address-range.js';
import type { Random } from '../faults/random.js';

const names = ['one', 'two', 'three'];
const ranges = [['203.0.113.9'], ['10.0.0.0/8', '203.0.113.0/24'], ['2001:db8::/64'], ['0.0.0.0/0', '::/0']];
const helds = [
  { DOMAIN: ['x.example'] },
  { DOMAIN: ['*.example', 'x.example'] },
  { ACCOUNT: ['info', 'bob'] },
  { USER: ['alice'] },
];

/** A chain of keys of which something is tried: of the key, of some of its makers, or of several. */
export function randomTrials(
  random: Random,
  key: KeyFacts,
  makers: readonly Maker[],
  byDefault: RateLimit | undefined,
): { key: KeyFacts; makers: readonly Maker[] } {
  const chain = [key, ...makers];
  const first = random.below(chain.length);
  const [tried = key, ...others] = chain.map((one, index) => {
    if ('isGone' in one || (index !== first && random.next() < 0.7)) return one;
    const present = one.rateLimit ?? (index === chain.length - 1 ? byDefault : undefined);
    const parts = randomParts(random, present, chain.length > 1);
    return Object.keys(parts).length === 0 ? one : { ...one, trial: trialOf(parts, index) };
  });
  return { key: tried, makers: others };
}

function trialOf(parts: TriedParts, index: number): Trial {
  return { sinceMs: 1_700_000_000_000 + index, by: 'operator', ...parts };
}

/**
 * A wider limit of a key that shares others with its makers is left out: what it would let through counts for them, which
 * only enforcing it shows (docs/trials.md).
 */
function randomParts(random: Random, present: RateLimit | undefined, sharesLimits: boolean): TriedParts {
  const is = (share: number): boolean => random.next() < share;
  const only = is(0.2) ? null : new Map(Object.entries(random.pick(helds)));
  return {
    ...(is(0.6) && { permissions: [...names, 'four', 'read-only'].filter(() => is(0.5)) }),
    ...(is(0.35) && { allowedAddresses: is(0.1) ? null : random.pick(ranges).map(rangeOf) }),
    ...(is(0.3) && { only }),
    ...(is(0.4) && { rateLimit: randomRate(random, present, sharesLimits) }),
  };
}

function randomRate(random: Random, present: RateLimit | undefined, sharesLimits: boolean): RateLimit | null {
  if (sharesLimits) return { count: 1 + random.below(present?.count ?? 6), windowSeconds: 60 };
  if (random.next() < 0.1) return null;
  return { count: 1 + random.below(6), windowSeconds: random.pick([1, 60, 3600]) };
}

function rangeOf(text: string) {
  return parseAddressRange(text)!;
}
