import { readVerdicts } from '../../src/audit/audit-event.js';
import type { Decision } from '../../src/authorization/access-request.js';
import { explain } from '../../src/authorization/explain/explain.js';
import { judgeTrials } from '../../src/authorization/trials/judge-trials.js';
import { Random } from '../faults/random.js';
import { decide } from '../support/decide.js';
import { allowedText, judgeByTheBook, verdictText, type Judgement } from './by-the-book.js';
import { clientOf, factsOf, requestOf } from './facts-of.js';
import { keyId, randomCase, withQuotas, withTrials, type RandomCase } from './random-case.js';
import { enforcedWorlds } from './enforced-worlds.js';

export interface Comparison {
  disagreements: string[];
  /** Answers that were compared with the book: decisions and explanations. */
  comparisons: number;
  /** How many cases had each verdict by the book. */
  met: Map<string, number>;
}

/** What is compared with the book. A test puts a wrong one in its place, and needs only one disagreement. */
export interface Compared {
  decide: typeof decide;
  explain: typeof explain;
  judgeTrials: typeof judgeTrials;
  endsAtFirst: boolean;
}

/** Decides and explains random cases, and compares the answers with the book. */
export function compareMany(count: number, seed: number, compared: Partial<Compared> = {}): Comparison {
  const random = new Random(seed);
  const [trials, quotas] = [new Random(seed + 1), new Random(seed + 2)];
  const comparison: Comparison = { disagreements: [], comparisons: 0, met: new Map() };
  const service: Compared = { decide, explain, judgeTrials, endsAtFirst: false, ...compared };
  for (let index = 0; index < count; index++) {
    const one = withQuotas(withTrials(randomCase(random), trials), quotas);
    const judgement = judgeByTheBook(one.world, one.question);
    const verdict = verdictText(judgement, one.question);
    comparison.met.set(verdict, (comparison.met.get(verdict) ?? 0) + 1);
    const answers = [
      compareDecision(service.decide, one, judgement),
      compareExplanation(service.explain, one),
      ...compareTrials(service.judgeTrials, one),
    ];
    for (const { problem } of answers.filter((answer) => answer !== 'not asked')) {
      comparison.comparisons++;
      if (problem !== undefined) comparison.disagreements.push(`case ${String(index)}: ${problem}`);
    }
    if (service.endsAtFirst && comparison.disagreements.length > 0) break;
  }
  return comparison;
}

/** What is wrong with it, if anything. */
type Answer = { problem: string | undefined } | 'not asked';

/** A decision always has a client. Guessing is counted before it, so it knows nothing of that. */
function compareDecision(decideOne: typeof decide, one: RandomCase, whole: Judgement): Answer {
  const { world, question } = one;
  if (question.client === undefined) return 'not asked';
  const isClosed = world.guessing === 'closed';
  const judgement = isClosed ? judgeByTheBook({ ...world, guessing: undefined }, question) : whole;
  const decision = decideOne(requestOf(question), factsOf(world), question.isSecretRight);
  return { problem: differenceOf('decided', textOf(decision), textOfJudgement(judgement)) };
}

/** What each trial would have made of a request that is allowed is what the book says of the world that has it in place. */
function compareTrials(judge: typeof judgeTrials, one: RandomCase): Answer[] {
  const { world, question } = one;
  const isAllowed = judgeByTheBook({ ...world, guessing: undefined }, question).reasons.length === 0;
  if (question.client === undefined || !isAllowed) return [];
  const trial = judge(requestOf(question), factsOf(world), undefined, throwIt);
  const verdicts = readVerdicts({ actor: { kind: 'access_key', accessKeyId: keyId }, trial });
  return enforcedWorlds(world).map(({ id, enforced }) => {
    const { reasons } = judgeByTheBook({ ...enforced, guessing: undefined }, question);
    const told = verdicts.find(({ accessKeyId }) => accessKeyId === id);
    const problem = told === undefined ? 'no verdict' : (told.wouldDeny ?? 'allow');
    return { problem: differenceOf(`tried of ${id}`, problem, reasons[0] ?? 'allow') };
  });
}

function throwIt(error: unknown): never {
  throw error;
}

/** An explanation takes the secret as right, and is asked about what a client sends. */
function compareExplanation(explainOne: typeof explain, one: RandomCase): Answer {
  const { mode, isSecretRight, client, command, args } = one.question;
  if (mode !== 'enforce' || !isSecretRight || args?.includes(undefined) === true) return 'not asked';
  const judgement = judgeByTheBook(one.world, { ...one.question, isOpen: args === undefined });
  const asked = {
    ...{ accessKeyId: keyId, command, args: args as readonly string[] | undefined },
    client: client === undefined ? undefined : clientOf(client),
  };
  const { verdict, steps } = explainOne(asked, factsOf(one.world));
  const told = verdict.outcome === 'deny' ? `${verdict.reason} ${String(verdict.code)}` : 'allow';
  const [first] = judgement.reasons;
  const unclear = steps.find(
    ({ why, state, remedy }) => why === '' || (state === 'denied') !== (remedy !== undefined),
  );
  const problem =
    differenceOf('explained', told, first === undefined ? 'allow' : textOfJudgement(judgement)) ??
    differenceInTheWay(
      steps.flatMap(({ reason }) => reason ?? []),
      judgement,
    ) ??
    (verdict.outcome === 'deny' ? undefined : differenceOfOpen(one, verdict.outcome)) ??
    (unclear && `${unclear.step} says too little`);
  return { problem };
}

const anyClients = ['203.0.113.9', '198.18.0.77', '10.1.2.3', '2001:db8::7', 'fd00::1'];

/** What was left open may be anything: it is allowed if the book allows each of it, and depends if it allows some. */
function differenceOfOpen({ world, question }: RandomCase, told: 'allow' | 'depends'): string | undefined {
  const clients = question.client === undefined ? anyClients : [question.client];
  const user = world.key?.user;
  const anyArgs = [[], [user, user, user], [world.rootUser, 'ROLE', 'none'], [user, world.rootUser]];
  const lists = question.args === undefined ? anyArgs : [question.args];
  const isDenied = clients.some((client) =>
    lists.some((args) => judgeByTheBook(world, { ...question, client, args }).reasons.length > 0),
  );
  const guesses = question.client === undefined && world.guessing === 'somewhere';
  return differenceOf('left open', told, isDenied || guesses ? 'depends' : 'allow');
}

/** All that stands in the way is told. Of a key or a command that does not exist nothing further is known. */
function differenceInTheWay(told: readonly string[], { reasons }: Judgement): string | undefined {
  const isCutShort = reasons.some((reason) => reason === 'key_unknown' || reason === 'command_unknown');
  const booked = reasons.filter((reason) => !isCutShort || told.includes(reason));
  return differenceOf('told as in the way', told.join(' '), booked.join(' '));
}

function differenceOf(how: string, told: string, booked: string): string | undefined {
  return told === booked ? undefined : `${how}: ${told}; by the book: ${booked}`;
}

function textOfJudgement({ reasons: [first], code, allowed }: Judgement): string {
  return first === undefined ? allowedText(allowed) : `${first} ${String(code)}`;
}

function textOf(decision: Decision): string {
  if (decision.outcome === 'deny') return `${decision.reason} ${String(decision.code)}`;
  const { user, isRootUser, namesOthers = false, permissions, isSafe = false, userArgPosition } = decision;
  const isEverything = isRootUser && permissions.length === 0;
  const names = isEverything ? ('everything' as const) : [...new Set(permissions)].sort();
  return allowedText({ user, isRootUser, namesOthers, permissions: names, isSafe, userArgPosition });
}
