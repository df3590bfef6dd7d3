import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../config/logger.js';
import type { Database } from '../../storage/database.js';
import type { AuditLog } from '../audit-log.js';
import type { Finding } from '../verify/walk-options.js';
import type { KeptCheckpoint } from '../verify/tree-check.js';
import type { CosignatureStore } from './cosignature-store.js';
import type { HeadStore } from './head-store.js';
import { NodeWitness } from './node-witness.js';
import type { SignedHead } from './record-tree.js';
import { cosignedAt, openCheckpoint, parseCheckpoint } from './signed-note.js';
import { Witnesses } from './witnesses.js';

export interface AuditWitnessesParts {
  places: readonly string[];
  db: Database;
  /** Names this node in the database; empty where one process owns it, and then there are no others. */
  node: string;
  log: AuditLog;
  heads: HeadStore;
  cosignatures: CosignatureStore;
}

/** Those who remember heads of this node's record, and what this node remembers of the others'. */
export class AuditWitnesses {
  private readonly outside: Witnesses;
  private readonly nodes: NodeWitness | undefined;
  private isLooking = false;

  constructor(
    private readonly parts: AuditWitnessesParts,
    private readonly logger: Pick<Logger, 'error'>,
  ) {
    const { places, log, cosignatures, db, heads, node } = parts;
    this.outside = new Witnesses(places, log.tree, (witness, { origin, size, note }, line) =>
      cosignatures.put({ origin, witness, size, note, line }),
    );
    if (node === '') return;
    const file = join(dirname(log.record.headFilePath), 'seen-nodes.json');
    const onKeyChanged = (other: string, was: string, is: string): void => this.alert(other, was, is);
    this.nodes = new NodeWitness({ db, heads, cosignatures, key: log.record.key, node, file, onKeyChanged });
  }

  async register(): Promise<void> {
    await this.nodes?.register();
  }

  /** Of a new head of this node; it is also the moment to look at those of the others. */
  tell(head: SignedHead): void {
    this.outside.tell(head);
    if (this.nodes === undefined || this.isLooking) return;
    this.isLooking = true;
    this.nodes
      .look()
      .catch((error: unknown) => this.logger.error(error, 'the heads of other nodes could not be read'))
      .finally(() => (this.isLooking = false));
  }

  /** Witnesses that can't be reached, and what is wrong with the records of other nodes. */
  get problems(): { subject: string; problem: string }[] {
    const unreachable = [...this.outside.problems].map(([place, why]) => ({
      subject: `audit witness ${place}`,
      problem: `could not be told of the newest head: ${why}`,
    }));
    const others = [...(this.nodes?.problems.values() ?? [])].map((problem) => ({
      subject: 'audit records of other nodes',
      problem,
    }));
    return [...unreachable, ...others];
  }

  /** Who could show that this record was begun anew by somebody with the key. */
  get names(): string[] {
    return [...this.outside.places, ...(this.nodes === undefined ? [] : ['other nodes'])];
  }

  /** All heads of this record that they keep. */
  async ask(): Promise<{ heads: KeptCheckpoint[]; findings: Finding[] }> {
    const found = { heads: [] as KeptCheckpoint[], findings: [] as Finding[] };
    for (const file of this.outside.files) {
      try {
        for await (const note of this.outside.notesIn(file)) {
          this.take(note, file, found);
          await nextTurn(); // to verify a signature takes a tenth of a millisecond
        }
      } catch (error) {
        const problem = `this witness can't be read: ${(error as Error).message}`;
        found.findings.push({ place: file, problem });
      }
    }
    const { cosignatures, heads } = this.parts;
    for (const { origin } of await heads.ownHeads()) {
      for (const { note, line, witness } of await cosignatures.list(origin)) {
        const key = this.nodes?.keyOf(witness);
        const keptBy = `the witness ${witness}`;
        if (key !== undefined && cosignedAt(note, line, key) === undefined)
          found.findings.push({ place: 'the database', problem: `a cosignature of ${witness} is not right` });
        else this.take(note, keptBy, found);
      }
    }
    return found;
  }

  private take(note: string, keptBy: string, found: { heads: KeptCheckpoint[]; findings: Finding[] }): void {
    const { record, chainId } = this.parts.log;
    const { key } = record;
    const head = openCheckpoint(note, key.verifierKey);
    // Several nodes may have the same witness.
    if (head === undefined && parseCheckpoint(note)?.origin.split('/')[1] !== chainId) return;
    if (head === undefined)
      found.findings.push({ place: keptBy, problem: 'it has a head that the audit key here did not sign' });
    else found.heads.push({ ...head, keptBy });
  }

  private alert(node: string, was: string, is: string): void {
    this.logger.error({ node, was, is }, 'another node signs its audit record with another key than before');
    const about = { type: 'alert', outcome: 'done', alert: 'node_key_changed' } as const;
    const target = { node, key: is, before: was };
    // The audit log reports that it can't be written; then nothing is allowed, either.
    this.parts.log.append({ ...about, actor: { kind: 'service' }, target }).catch(() => undefined);
  }
}
