import type { Selectable } from 'kysely';
import type { Actor } from '../audit/audit-event.js';
import type { Database, Transaction } from '../storage/database.js';
import type { ApprovalRow } from '../storage/schema.js';
import type { Approval, ApprovalKind } from './approval.js';

/** Keeps what waits for a second person, and what was approved and not made yet. */
export class ApprovalStore {
  constructor(private readonly db: Database) {}

  /** The newest first. */
  async list(nowMs: number): Promise<Approval[]> {
    const rows = await this.db
      .selectFrom('approvals')
      .selectAll()
      .where('ends_at_ms', '>', nowMs)
      .orderBy('requested_at_ms', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(fromRow);
  }

  async find(id: string, trx: Transaction): Promise<Approval | undefined> {
    const row = await trx.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  async findByHash(hash: string, trx: Transaction): Promise<Approval | undefined> {
    const row = await trx
      .selectFrom('approvals')
      .selectAll()
      .where('change_hash', '=', hash)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  async countOf(person: string, trx: Transaction): Promise<number> {
    const row = await trx
      .selectFrom('approvals')
      .where('requested_by', '=', person)
      .select((expression) => expression.fn.countAll().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async insert(trx: Transaction, approval: Approval): Promise<void> {
    await trx.insertInto('approvals').values(toRow(approval)).execute();
  }

  async setApproved(
    trx: Transaction,
    id: string,
    { approvedBy, approver, endsAtMs }: Required<Pick<Approval, 'approvedBy' | 'approver' | 'endsAtMs'>>,
  ): Promise<void> {
    await trx
      .updateTable('approvals')
      .set({ approved_by: approvedBy ?? null, approver: JSON.stringify(approver), ends_at_ms: endsAtMs })
      .where('id', '=', id)
      .execute();
  }

  async setRequestedBy(trx: Transaction, id: string, person: string): Promise<void> {
    await trx.updateTable('approvals').set({ requested_by: person }).where('id', '=', id).execute();
  }

  async delete(trx: Transaction, id: string): Promise<void> {
    await trx.deleteFrom('approvals').where('id', '=', id).execute();
  }

  async deleteEnded(trx: Transaction, nowMs: number): Promise<void> {
    await trx.deleteFrom('approvals').where('ends_at_ms', '<=', nowMs).execute();
  }

  /** The texts of roles that the nodes share, in the order of their names. */
  async sharedRoles(names: readonly string[], trx: Transaction): Promise<unknown[]> {
    if (names.length === 0) return [];
    return trx
      .selectFrom('apis')
      .select(['name', 'text'])
      .where('name', 'in', names)
      .orderBy('name')
      .execute();
  }

  /** Whether a key of that user has the role. */
  async hasKeyWith(user: string, role: string, trx: Transaction): Promise<boolean> {
    const rows = await trx
      .selectFrom('access_keys')
      .select('permissions')
      .distinct()
      .where('user_name', '=', user)
      .execute();
    return rows.some(({ permissions }) => permissions.split(',').includes(role));
  }
}

function fromRow(row: Selectable<ApprovalRow>): Approval {
  return {
    id: row.id,
    kind: row.kind as ApprovalKind,
    changeHash: row.change_hash,
    command: row.command,
    target: JSON.parse(row.target) as Record<string, string>,
    madeEndsAtMs: row.made_ends === '' ? undefined : (JSON.parse(row.made_ends) as number | null),
    requestedBy: row.requested_by,
    requester: JSON.parse(row.requester) as Actor,
    requestedAtMs: Number(row.requested_at_ms),
    approvedBy: row.approved_by ?? undefined,
    approver: row.approver === null ? undefined : (JSON.parse(row.approver) as Actor),
    endsAtMs: Number(row.ends_at_ms),
  };
}

function toRow(approval: Approval): ApprovalRow {
  const { madeEndsAtMs } = approval;
  return {
    id: approval.id,
    kind: approval.kind,
    change_hash: approval.changeHash,
    command: approval.command,
    target: JSON.stringify(approval.target),
    made_ends: madeEndsAtMs === undefined ? '' : JSON.stringify(madeEndsAtMs),
    requested_by: approval.requestedBy,
    requester: JSON.stringify(approval.requester),
    requested_at_ms: approval.requestedAtMs,
    approved_by: approval.approvedBy ?? null,
    approver: approval.approver === undefined ? null : JSON.stringify(approval.approver),
    ends_at_ms: approval.endsAtMs,
  };
}
