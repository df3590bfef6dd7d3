/**
 * The decision as the documents have it: the reasons that apply are a set, found without an order, and docs/codes.md
 * says which of them is given. Nothing of `src/` is used, so that a mistake there is not repeated here.
 */
import { codes, precedence } from './book/codes.js';
import { waysThrough } from './book/held.js';
import { applies, knownOf, type Known, type Reason } from './book/reasons.js';
import type { Question, World } from './world.js';

export interface Judgement {
  /** All that stands in the way, in the order of docs/codes.md; empty: allowed. */
  reasons: readonly Reason[];
  /** Of the first of them. */
  code: number;
  /** As what it is allowed, if nothing stands in the way. */
  allowed: AllowedAs;
}

export interface AllowedAs {
  user: string;
  isRootUser: boolean;
  /** An administrator, by an `admin` role. */
  namesOthers: boolean;
  /** Sorted; `everything` for a root user's key without permissions. */
  permissions: readonly string[] | 'everything';
  isSafe: boolean;
  userArgPosition: number;
}

const all = Object.keys(applies) as Reason[];
const inOrder = all.sort((one, other) => precedence.indexOf(one) - precedence.indexOf(other));
if (inOrder.join() !== precedence.join() || !inOrder.every((reason) => codes.has(reason)))
  throw new Error(`docs/codes.md and the book have other reasons: ${precedence.join()}; ${inOrder.join()}`);

/** `v-check-access-key` asks for the command after the key, and refuses an empty one with 10. */
const inspected = inOrder.flatMap((reason): Reason[] =>
  reason === 'command_missing' ? [] : reason === 'command_unknown' ? ['command_missing', reason] : [reason],
);
const missingOfInspected = 10;

/** Each verdict that a case can have, as `verdictText` writes it. */
export const possibleVerdicts: readonly string[] = [
  ...inOrder.map((reason) => `${reason} ${String(codes.get(reason))}`),
  `command_missing ${String(missingOfInspected)}`,
  ...['everything', 'root user', 'root user, SAFE', 'user, USER named', 'user, SAFE'].flatMap((form) =>
    ['', ', whatever the arguments'].map((args) => `allow: ${form}${args}`),
  ),
  ...['administrator', 'administrator, SAFE'].map((form) => `allow: ${form}`),
];

export function judgeByTheBook(world: World, question: Question): Judgement {
  const known = knownOf(world, question);
  const reasons = (known.isEnforced ? inOrder : inspected).filter((reason) => applies[reason](known));
  return { reasons, code: codeOf(reasons[0], known), allowed: allowedAs(known) };
}

function codeOf(reason: Reason | undefined, { isEnforced }: Known): number {
  if (reason === undefined) return 0;
  return reason === 'command_missing' && !isEnforced ? missingOfInspected : codes.get(reason)!;
}

function allowedAs(known: Known): AllowedAs {
  const { world, grants, isOfUser, isForOthers, command, places } = known;
  return {
    user: world.key?.user ?? '',
    isRootUser: !isOfUser,
    namesOthers: isOfUser && isForOthers,
    permissions: grants.permissions === 'everything' ? 'everything' : [...grants.permissions].sort(),
    isSafe: waysThrough(known).some(({ safe }) => safe.has(command)),
    userArgPosition: isOfUser && !isForOthers ? (places[0] ?? 0) : 0,
  };
}

/** The reason with its code, or the form in which the request is allowed. */
export function verdictText({ reasons: [first], code, allowed }: Judgement, { args }: Question): string {
  if (first !== undefined) return `${first} ${String(code)}`;
  const { permissions, isRootUser, namesOthers, userArgPosition, isSafe } = allowed;
  const standing = isRootUser ? 'root user' : namesOthers ? 'administrator' : 'user';
  const who = permissions === 'everything' ? permissions : standing;
  const how = userArgPosition > 0 ? ', USER named' : isSafe ? ', SAFE' : '';
  return `allow: ${who}${how}${args === undefined ? ', whatever the arguments' : ''}`;
}

/** All that an allowed request is allowed as. */
export function allowedText(allowed: AllowedAs): string {
  const { user, isRootUser, namesOthers, permissions, isSafe, userArgPosition } = allowed;
  const names = permissions === 'everything' ? permissions : permissions.join(' ');
  const standing = isRootUser ? ' (root user)' : namesOthers ? ' (of others)' : '';
  return `allow ${user}${standing} [${names}]${isSafe ? ' SAFE' : ''}, USER at ${String(userArgPosition)}`;
}
