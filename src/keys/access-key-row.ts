import type { ReadAccessKeyRow } from '../storage/schema.js';
import type { AccessKey, FormerSecret, StoredKey } from './access-key.js';
import { limitsFromRow } from './limits/limits-row.js';
import { secretFromRow } from './secrets/secret-row.js';
import { trialFromText } from './trials/trial-text.js';

/** Put together by `Object.assign`, as very many are in memory: after `...` V8 would give each a shape of its own. */
export function keyFromRow(row: ReadAccessKeyRow): AccessKey {
  const key = {
    id: row.id,
    user: row.user_name,
    permissions: permissionsOf(row.permissions),
    comment: row.comment,
    isSuspended: row.is_suspended === 1,
    createdAtMs: Number(row.created_at_ms),
  };
  const source = row.source_tree === '' ? undefined : { sourceTree: row.source_tree };
  const maker = row.maker_id === null ? undefined : { makerId: row.maker_id };
  const weak = row.is_weak === 1 ? { isWeak: true } : undefined;
  const special = Object.assign(
    {},
    row.canary_hash === '' ? undefined : ({ isCanary: true } as const),
    row.is_derived === 1 ? ({ isDerived: true } as const) : undefined,
    row.trial === '' ? undefined : { trial: trialFromText(row.trial) },
  );
  return Object.assign(key, limitsFromRow(row), source, Object.assign(special, maker, weak));
}

export function storedKeyFromRow(row: ReadAccessKeyRow, formerSecrets?: readonly FormerSecret[]): StoredKey {
  return Object.assign(keyFromRow(row), secretFromRow(row), formerSecrets && { formerSecrets });
}

/** Keys with the same permissions share their list. */
const lists = new Map<string, readonly string[]>();
const keptLists = 1000;

function permissionsOf(text: string): readonly string[] {
  let list = lists.get(text);
  if (list === undefined) {
    list = text === '' ? [] : text.split(',');
    if (lists.size >= keptLists) lists.clear();
    lists.set(text, list);
  }
  return list;
}
