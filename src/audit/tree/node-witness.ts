import { readFileSync } from 'node:fs';
import type { Database } from '../../storage/database.js';
import { replaceWholeFile } from '../../storage/sqlite/whole-file.js';
import { formatVerifierKey, parseVerifierKey, type AuditKey, type VerifierKey } from '../key/audit-key.js';
import type { CosignatureStore } from './cosignature-store.js';
import type { HeadStore, StoredHead } from './head-store.js';
import { hashFromBase64, hashToBase64 } from './merkle.js';
import { isConsistent } from './proofs.js';
import { cosign, openCheckpoint, type Checkpoint } from './signed-note.js';

/** What this node has seen of another, kept apart from the database. */
interface SeenNode {
  key: string;
  heads: Record<string, { size: number; root: string }>;
}

export interface NodeWitnessParts {
  db: Database;
  heads: HeadStore;
  cosignatures: CosignatureStore;
  key: AuditKey;
  node: string;
  /** Beside the audit key. */
  file: string;
  onKeyChanged: (node: string, was: string, is: string) => void;
}

/**
 * Signs the heads of other nodes that it sees in the database, and never one that does not go on from the head that it
 * has seen before. The key of a node is the one that it was first seen with.
 */
export class NodeWitness {
  /** What is wrong with other nodes, by node and tree. */
  readonly problems = new Map<string, string>();
  /** Without a prototype: its names come from the database. */
  private readonly seen: Record<string, SeenNode>;

  constructor(private readonly parts: NodeWitnessParts) {
    this.seen = Object.assign(Object.create(null) as typeof this.seen, readSeen(parts.file));
  }

  /** At the start: so that the others learn this node's key. */
  async register(): Promise<void> {
    const { db, node, key } = this.parts;
    const verifier_key = formatVerifierKey(key.verifierKey);
    await db
      .insertInto('audit_nodes')
      .values({ node, verifier_key, changed_at_ms: Date.now() })
      .onConflict((conflict) =>
        conflict.column('node').doUpdateSet({ verifier_key, changed_at_ms: Date.now() }),
      )
      .execute();
  }

  async look(): Promise<void> {
    const { db, heads, node: own } = this.parts;
    const keys = await db.selectFrom('audit_nodes').selectAll().where('node', '!=', own).execute();
    for (const { node, verifier_key } of keys) this.learn(node, verifier_key);
    const others = (await heads.allHeads()).filter(({ node }) => node !== own);
    for (const head of others) await this.judge(head);
    this.findMissing(others);
    replaceWholeFile(this.parts.file, `${JSON.stringify(this.seen)}\n`);
  }

  /** For those who verify a record: the key that a witness was first seen with. */
  keyOf(witness: string): VerifierKey | undefined {
    const found = Object.values(this.seen).map(({ key }) => parseVerifierKey(key));
    return found.find((key) => key?.name === witness);
  }

  private learn(node: string, key: string): void {
    const known = (this.seen[node] ??= { key, heads: {} });
    if (known.key === key || this.problems.has(node)) return;
    this.problems.set(
      node,
      `the node ${node} has another audit key than before: ${key}, it was ${known.key}`,
    );
    this.parts.onKeyChanged(node, known.key, key);
  }

  private async judge({ origin, node, note, proofs }: StoredHead): Promise<void> {
    const known = this.seen[node];
    const key = known && parseVerifierKey(known.key);
    if (known === undefined || key === undefined) return;
    const head = openCheckpoint(note, key);
    const place = `${node} ${origin}`;
    if (head?.origin !== origin) {
      this.problems.set(
        place,
        `a head of ${origin} in the database is not signed with the key of the node ${node}`,
      );
      return;
    }
    const before = known.heads[origin];
    const problem = before && problemWith(before, head, proofs);
    if (problem !== undefined) {
      this.problems.set(place, `the record of the node ${node} ${problem}`);
      return;
    }
    this.problems.delete(place);
    if (before?.size === head.size) return;
    const { key: own, cosignatures } = this.parts;
    const line = cosign(own, note, Date.now());
    known.heads[origin] = { size: head.size, root: hashToBase64(head.root) };
    await cosignatures.put({ origin, witness: own.name, size: head.size, note, line });
  }

  private findMissing(heads: readonly StoredHead[]): void {
    const there = new Set(heads.map(({ node, origin }) => `${node} ${origin}`));
    for (const [node, { heads: known }] of Object.entries(this.seen)) {
      for (const origin of Object.keys(known)) {
        const place = `${node} ${origin}`;
        if (!there.has(place))
          this.problems.set(place, `the head of ${origin} of the node ${node} is gone from the database`);
      }
    }
  }
}

function problemWith(
  before: { size: number; root: string },
  head: Checkpoint,
  proofs: string,
): string | undefined {
  const root = hashFromBase64(before.root);
  if (head.size < before.size)
    return `went back: it had ${String(before.size)} events, now ${String(head.size)}`;
  if (head.size === before.size) return head.root === root ? undefined : 'has two heads of the same size';
  const hashes = proofFrom(proofs, before.size);
  return hashes !== undefined && isConsistent({ size: before.size, root }, head, hashes)
    ? undefined
    : `has a head of ${String(head.size)} events that is not shown to go on from the one of ${String(before.size)}`;
}

/** What else stands there, somebody else wrote: it must not keep this node from looking at the others. */
function proofFrom(proofs: string, size: number): string[] | undefined {
  try {
    const hashes = (JSON.parse(proofs) as Record<string, string[]>)[String(size)];
    return hashes?.map(hashFromBase64);
  } catch {
    return undefined;
  }
}

function readSeen(file: string): Record<string, SeenNode> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, SeenNode>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
}
