import { setImmediate as breathe } from 'node:timers/promises';
import type { RoleDirectory } from '../../apis/role-directory.js';
import { agreedEntry } from '../../apis/shared-roles.js';
import type { AuditReader } from '../../audit/record/audit-reader.js';
import type { Query } from '../../audit/record/index-block.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { Semaphore } from '../../concurrency/semaphore.js';
import { AppError, ReturnCode } from '../../errors.js';
import { maySeeOf, type Authority } from '../../keys/makers/authority.js';
import type { Users } from '../../users/users.js';
import type { Facts } from '../facts/facts.js';
import { argumentsIn, readDecision } from './decision-line.js';
import { findSubject } from './find-subject.js';
import type { SuggestFacts } from './key-standing.js';
import { note, planKey, type KeyPlan, type SubjectKey } from './plan-key.js';
import { neededThrough, suggestForApi, suggestForKey, suggestForUser } from './suggest-role.js';
import { readSubjectKeys, type KeyReader } from './subject-keys.js';
import type { Subject, SubjectKind, SuggestedCommand, SuggestedRole, Suggestion } from './suggestion.js';
import { UseTally } from './use-tally.js';

export interface RoleSuggesterParts {
  audit: Pick<AuditReader, 'linesOldestFirst' | 'reach'>;
  keys: KeyReader;
  users: Pick<Users, 'find'>;
  roles: Pick<RoleDirectory, 'find'>;
  facts: Pick<Facts, 'loadSwitches'>;
  catalogue: Catalogue;
  rootUser: string;
  /** Empty: one process owns the data. */
  nodeId: string;
  /** The nodes that have recorded something since then. */
  nodesSince: (timeMs: number) => Promise<readonly string[]>;
  /** Built-in commands that ask for more than a role that lists them. */
  asking: AskingCommands;
}

/** Names of built-in commands, as `SuggestFacts` has them. */
export interface AskingCommands {
  needsEverything: readonly string[];
  needsSafe: readonly string[];
  handlesKeys: readonly string[];
}

/** Who asks, and whether somebody still waits for the answer. */
export interface SuggestionCaller {
  authority: Authority;
  signal: AbortSignal;
}

/** So far back it looks, unless it is told otherwise. */
export const usualSpanMs = 90 * 86_400_000;
/** The index is asked for so many keys by name. */
const mostTerms = 64;
/** Each reads much of the record, and looks at every command for every key. */
const limits = { concurrency: 2, queueLength: 16 };

/** Finds the smallest role from what the record says was allowed. It changes nothing. */
export class RoleSuggester {
  private readonly places = new Semaphore(limits);

  constructor(private readonly parts: RoleSuggesterParts) {}

  /** As `findSubject` says. */
  find(name: string, kind: SubjectKind | undefined, authority: Authority): Promise<Subject> {
    return findSubject(this.parts, name, kind, authority);
  }

  /**
   * @param subject - what was found
   * @throws AppError 8 for more keys than a suggestion can be made for, 14 where many are being made, or where nobody
   *   waits for it any more
   */
  async suggest(subject: Subject, sinceMs: number, caller: SuggestionCaller): Promise<Suggestion> {
    const made = await this.places.run(() => this.make(subject, sinceMs, caller));
    if (made === undefined) throw busy('too many suggestions are being made, try again');
    return made.result;
  }

  private async make(
    subject: Subject,
    sinceMs: number,
    { authority, signal }: SuggestionCaller,
  ): Promise<Suggestion> {
    // A part of the record would suggest too little.
    const requireAwaited = (): void => {
      if (signal.aborted) throw busy('the suggestion was ended before it was whole');
    };
    requireAwaited();
    const nodes = (await this.parts.nodesSince(sinceMs)).filter((id) => id !== this.parts.nodeId);
    const facts = await this.readFacts(nodes.length === 0, authority);
    const keys = await readSubjectKeys(this.parts.keys, subject, requireAwaited);
    const tally = new UseTally(
      keys.map(({ key, makers, made }) => ({
        id: key.id,
        made: made.map((each) => each.key.id),
        countsRefused: key.rateLimit === undefined || makers.length > 0,
      })),
      facts,
    );
    const reach = await this.parts.audit.reach();
    if (keys.length > 0) await this.walk(tally, userOf(keys), sinceMs, requireAwaited);
    const suggested = await suggestFor(subject, keys, { tally, facts, requireAwaited });
    const { timeMs: recordFromMs } = reach;
    const isShort = !reach.isWhole && (recordFromMs ?? Infinity) > sinceMs;
    return {
      ...suggested,
      ...{ subject, sinceMs, recordFromMs, node: this.parts.nodeId },
      // Another node may know of commands that are not here.
      ...(nodes.length > 0 && { commandLines: [], ...(subject.kind !== 'api' && { api: '' }) }),
      decisions: keys.reduce((sum, { key }) => sum + tally.useOf(key.id).allowed, 0),
      notes: [
        ...(isShort ? [{ code: 'older_use_unknown' as const, names: [] }] : []),
        ...note('other_nodes', nodes),
        ...suggested.notes,
      ],
    };
  }

  private async readFacts(isAlone: boolean, authority: Authority): Promise<SuggestFacts> {
    const { roles, facts, catalogue, rootUser, asking } = this.parts;
    const { sharedRoles, isAdministrator } = await facts.loadSwitches();
    const builtIn = (names: readonly string[]) => new Set(names.filter((name) => catalogue.isBuiltIn(name)));
    return {
      ...{ rootUser, isAdministrator },
      findApi: (name) => agreedEntry(roles.find(name), sharedRoles),
      findCommand: (name) => catalogue.find(name),
      commandNames: catalogue.list().map(({ name }) => name),
      needsEverything: builtIn(asking.needsEverything),
      needsSafe: builtIn(asking.needsSafe),
      handlesKeys: builtIn(asking.handlesKeys),
      maySee: (user) => maySeeOf(authority, user),
      isAlone,
    };
  }

  /** @param user - whose keys all of them are; undefined: of several */
  private async walk(
    tally: UseTally,
    user: string | undefined,
    sinceMs: number,
    requireAwaited: () => void,
  ): Promise<void> {
    const ids = tally.keyIds;
    for await (const lines of this.parts.audit.linesOldestFirst(queryFor(ids, user, sinceMs))) {
      requireAwaited();
      for (const line of lines) {
        const decision = readDecision(line);
        if (decision === undefined || decision.timeMs < sinceMs || !tally.has(decision.accessKeyId)) continue;
        tally.add(decision, () => argumentsIn(line));
      }
    }
  }
}

async function suggestFor(
  { kind, name }: Subject,
  keys: readonly SubjectKey[],
  { tally, facts, requireAwaited }: { tally: UseTally; facts: SuggestFacts; requireAwaited: () => void },
): Promise<SuggestedRole> {
  const plans: KeyPlan[] = [];
  const needed: SuggestedCommand[] = [];
  for (const key of keys) {
    // Each looks at many commands: requests are served in between.
    await breathe();
    requireAwaited();
    if (kind === 'api') needed.push(...neededThrough(name, key, tally, facts));
    else plans.push(planKey(key, tally, facts));
  }
  if (kind === 'api') {
    const unused = keys.filter(({ key }) => tally.useOf(key.id).allowed === 0);
    return suggestForApi(
      name,
      needed,
      unused.map(({ key }) => key.id),
      facts,
    );
  }
  const [plan] = plans;
  return kind === 'key' && plan !== undefined
    ? suggestForKey(plan, facts)
    : suggestForUser(name, plans, facts);
}

function queryFor(ids: readonly string[], user: string | undefined, sinceMs: number): Query {
  const decisions = { field: 'type', value: 'decision' } as const;
  const isFew = ids.length <= mostTerms;
  return {
    terms: isFew || user === undefined ? [decisions] : [decisions, { field: 'user', value: user }],
    oneOf: isFew ? ids.map((value) => ({ field: 'accessKeyId' as const, value })) : undefined,
    ...{ sinceMs, untilMs: Infinity },
  };
}

function userOf(keys: readonly SubjectKey[]): string | undefined {
  const users = new Set(keys.flatMap(({ key, made }) => [key.user, ...made.map((each) => each.key.user)]));
  return users.size === 1 ? [...users][0] : undefined;
}

function busy(message: string): AppError {
  return new AppError(ReturnCode.BUSY, message);
}
