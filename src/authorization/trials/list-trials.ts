import type { AuditReader } from '../../audit/record/audit-reader.js';
import type { Query } from '../../audit/record/index-block.js';
import { AppError, notFound, ReturnCode } from '../../errors.js';
import type { AccessKey } from '../../keys/access-key.js';
import { maySeeKey, maySeeOf, type Authority } from '../../keys/makers/authority.js';
import { accessKeyIdPattern } from '../../text/names.js';
import type { TrialReport, TrialReports } from './trial-report.js';
import { TrialTally } from './trial-tally.js';

export interface ListTrialsParts {
  audit: Pick<AuditReader, 'linesOldestFirst' | 'reach'>;
  findKey: (id: string) => Promise<AccessKey | undefined>;
  /** Keys with a trial, at most so many; of one user, or of all. */
  keysOnTrial: (user: string | undefined, limit: number) => Promise<AccessKey[]>;
  isUser: (name: string) => Promise<boolean>;
  /** Empty: one process owns the data. */
  nodeId: string;
  /** The nodes that have recorded something since then. */
  nodesSince: (timeMs: number) => Promise<readonly string[]>;
}

/** What is known of each is in memory. */
const mostTrials = 1000;
/** The index is asked for so many keys by name. */
const mostTerms = 64;

/** What trials would have denied, from the record: exactly, as each decision says it. It changes nothing. */
export class ListTrials {
  constructor(private readonly parts: ListTrialsParts) {}

  /**
   * @param name - a key or a user; empty: all that this authority may see
   * @throws AppError 3 where there is no such key or user, 8 for more trials than can be listed at once
   */
  async list(
    name: string,
    authority: Authority,
    signal = new AbortController().signal,
  ): Promise<TrialReports> {
    const keys = (await this.find(name, authority)).filter(({ trial }) => trial !== undefined);
    return this.report(keys, signal);
  }

  /** @throws AppError 3 where there is no such key, or no trial of it */
  async ofKey(
    id: string,
    authority: Authority,
    signal = new AbortController().signal,
  ): Promise<TrialReports & { trials: readonly [TrialReport] }> {
    const reports = await this.list(id, authority, signal);
    const [only] = reports.trials;
    if (only === undefined) throw notFound(`trial of key ${id}`);
    return { ...reports, trials: [only] };
  }

  private async find(name: string, authority: Authority): Promise<AccessKey[]> {
    const { findKey, keysOnTrial, isUser } = this.parts;
    const key = accessKeyIdPattern.test(name) ? await findKey(name) : undefined;
    if (key !== undefined && maySeeKey(authority, key)) return [key];
    if (name !== '' && !(maySeeOf(authority, name) && (await isUser(name))))
      throw notFound(`key or user ${name}`);
    // Others than the root user see their own.
    const own = authority === 'everything' || authority.isRootUser ? undefined : authority.user;
    const keys = await keysOnTrial(name === '' ? own : name, mostTrials + 1);
    if (keys.length <= mostTrials) return keys;
    throw new AppError(
      ReturnCode.LIMIT,
      `there are more than ${String(mostTrials)} trials: ask for one user or one key`,
    );
  }

  private async report(keys: readonly AccessKey[], signal: AbortSignal): Promise<TrialReports> {
    const { audit, nodeId, nodesSince } = this.parts;
    const tally = new TrialTally(keys);
    const readable = keys.flatMap(({ id, trial }) =>
      trial === undefined || trial.isUnreadable === true ? [] : [{ id, sinceMs: trial.sinceMs }],
    );
    if (readable.length === 0) return { trials: tally.reports(), node: nodeId, otherNodes: [] };
    const sinceMs = Math.min(...readable.map((each) => each.sinceMs));
    const reach = await audit.reach();
    const ids = readable.map(({ id }) => id);
    for await (const lines of audit.linesOldestFirst(queryFor(ids, sinceMs))) {
      if (signal.aborted) break;
      for (const line of lines) tally.add(line);
    }
    const isShort = !reach.isWhole && (reach.timeMs ?? Infinity) > sinceMs;
    return {
      trials: tally.reports(),
      node: nodeId,
      otherNodes: (await nodesSince(sinceMs)).filter((id) => id !== nodeId),
      ...(isShort && reach.timeMs !== undefined && { recordFromMs: reach.timeMs }),
    };
  }
}

/** A verdict names the key whose trial it is, so the index knows it, whichever key made the request. */
function queryFor(ids: readonly string[], sinceMs: number): Query {
  return {
    terms: [{ field: 'type', value: 'decision' }],
    oneOf: ids.length <= mostTerms ? ids.map((value) => ({ field: 'accessKeyId', value })) : undefined,
    // A clock that went back a little since then.
    sinceMs: sinceMs - clockMarginMs,
    untilMs: Infinity,
  };
}

const clockMarginMs = 60_000;
