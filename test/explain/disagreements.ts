import { deny, type AccessRequest, type Decision } from '../../src/authorization/access-request.js';
import { AllowList } from '../../src/allowlist/allow-list.js';
import { explain } from '../../src/authorization/explain/explain.js';
import { Random } from '../faults/random.js';
import { decide } from '../support/decide.js';
import { decideByTheBook } from './by-the-book.js';
import { randomCase, type RandomCase } from './random-case.js';

export interface Comparison {
  disagreements: string[];
  /** How many cases had each outcome. */
  met: Map<string, number>;
}

const everybody = new AllowList(['allow-all']);
/** What is asked before a key is looked at closer. */
const before = new Set([
  ...['api_disabled', 'address_not_allowed', 'command_missing', 'command_malformed', 'key_unknown'],
]);

/** Explains random cases, and compares each verdict with the decision about the same facts. */
export function compareMany(count: number, seed: number): Comparison {
  const random = new Random(seed);
  const disagreements: string[] = [];
  const met = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const one = randomCase(random);
    const { verdict, steps } = explain(one.asked, one.facts);
    const told = verdict.outcome === 'allow' ? 'allow' : `${verdict.reason} ${String(verdict.code)}`;
    met.set(told, (met.get(told) ?? 0) + 1);
    for (const [who, decideOne] of [
      ['the service', decide],
      ['the book', decideByTheBook],
    ] as const) {
      const decided = outcomeOf(expected(one, decideOne));
      if (decided !== told) disagreements.push(`case ${String(index)}: ${told}, but ${who}: ${decided}`);
    }
    const unclear = steps.find(
      ({ why, state, remedy }) => why === '' || (state === 'denied') !== (remedy !== undefined),
    );
    if (unclear !== undefined) disagreements.push(`case ${String(index)}: ${unclear.step} says too little`);
  }
  return { disagreements, met };
}

/** Who asks from nowhere in particular is let in from anywhere; a key that is closed hears nothing of its own state. */
function expected({ asked, facts }: RandomCase, decideOne: typeof decide): Decision {
  const { client, args, accessKeyId, command } = asked;
  const request: AccessRequest = {
    ...{ mode: 'enforce', accessKeyId, secretAccessKey: '', command },
    client: client ?? { address: undefined, text: '' },
    ...(args !== undefined && { args }),
  };
  const counted = { ...facts };
  if (client === undefined) {
    counted.allowList = everybody;
    if (facts.key !== undefined) {
      const key = { ...facts.key };
      delete key.allowedAddresses;
      counted.key = key;
      counted.makers = (facts.makers ?? []).map((maker) => {
        const open = { ...maker };
        delete open.allowedAddresses;
        return open;
      });
    }
  }
  const decision = decideOne(request, counted, true);
  const isBefore = decision.outcome === 'deny' && before.has(decision.reason);
  return facts.weakSecret === 'closed' && !isBefore ? deny('too_many_attempts') : decision;
}

function outcomeOf(decision: Decision): string {
  return decision.outcome === 'allow' ? 'allow' : `${decision.reason} ${String(decision.code)}`;
}
