import type { Changes } from '../../storage/changes.js';
import type { EndingKey, EndNoticeStore } from './end-notice-store.js';

/** So many days before its end a key's holder hears of it; the nearest first. */
export const noticeDays = [1, 7] as const;
/** So many in one change: others wait for it. */
const keysAtATime = 200;

/** Records 7 days and 1 day before the end of a key that it comes. Of several nodes, one does: who marks it first. */
export async function recordEndNotices(
  store: EndNoticeStore,
  changes: Changes,
  nowMs: number,
): Promise<void> {
  const told = new Set<string>();
  for (const days of noticeDays) {
    for (;;) {
      const due = await store.listDue(nowMs, days, keysAtATime);
      if (due.length > 0) await recordNotices({ store, changes, days, told }, due);
      if (due.length < keysAtATime) break;
    }
  }
}

async function recordNotices(
  {
    store,
    changes,
    days,
    told,
  }: { store: EndNoticeStore; changes: Changes; days: number; told: Set<string> },
  due: readonly EndingKey[],
): Promise<void> {
  await changes.run(async (change) => {
    for (const key of due) {
      // Of a key that is seen for the first time on its last day, only the nearest is told.
      if (!(await store.mark(change.trx, key, days)) || told.has(key.id)) continue;
      told.add(key.id);
      const expires = new Date(key.expiresAtMs).toISOString();
      const target = { accessKeyId: key.id, user: key.user, expires, notice: `${String(days)}d` };
      const about = { type: 'alert', outcome: 'done', alert: 'key_expires_soon' } as const;
      change.record({ ...about, actor: { kind: 'service' }, target });
    }
  });
}
