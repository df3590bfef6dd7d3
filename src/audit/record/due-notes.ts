import type { AuditNote } from '../audit-event.js';
import type { Head } from './chain.js';

/** A note on the record itself. */
export interface RecordNote {
  note: AuditNote;
  target: Record<string, string>;
}

export interface NoteState {
  /** That are still to be written. */
  notes: readonly RecordNote[];
  isNewFile: boolean;
  /** Why the next line begins a new tree; undefined: it doesn't. */
  newTree: string | undefined;
  chain: string;
  head: Head;
  keyName: string;
}

/** The notes that stand before the next events. */
export function dueNotes({ notes, isNewFile, newTree, chain, head, keyName }: NoteState): RecordNote[] {
  const begins = isNewFile || (newTree !== undefined && notes.length === 0);
  // So that each file can be checked without those before it.
  const beginning = { chain, previous: head.hash };
  const due: RecordNote[] = begins ? [{ note: 'record_begun', target: beginning }, ...notes] : [...notes];
  const [first, ...others] = due;
  if (newTree === undefined || first === undefined) return due;
  // The first line of a tree tells all that is needed to verify it without what stands before.
  const tree = { key: keyName, tree: String(head.sequence + 1), why: newTree };
  return [{ note: first.note, target: { ...first.target, ...beginning, ...tree } }, ...others];
}
