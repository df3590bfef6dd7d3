import type { AccessKey } from '../../keys/access-key.js';
import type { QuotaState } from '../limits/quota-counter.js';

/** How often requests of a key ended so on a day. */
export interface DayUse {
  /** UTC: `2026-11-29`. */
  day: string;
  command: string;
  outcome: 'allow' | 'deny';
  /** Empty where it was allowed. */
  reason: string;
  count: number;
}

/** What the record of this node has of the use of a key. */
export interface KeyUsageReport {
  key: AccessKey;
  sinceMs: number;
  /** In the order of days, commands and outcomes. */
  uses: readonly DayUse[];
  /** How far its quotas and those of its makers are used up, over all nodes. */
  quotas: readonly QuotaState[];
  /** Empty: one process owns the data. */
  node: string;
  /** Other nodes that have recorded something since then: they have to be asked as well. */
  otherNodes: readonly string[];
  /** Of a record that does not go back so far: from when on it can be read. */
  recordFromMs?: number;
}
