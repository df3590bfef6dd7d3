import type { AccessKey } from '../../keys/access-key.js';
import type { Trial } from '../../keys/trials/trial.js';

/** What a trial would have denied, with one reason and of one command. */
export interface TriedDenials {
  command: string;
  reason: string;
  count: number;
  lastMs: number;
}

/** What came of a trial so far. */
export interface TrialReport {
  key: AccessKey;
  trial: Trial;
  /** Requests that were allowed since it began, of the key and of those that it made. */
  decisions: number;
  /** How many of these it would have denied. */
  denied: number;
  /** The most frequent first. */
  denials: readonly TriedDenials[];
}

/** Trials with what the record of this node says of them. */
export interface TrialReports {
  trials: readonly TrialReport[];
  /** Empty: one process owns the data. */
  node: string;
  /** Other nodes that have recorded something since the oldest of these trials began: they have to be asked as well. */
  otherNodes: readonly string[];
  /** Of a record that does not go back to the oldest of these trials: from when on it can be read. */
  recordFromMs?: number;
}
