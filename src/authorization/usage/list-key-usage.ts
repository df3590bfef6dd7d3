import type { AuditReader } from '../../audit/record/audit-reader.js';
import { Semaphore } from '../../concurrency/semaphore.js';
import { AppError, notFound, ReturnCode } from '../../errors.js';
import type { AccessKey } from '../../keys/access-key.js';
import { maySeeKey, type Authority } from '../../keys/makers/authority.js';
import { countedQuotas, type Maker } from '../../keys/makers/makers.js';
import type { QuotaCounter } from '../limits/quota-counter.js';
import type { KeyUsageReport } from './key-usage.js';
import { UsageTally } from './usage-tally.js';

export interface ListKeyUsageParts {
  audit: Pick<AuditReader, 'linesOldestFirst' | 'reach'>;
  findKey: (id: string) => Promise<AccessKey | undefined>;
  readMakers: (key: AccessKey) => Promise<readonly Maker[]>;
  quotas: Pick<QuotaCounter, 'foresee'>;
  /** Empty: one process owns the data. */
  nodeId: string;
  /** The nodes that have recorded something since then. */
  nodesSince: (timeMs: number) => Promise<readonly string[]>;
}

/** So far back it looks, unless it is told otherwise. */
export const usualUsageMs = 30 * 86_400_000;
/** Each reads much of the record. */
const limits = { concurrency: 2, queueLength: 16 };

/** How a key was used, from the record: exactly, by day, command and outcome. It changes nothing. */
export class ListKeyUsage {
  private readonly places = new Semaphore(limits);

  constructor(private readonly parts: ListKeyUsageParts) {}

  /** @throws AppError 3 where there is no such key, 14 where many are being listed, or nobody waits any more */
  async ofKey(
    id: string,
    sinceMs: number,
    authority: Authority,
    signal = new AbortController().signal,
  ): Promise<KeyUsageReport> {
    const key = await this.parts.findKey(id);
    if (key === undefined || !maySeeKey(authority, key)) throw notFound(`key ${id}`);
    const listed = await this.places.run(() => this.list(key, sinceMs, authority, signal));
    if (listed === undefined)
      throw new AppError(ReturnCode.BUSY, 'the use of too many keys is being listed, try again');
    return listed.result;
  }

  private async list(
    key: AccessKey,
    sinceMs: number,
    authority: Authority,
    signal: AbortSignal,
  ): Promise<KeyUsageReport> {
    const { audit, readMakers, quotas, nodeId, nodesSince } = this.parts;
    const tally = new UsageTally(key.id, sinceMs);
    const reach = await audit.reach();
    const query = {
      terms: [
        { field: 'type', value: 'decision' },
        { field: 'accessKeyId', value: key.id },
      ] as const,
      ...{ sinceMs, untilMs: Infinity },
    };
    for await (const lines of audit.linesOldestFirst(query)) {
      // A part of the record would say too little.
      if (signal.aborted) throw new AppError(ReturnCode.BUSY, 'the list was ended before it was whole');
      for (const line of lines) tally.add(line);
    }
    // What a key of another user has used is for who may see that key.
    const makers = (await readMakers(key)).filter((maker) => maySeeKey(authority, maker));
    const counted = countedQuotas(key, makers);
    const fromMs = reach.isWhole ? undefined : (reach.timeMs ?? Date.now());
    return {
      ...{ key, sinceMs, uses: tally.uses(), node: nodeId },
      quotas: counted.length === 0 ? [] : await quotas.foresee(counted),
      otherNodes: (await nodesSince(sinceMs)).filter((each) => each !== nodeId),
      ...(fromMs !== undefined && fromMs > sinceMs && { recordFromMs: fromMs }),
    };
  }
}
