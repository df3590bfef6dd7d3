import { setImmediate as breathe } from 'node:timers/promises';
import type { RoleDirectory } from '../../apis/role-directory.js';
import { agreedEntry } from '../../apis/shared-roles.js';
import type { AuditReader } from '../../audit/record/audit-reader.js';
import type { Query } from '../../audit/record/index-block.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { AppError, ReturnCode } from '../../errors.js';
import type { AccessKey } from '../../keys/access-key.js';
import type { AccessKeyList } from '../../keys/listing/access-key-list.js';
import type { Authority } from '../../keys/makers/authority.js';
import { protectionRule } from '../../users/root-user.js';
import type { Users } from '../../users/users.js';
import type { Facts } from '../facts/facts.js';
import { argumentsIn, readDecision } from './decision-line.js';
import { findSubject } from './find-subject.js';
import type { SuggestFacts } from './key-standing.js';
import { note, planKey, type KeyPlan, type SubjectKey } from './plan-key.js';
import { neededThrough, suggestForApi, suggestForKey, suggestForUser } from './suggest-role.js';
import type { Subject, SubjectKind, SuggestedCommand, SuggestedRole, Suggestion } from './suggestion.js';
import { UseTally } from './use-tally.js';

export interface RoleSuggesterParts {
  audit: Pick<AuditReader, 'linesOldestFirst' | 'reach'>;
  keys: Pick<AccessKeyList, 'find' | 'parts' | 'page' | 'makersOf' | 'madeBy'>;
  users: Pick<Users, 'find'>;
  roles: Pick<RoleDirectory, 'find'>;
  facts: Pick<Facts, 'loadSwitches'>;
  catalogue: Catalogue;
  rootUser: string;
  /** Empty: one process owns the data. */
  nodeId: string;
  /** The nodes that have recorded something since then. */
  nodesSince: (timeMs: number) => Promise<readonly string[]>;
  /** Built-in commands that no role is enough for. */
  needsEverything: readonly string[];
}

/** So far back it looks, unless it is told otherwise. */
export const usualSpanMs = 90 * 86_400_000;
/** Of one subject: what is known of each is in memory. */
const mostKeys = 1000;
/** The index is asked for so many keys by name. */
const mostTerms = 64;

/** Finds the smallest role from what the record says was allowed. It changes nothing. */
export class RoleSuggester {
  constructor(private readonly parts: RoleSuggesterParts) {}

  /** As `findSubject` says. */
  find(name: string, kind: SubjectKind | undefined, authority: Authority): Promise<Subject> {
    return findSubject(this.parts, name, kind, authority);
  }

  /**
   * @param subject - what was found
   * @throws AppError 8 for more keys than a suggestion can be made for
   */
  async suggest(
    subject: Subject,
    sinceMs: number,
    signal = new AbortController().signal,
  ): Promise<Suggestion> {
    const nodes = (await this.parts.nodesSince(sinceMs)).filter((id) => id !== this.parts.nodeId);
    const facts = await this.readFacts(nodes.length === 0);
    const keys = await this.keysOf(subject);
    const tally = new UseTally(
      keys.map(({ key, makers, made }) => ({
        id: key.id,
        made: made.map((each) => each.key.id),
        countsRefused: key.rateLimit === undefined || makers.length > 0,
      })),
    );
    const reach = await this.parts.audit.reach();
    if (keys.length > 0) await this.walk(tally, userOf(keys), sinceMs, signal);
    const suggested = await suggestFor(subject, keys, tally, facts);
    const { timeMs: recordFromMs } = reach;
    const isShort = !reach.isWhole && (recordFromMs ?? Infinity) > sinceMs;
    return {
      ...suggested,
      ...{ subject, sinceMs, recordFromMs, node: this.parts.nodeId },
      decisions: keys.reduce((sum, { key }) => sum + tally.useOf(key.id).allowed, 0),
      notes: [
        ...(isShort ? [{ code: 'older_use_unknown' as const, names: [] }] : []),
        ...note('other_nodes', nodes),
        ...suggested.notes,
      ],
    };
  }

  private async readFacts(isAlone: boolean): Promise<SuggestFacts> {
    const { roles, facts, catalogue, rootUser, needsEverything } = this.parts;
    const { sharedRoles } = await facts.loadSwitches();
    return {
      rootUser,
      findApi: (name) => agreedEntry(roles.find(name), sharedRoles),
      findCommand: (name) => catalogue.find(name),
      commandNames: catalogue.list().map(({ name }) => name),
      needsEverything: new Set(needsEverything),
      isAlone,
    };
  }

  private async keysOf(subject: Subject): Promise<SubjectKey[]> {
    const found = new Map<string, AccessKey>();
    for await (const part of this.listKeys(subject)) {
      for (const key of part) found.set(key.id, key);
      if (found.size > mostKeys)
        throw new AppError(
          ReturnCode.LIMIT,
          `${subject.name} has more than ${String(mostKeys)} keys: ask for one of them`,
        );
    }
    const keys: SubjectKey[] = [];
    for (const key of found.values()) keys.push(await this.withFamily(key));
    return keys;
  }

  private async *listKeys({ kind, name }: Subject): AsyncGenerator<AccessKey[]> {
    const { keys } = this.parts;
    if (kind === 'key') {
      const key = await keys.find(name);
      yield key === undefined ? [] : [key];
    } else if (kind === 'user') {
      for await (const part of keys.parts(name, false)) yield part.keys;
    } else {
      let after: Awaited<ReturnType<AccessKeyList['page']>>['last'];
      do {
        const page = await keys.page({ permission: name }, 'id', 200, after);
        yield page.keys;
        // One that can do all that its maker can has the maker's APIs without naming them.
        for (const { id } of page.keys) yield await keys.madeBy(id);
        after = page.last;
      } while (after !== undefined);
    }
  }

  private async withFamily(key: AccessKey): Promise<SubjectKey> {
    const { keys } = this.parts;
    const made = await keys.madeBy(key.id);
    const withMakers = made.map(async (each) => ({ key: each, makers: await keys.makersOf(each) }));
    return { key, makers: await keys.makersOf(key), made: await Promise.all(withMakers) };
  }

  /** @param user - whose keys all of them are; undefined: of several */
  private async walk(
    tally: UseTally,
    user: string | undefined,
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { audit, rootUser } = this.parts;
    const ids = tally.keyIds;
    const only = ids.length === 1 ? ids[0] : undefined;
    for await (const lines of audit.linesOldestFirst(queryFor(ids, user, sinceMs))) {
      if (signal.aborted) return;
      for (const line of lines) {
        // Most lines of a piece are about others: what is cheap comes first.
        if (only !== undefined && !line.includes(only)) continue;
        const decision = readDecision(line);
        if (decision === undefined || decision.timeMs < sinceMs || !tally.has(decision.accessKeyId)) continue;
        tally.add(decision, () => isOnRootUser(decision.command, line, rootUser));
      }
    }
  }
}

async function suggestFor(
  { kind, name }: Subject,
  keys: readonly SubjectKey[],
  tally: UseTally,
  facts: SuggestFacts,
): Promise<SuggestedRole> {
  const plans: KeyPlan[] = [];
  const needed: SuggestedCommand[] = [];
  for (const key of keys) {
    // Each looks at many commands: requests are served in between.
    await breathe();
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

/** Arguments are read only where they can make a difference. */
function isOnRootUser(command: string, line: string, rootUser: string): boolean {
  const users = { rootUser, isAdministrator: () => false };
  if (protectionRule(command, [rootUser], users) === undefined) return false;
  return protectionRule(command, argumentsIn(line) ?? [], users) !== undefined;
}
