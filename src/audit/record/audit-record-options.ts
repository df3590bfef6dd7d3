import type { KnownInStore } from './judge-start.js';
import type { RotationLimits } from './rotation.js';

export interface AuditRecordOptions {
  dataDir: string;
  /** Undefined: `<data>-audit/key`. */
  keyFile?: string | undefined;
  /** Names the node in the database; empty where one process owns it. */
  node?: string | undefined;
  /** What is known from the database. */
  store?: KnownInStore | undefined;
  /** Undefined: only log rotation moves files away. */
  rotation?: RotationLimits | undefined;
  now: () => number;
  /** Called with each finding about the record, in words. */
  onNote: (text: string) => void;
}

/** Where a tree of the record is: with which line it begins, and how many there are. */
export interface TreeExtent {
  begin: number;
  size: number;
}

/** Called with the leaf hashes of lines that were written; `newTree`: a tree begins with the first. */
export type OnLines = (leaves: readonly string[], newTree: number | undefined) => void;
