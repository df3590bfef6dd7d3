import { Authorizer, type AuthorizerParts } from '../../src/authorization/authorize.js';
import type { AccessRequest, Decision } from '../../src/authorization/access-request.js';
import type { DecisionFacts, KeyFacts } from '../../src/authorization/facts/decision-facts.js';
import { FailureLimits } from '../../src/authorization/limits/failure-limits.js';
import { RateLimiter } from '../../src/authorization/limits/rate-limiter.js';
import { readVerdicts, type NewAuditEvent } from '../../src/audit/audit-event.js';
import type { RateLimit } from '../../src/keys/limits/rate-limit.js';
import type { Maker } from '../../src/keys/makers/makers.js';
import { withTried } from '../../src/keys/trials/trial.js';
import { Random } from '../faults/random.js';
import { factsOf, requestOf } from '../explain/facts-of.js';
import { randomCase, randomQuestion } from '../explain/random-case.js';
import { randomTrials } from './random-trials.js';

const requestsPerWorld = 12;

/** What of so many decisions was compared. */
export interface Comparison {
  decisions: number;
  /** Verdicts of trials about allowed requests, compared with what enforcing the trial makes of them. */
  verdicts: number;
  /** How many of these deny, by reason. */
  denials: Map<string, number>;
  /** At most so many are kept. */
  differences: string[];
}

interface Chain {
  key: KeyFacts;
  makers: readonly Maker[];
}

/**
 * Random keys on trial and their requests, decided three times: without the trial, with it, and with it enforced. The
 * first two have to be the same, and the trial has to say what the third one is.
 */
export async function compareTrials(count: number, seed: number): Promise<Comparison> {
  const random = new Random(seed);
  const comparison: Comparison = { decisions: 0, verdicts: 0, denials: new Map(), differences: [] };
  while (comparison.decisions < count) await compareWorld(random, comparison);
  return comparison;
}

async function compareWorld(random: Random, comparison: Comparison): Promise<void> {
  const { world } = randomCase(random);
  const facts = factsOf(world);
  const { key, makers = [] } = facts;
  if (key === undefined || key.isCanary === true) return;
  const byDefault = random.next() < 0.1 ? { count: 4, windowSeconds: 60 } : undefined;
  const onTrial = randomTrials(random, key, makers, byDefault);
  const clock = { nowMs: 0 };
  const plain = new Asked({ key, makers }, facts, clock);
  const tried = new Asked(onTrial, facts, clock);
  const enforced = enforcedOf(onTrial).map(({ id, chain }) => ({
    id,
    asked: new Asked(chain, facts, clock),
  }));
  for (let index = 0; index < requestsPerWorld; index++) {
    clock.nowMs += random.pick([0, 10, 400, 3000, 21_000]);
    const request = randomRequest(random, byDefault);
    const isSecretRight = random.next() < 0.97;
    const without = await plain.ask(request, isSecretRight);
    const { decision, event } = await tried.ask(request, isSecretRight);
    comparison.decisions++;
    requireSame(comparison, 'the trial changed a decision', bare(without.decision), bare(decision));
    for (const { id, asked } of enforced) {
      const real = await asked.ask(request, isSecretRight);
      if (decision.outcome === 'deny') continue;
      const verdict = event && readVerdicts(event).find(({ accessKeyId }) => accessKeyId === id);
      requireSame(comparison, `a verdict is missing: ${id}`, verdict !== undefined, true);
      const wouldDeny = verdict?.wouldDeny;
      const denies = real.decision.outcome === 'deny' ? real.decision.reason : undefined;
      comparison.verdicts++;
      if (wouldDeny !== undefined)
        comparison.denials.set(wouldDeny, (comparison.denials.get(wouldDeny) ?? 0) + 1);
      const about = `${id} ${request.command} ${JSON.stringify(onTrial)}`;
      requireSame(comparison, `what was predicted is not what is enforced: ${about}`, wouldDeny, denies);
    }
  }
}

/** Each trial by itself made real, as `--enforce` does. */
function enforcedOf({ key, makers }: Chain): { id: string; chain: Chain }[] {
  const found: { id: string; chain: Chain }[] = [];
  if (key.trial !== undefined)
    found.push({ id: key.id, chain: { key: withTried(key, key.trial), makers: makers.map(untried) } });
  for (const [index, maker] of makers.entries()) {
    if (maker.trial === undefined) continue;
    const others = makers.map(untried).with(index, untried(withTried(maker, maker.trial)));
    found.push({ id: maker.id, chain: { key: untried(key), makers: others } });
  }
  return found.map(({ id, chain }) => ({ id, chain: { ...chain, key: untried(chain.key) } }));
}

function untried<T extends KeyFacts | Maker>(one: T): T {
  const plain = { ...one };
  delete plain.trial;
  return plain;
}

function randomRequest(random: Random, byDefault: RateLimit | undefined): AccessRequest {
  const is = (share: number): boolean => random.next() < share;
  return {
    ...requestOf(randomQuestion(random)),
    ...(is(0.05) && { isIdentification: true as const, command: 'whoami' }),
    ...(is(0.05) && { areArgsToCome: true }),
    ...(is(0.05) && { isCounted: true }),
    ...(byDefault !== undefined && { defaultRateLimit: byDefault }),
  };
}

/** The real authorizer over facts that stand still, with limits of its own. */
class Asked {
  private readonly authorizer: Authorizer;
  private isSecretRight = true;
  private event: NewAuditEvent | undefined;

  constructor({ key, makers }: Chain, facts: DecisionFacts, clock: { nowMs: number }) {
    const { settings, allowList, owner, rootUser, nowMs, isAdministrator, findApi, findCommand } = facts;
    const version = { number: 1, epoch: 0 };
    const switches = { settings, allowList, sharedRoles: undefined, isAdministrator };
    const view = { version, switches, key, makers, owner };
    const keep = (event: NewAuditEvent): Promise<void> => {
      this.event = event;
      return Promise.resolve();
    };
    const parts = {
      facts: { view: () => view, isCurrent: () => true, checkLease: () => nowMs, knowsKey: () => true },
      verifier: { verifyQuickly: () => this.isSecretRight, hasTag: () => false },
      weakKeyGuard: {},
      roles: { find: findApi },
      catalogue: { find: findCommand },
      rateLimiter: new RateLimiter({ now: () => clock.nowMs }),
      audit: { append: keep, appendFailure: keep },
      keyUses: { note: () => undefined },
      canaryUses: { note: () => undefined },
      failureLimits: new FailureLimits(0),
      ...{ rootUser, onError: throwIt },
    };
    this.authorizer = new Authorizer(parts as unknown as AuthorizerParts);
  }

  async ask(
    request: AccessRequest,
    isSecretRight: boolean,
  ): Promise<{ decision: Decision; event: NewAuditEvent | undefined }> {
    this.isSecretRight = isSecretRight;
    this.event = undefined;
    const decision = await this.authorizer.authorize(request);
    return { decision, event: this.event };
  }
}

function throwIt(error: unknown): never {
  throw error;
}

/** What an answer can be made of. */
function bare(decision: Decision): unknown {
  const { trial: _, ...rest } = decision as Decision & { trial?: unknown };
  return rest;
}

function requireSame({ differences }: Comparison, what: string, one: unknown, other: unknown): void {
  const texts = [one, other].map((value) => (value === undefined ? 'allow' : JSON.stringify(value)));
  if (texts[0] !== texts[1] && differences.length < 20) differences.push(`${what}: ${texts.join(' and ')}`);
}
