import { createHash } from 'node:crypto';
import { AppError, ReturnCode } from '../errors.js';
import type { Database, Transaction } from './database.js';

/** A creation that the caller may repeat: the key is of his choice (`Idempotency-Key`). */
export interface RepeatableCreation {
  caller: string;
  key: string;
}

/** The creation was made before. What it made is named and never shown again, for it may have been a secret. */
export class AlreadyCreated extends AppError {
  constructor(readonly resourceId: string) {
    super(ReturnCode.EXISTS, `this Idempotency-Key was used before: it made ${resourceId}`);
  }
}

/** As long a client may repeat a request and be told so. */
const keptMs = 7 * 86_400_000;

/** @throws AlreadyCreated */
export async function requireNew(
  db: Database | Transaction,
  creation: RepeatableCreation | undefined,
): Promise<void> {
  if (creation === undefined) return;
  const row = await db
    .selectFrom('creations')
    .select('resource_id')
    .where('caller', '=', creation.caller)
    .where('key_digest', '=', digestOf(creation))
    .executeTakeFirst();
  if (row !== undefined) throw new AlreadyCreated(row.resource_id);
}

/** Notes what the creation made, in the change that makes it; those that are too old to be repeated are forgotten. */
export async function noteCreation(
  trx: Transaction,
  creation: RepeatableCreation | undefined,
  resourceId: string,
  nowMs: number,
): Promise<void> {
  if (creation === undefined) return;
  await requireNew(trx, creation);
  await trx
    .deleteFrom('creations')
    .where('created_at_ms', '<', nowMs - keptMs)
    .execute();
  const row = { caller: creation.caller, key_digest: digestOf(creation) };
  await trx
    .insertInto('creations')
    .values({ ...row, resource_id: resourceId, created_at_ms: nowMs })
    .execute();
}

function digestOf({ key }: RepeatableCreation): string {
  return createHash('sha256').update(key).digest('base64url');
}
