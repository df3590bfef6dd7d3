import type { Head, LineChain, LineHead } from '../record/chain.js';

/** Something that is wrong with the record, and where. */
export interface Finding {
  /** `events.jsonl line 17`, or the record as a whole. */
  place: string;
  problem: string;
}

/** With which number the record begins, and the chain value of the line before. */
export interface StatedBeginning {
  begin: number;
  previous: string;
}

/** How far a walk has come. */
export interface WalkState {
  head: LineHead;
  lineCount: number;
  firstSequence: number | undefined;
  findings: readonly Finding[];
  findingCount: number;
}

export interface RecordWalkOptions {
  /** Heads that the chain must have gone through. */
  known: readonly Head[];
  /** The line to begin with; those before it are not asked for. */
  from?: number | undefined;
  /** What was put away on purpose: no line of it may be there, and the first one after it has to be. */
  stated?: StatedBeginning | undefined;
  /** Where an earlier walk was interrupted. */
  resumed?: WalkState | undefined;
  /** Which chain it has to be; undefined: any. */
  chain?: string | undefined;
  /** Whether a line follows another under the audit key; undefined: there is no key to verify with. */
  isNext?: LineChain['isNext'] | undefined;
  /** True: a new tree that goes on from the line before is no finding. */
  mayBeginTrees?: boolean;
  /** Called with each genuine line; `treeBegin`: a tree begins with it. */
  onLeaf?: (sequence: number, leaf: string, treeBegin: number | undefined) => void;
}
