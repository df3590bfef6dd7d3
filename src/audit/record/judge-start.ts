import type { AuditNote } from '../audit-event.js';
import type { KeptHead } from '../key/head-file.js';
import { origin, type Head, type LineHead } from './chain.js';
import type { Tail } from './record-tail.js';

/** What the database knows of this node's record. */
export interface KnownInStore {
  chain?: string | undefined;
  /** The newest checkpoint, of a chain without or with a key. */
  head?: Head | undefined;
  /** Signed heads of this node's trees, as they are there. */
  notes?: readonly string[] | undefined;
}

/** All that a start finds: in the data directory, apart from it, in the database. */
export interface FoundAtStart {
  keyWasThere: boolean;
  keyFile: string;
  /** Of the head file; undefined: nothing in it was written with this key. */
  kept: KeptHead | undefined;
  headFileIsEmpty: boolean;
  node: string;
  folderChain: string | undefined;
  store: KnownInStore;
  /** Up to which line the database has a head that this key has signed. */
  storeSigned: number;
  /** The newest line of the folder. */
  newest: LineHead | undefined;
  /** Compared with the kept head; undefined where there is none. */
  tail: Tail | undefined;
}

/** Something about the record that an operator has to look at. */
export interface RecordFinding {
  note: AuditNote;
  problem: string;
}

/** How the record goes on. */
export interface RecordStart {
  head: Head;
  /** With which line the tree begins that goes on; 0: there is none. */
  treeBegin: number;
  /** Why a new tree begins; empty: the tree that was there goes on. */
  newTree: ('record_begun' | AuditNote)[];
  notes: { note: AuditNote; target: Record<string, string> }[];
  findings: RecordFinding[];
}

/** Judges what a start found. Whatever is not as it was left is said, and a new tree begins. */
export function judgeStart(found: FoundAtStart): RecordStart {
  const start: RecordStart = { head: origin, treeBegin: 0, newTree: [], notes: [], findings: [] };
  if (found.kept === undefined) judgeWithoutHead(found, start);
  else {
    judgeIdentity(found, found.kept, start);
    judgeTail(found.tail, found.kept, start);
  }
  return start;
}

function judgeIdentity(found: FoundAtStart, kept: KeptHead, start: RecordStart): void {
  const { store, node, folderChain } = found;
  const wrong: [string, string, string][] = [];
  if (kept.node !== node) wrong.push(['node', kept.node, node]);
  if (folderChain !== kept.chain) wrong.push(['audit-chain', kept.chain, folderChain ?? '']);
  // Until the database has said that it has a head, it may lack what it was never given.
  if (kept.stored > 0 && store.chain !== kept.chain && kept.node === node)
    wrong.push(['chain in the database', kept.chain, store.chain ?? '']);
  if (wrong.length > 0) {
    const target = Object.fromEntries(
      wrong.flatMap(([what, was, is]) => [
        [what, is],
        [`${what} was`, was],
      ]),
    );
    const told = wrong.map(([what, was, is]) => `${what} is ${is || 'missing'}, it was ${was || 'empty'}`);
    add(start, 'identity_lost', target, `this node's identity is not what it was: ${told.join('; ')}`, true);
  }
  const signed = found.storeSigned;
  if (kept.stored > signed && kept.node === node) {
    const target = { stored: String(kept.stored), found: String(signed) };
    const problem = `the database had a signed head of number ${target.stored}, now it has one of ${target.found}: it went back, or rows were removed`;
    add(start, 'store_went_back', target, problem, false);
  }
  if (signed > Math.max(kept.sequence, found.tail?.head.sequence ?? 0)) {
    const target = { database: String(signed), kept: String(kept.sequence) };
    const problem = `the database knows this record up to number ${target.database}, this node only up to ${target.kept}: the node went back in time, or another one uses its identity`;
    add(start, 'record_cut', target, problem, true);
  }
}

function judgeTail(tail: Tail | undefined, kept: KeptHead, start: RecordStart): void {
  start.head = tail?.head ?? kept;
  start.treeBegin = tail?.treeBegin ?? kept.treeBegin;
  if (start.treeBegin === 0 && start.newTree.length === 0) beginFirstTree(start);
  if (tail === undefined || tail.state === 'follows') return;
  const target = { found: String(tail.found), expected: String(kept.sequence) };
  if (tail.state === 'cut') {
    const problem = `lines of the record are gone: it ends with number ${target.found}, number ${target.expected} was written (after a power loss, up to a second of them may be)`;
    add(start, 'record_cut', target, problem, true);
  } else {
    const problem = `the record is not what was written: behind number ${String(tail.head.sequence)} stand lines that this node did not write, or lines before it were replaced`;
    add(start, 'record_replaced', target, problem, true);
  }
}

/** A new record, one from before there was a key, or one whose key or kept head is gone. */
function judgeWithoutHead(found: FoundAtStart, start: RecordStart): void {
  const { newest, store } = found;
  start.head = newest ?? origin;
  const isSigned = newest?.rule === 'mac' || (store.notes ?? []).length > 0;
  const known = store.head;
  // A record without a key is compared with the checkpoint alone.
  if (known !== undefined && (newest === undefined || newest.sequence <= known.sequence)) {
    start.head = known;
    const isSame = newest?.sequence === known.sequence && newest.hash === known.hash;
    const target = { found: String(newest?.sequence ?? 0), expected: String(known.sequence) };
    const note = (newest?.sequence ?? 0) < known.sequence ? 'record_cut' : 'record_replaced';
    const problem = `the record ends with number ${target.found}, the database knows it up to number ${target.expected}`;
    if (!isSame) add(start, note, target, problem, true);
  }
  const { sequence, hash } = start.head;
  const before = { before: `${String(sequence)}:${hash}` };
  if (!isSigned) {
    beginFirstTree(start);
    return;
  }
  const note = missingPart(found);
  const problem = {
    audit_key_missing: `the audit key ${found.keyFile} is missing: a new one was made; lines before this can't be verified without the old one`,
    audit_key_changed: `the audit key ${found.keyFile} is not the one that this record was written with; lines before this can't be verified with it`,
    audit_head_missing: `the head that was kept beside the audit key ${found.keyFile} is missing: lines may have been cut unseen`,
  }[note];
  add(start, note, before, problem, true);
}

/** Of a new record, or of one from before there was a key, whose head the first signed line fixes. */
function beginFirstTree(start: RecordStart): void {
  const { sequence, hash } = start.head;
  const note = sequence > 0 ? 'record_signed_from' : 'record_begun';
  start.newTree.push(note);
  if (sequence > 0) start.notes.push({ note, target: { before: `${String(sequence)}:${hash}` } });
}

function missingPart({ keyWasThere, headFileIsEmpty }: FoundAtStart) {
  if (!keyWasThere) return 'audit_key_missing';
  return headFileIsEmpty ? 'audit_head_missing' : 'audit_key_changed';
}

function add(
  start: RecordStart,
  note: AuditNote,
  target: Record<string, string>,
  problem: string,
  beginsTree: boolean,
): void {
  start.notes.push({ note, target });
  start.findings.push({ note, problem });
  if (beginsTree) start.newTree.push(note);
}
