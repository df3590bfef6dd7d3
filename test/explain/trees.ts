/**
 * Random trees of derived keys, in which any key changes at any moment. A child is never allowed what its parent isn't,
 * nor is it counted less; and each decision is the one that the documents give.
 */
import type { Decision } from '../../src/authorization/access-request.js';
import { AppError } from '../../src/errors.js';
import type { AccessKey } from '../../src/keys/access-key.js';
import { childOf, type WantedChild } from '../../src/keys/derived/child-of.js';
import { countedLimits, countedQuotas } from '../../src/keys/makers/makers.js';
import { formatAddressRange } from '../../src/network/address-range.js';
import { Random } from '../faults/random.js';
import { decide } from '../support/decide.js';
import { judgeByTheBook } from './by-the-book.js';
import { excessOf } from './book/derived.js';
import { factsOf, requestOf } from './facts-of.js';
import { randomCase, randomKey, withQuota } from './random-case.js';
import type { Question, World, WorldKey } from './world.js';

export interface TreeFindings {
  problems: string[];
  /** Questions that were asked of a child and of its parent. */
  compared: number;
  /** Of these, how often the child was allowed what was asked. */
  allowed: number;
  derived: number;
  /** More was wanted than the parent has, or it had ended. */
  refused: number;
}

/** What the service does; a test puts a wrong one in its place. */
export interface TreeParts {
  childOf: typeof childOf;
  decide: typeof decide;
}

interface Node {
  key: WorldKey;
  parent: Node | undefined;
}

const stepsOfTree = 12;
const rootUser = 'admin';

export function growTrees(count: number, seed: number, parts: TreeParts = { childOf, decide }): TreeFindings {
  const random = new Random(seed);
  const found: TreeFindings = { problems: [], compared: 0, allowed: 0, derived: 0, refused: 0 };
  for (let index = 0; index < count; index++) growTree(random, found, parts, index);
  return found;
}

function growTree(random: Random, found: TreeFindings, parts: TreeParts, index: number): void {
  const { world } = randomCase(random);
  const nodes: Node[] = [{ key: newKey(random, 'root'), parent: undefined }];
  const report = (problem: string): void => void found.problems.push(`tree ${String(index)}: ${problem}`);
  for (let step = 0; step < stepsOfTree; step++) {
    const node = random.pick(nodes);
    if (random.next() < 0.5) {
      const child = derive(random, worldOf(world, node), parts, String(step));
      if (child === undefined) found.refused++;
      else {
        found.derived++;
        const excess = excessOf(child, worldOf(world, node));
        if (excess !== undefined) report(`a derived key has what its parent lacks: ${excess}`);
        nodes.push({ key: child, parent: node });
      }
    } else node.key = changed(random, node.key);
    const { question } = randomCase(random);
    for (const { key, parent } of nodes) {
      if (parent === undefined) continue;
      const problem = compare(
        worldOf(world, { key, parent }),
        worldOf(world, parent),
        question,
        parts,
        found,
      );
      if (problem !== undefined) report(`${JSON.stringify(question)}: ${problem}`);
    }
  }
}

function compare(child: World, parent: World, asked: Question, parts: TreeParts, found: TreeFindings) {
  const question = { ...asked, client: asked.client ?? '203.0.113.9' };
  found.compared++;
  const [ofChild, ofParent] = [child, parent].map((world) =>
    parts.decide(requestOf(question), factsOf(world), question.isSecretRight),
  ) as [Decision, Decision];
  if (ofChild.outcome === 'allow') found.allowed++;
  if (ofChild.outcome === 'allow' && ofParent.outcome === 'deny')
    return `a child is allowed what its parent is denied: ${ofParent.reason}`;
  const book = judgeByTheBook({ ...child, guessing: undefined }, question).reasons[0] ?? 'allow';
  const told = ofChild.outcome === 'allow' ? 'allow' : ofChild.reason;
  if (told !== book) return `decided: ${told}; by the book: ${book}`;
  const counted = (world: World): string[] => {
    const { key, makers = [] } = factsOf(world);
    if (key === undefined) return [];
    return [...countedLimits(key, makers, undefined), ...countedQuotas(key, makers)].map(
      ({ keyId }) => keyId,
    );
  };
  const lacking = counted(parent).filter((id) => !counted(child).includes(id));
  return lacking.length === 0 ? undefined : 'a request of a child is not counted with its parent';
}

function worldOf(world: World, { key, parent }: Node): World {
  const makers: WorldKey[] = [];
  for (let node = parent; node !== undefined; node = node.parent) makers.push(node.key);
  const isLimited = [key, ...makers].some(({ perMinute }) => perMinute !== undefined);
  return {
    ...world,
    key,
    makers,
    isRateLimitUsedUp: world.isRateLimitUsedUp && isLimited,
    guessing: undefined,
  };
}

/** By the service, from what the tree has at this moment. */
function derive(random: Random, world: World, parts: TreeParts, id: string): WorldKey | undefined {
  const { key, makers = [] } = factsOf(world);
  // Most keys are not held, and what is wanted beside held ones has to be met, too.
  const { only: held = newKey(random, id).only ?? newKey(random, id).only, ...open } = newKey(random, id);
  const wish: WorldKey = { ...open, ...(held !== undefined && { only: held }) };
  const wished = factsOf({ ...world, key: wish, makers: [] }).key;
  const wanted: WantedChild = {
    expiresAtMs: world.nowMs + random.pick([0, 1000, 5000]),
    ...(random.next() < 0.6 && { permissions: wish.permissions }),
    ...(wished?.allowedAddresses !== undefined && { allowedAddresses: wished.allowedAddresses }),
    ...(wished?.rateLimit !== undefined && { rateLimit: wished.rateLimit }),
    ...(wished?.quota !== undefined && { quota: wished.quota }),
    ...(wished?.only !== undefined && { only: wished.only }),
  };
  try {
    const parent: AccessKey = { ...key!, comment: '', createdAtMs: 0 };
    const child = parts.childOf(parent, makers, wanted, { rootUser, nowMs: world.nowMs });
    const { user, permissions, expiresAtMs, allowedAddresses, rateLimit, quota, only } = child;
    return {
      ...{ id: wish.id, user, permissions, isSuspended: false },
      ...(expiresAtMs !== undefined && { expiresAtMs }),
      ...(allowedAddresses !== undefined && { allowIp: allowedAddresses.map(formatAddressRange) }),
      ...(rateLimit !== undefined && { perMinute: rateLimit.count }),
      ...(quota !== undefined && { quota: { ...quota, counted: wish.quota?.counted ?? {} } }),
      ...(only !== undefined && { only: Object.fromEntries(only) }),
    };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Suspended, revived, narrowed, widened: whatever an operator does to one key of the tree. */
function changed(random: Random, key: WorldKey): WorldKey {
  const { user, id } = key;
  const other = { ...newKey(random, id), id, user };
  return random.next() < 0.4
    ? { ...key, isSuspended: !key.isSuspended }
    : { ...other, isSuspended: key.isSuspended };
}

function newKey(random: Random, id: string): WorldKey {
  return withQuota(randomKey(random, id.padStart(20, '0')), random);
}
