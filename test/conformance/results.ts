/** What came of a case. */
import type { Difference } from './compare.js';

export type Verdict = 'same' | 'deviates' | 'wrong' | 'skipped';

export const VERDICTS: readonly Verdict[] = ['same', 'deviates', 'wrong', 'skipped'];

export interface MustResult {
  readonly sentence: string;
  readonly outcome: 'held' | 'failed' | 'unchecked';
  readonly problem?: string;
}

export interface CaseResult {
  readonly adapter: 'cli' | 'http';
  readonly id: string;
  readonly group: string;
  readonly verdict: Verdict;
  readonly expect: string;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly differences: readonly Difference[];
  /** Effects that are not as they should be, and what went wrong with the service itself. */
  readonly problems: readonly string[];
  readonly musts: readonly MustResult[];
  /** The answer, as far as it can be shown. */
  readonly seen?: Readonly<Record<string, unknown>>;
  readonly ms: number;
}
