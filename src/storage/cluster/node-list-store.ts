import { readChangeNumber } from '../changes.js';
import type { Database } from '../database.js';

/** A node as every node sees it in the database. */
export interface ListedNode {
  id: string;
  version: string;
  leaseMs: number;
  /** The newest change that it has said to have applied. */
  appliedChange: number;
}

export interface NodeList {
  nodes: ListedNode[];
  newestChange: number;
}

/** The nodes that share the database; none: one process owns the data. */
export async function listNodes(db: Database): Promise<NodeList> {
  const rows = await db.selectFrom('nodes').selectAll().orderBy('id').execute();
  const nodes = rows.map((row) => ({
    id: row.id,
    version: row.version,
    leaseMs: Number(row.lease_ms),
    appliedChange: Number(row.applied_number),
  }));
  return { nodes, newestChange: await readChangeNumber(db) };
}
