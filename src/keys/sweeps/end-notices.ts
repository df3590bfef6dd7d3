import type { Changes } from '../../storage/changes.js';
import type { EndingKey, EndNoticeStore } from './end-notice-store.js';

const dayMs = 86_400_000;

/** So many days before its end a key's holder hears of it; the nearest first. */
export const noticeDays = [1, 7] as const;

/** A key that was made for a short time is known to end: only half of its life and more is worth a notice. */
export function isNoticeDue({ expiresAtMs, createdAtMs }: EndingKey, days: number): boolean {
  return expiresAtMs - createdAtMs >= 2 * days * dayMs;
}

/** Records 7 days and 1 day before the end of a key that it comes. Of several nodes, one does: who marks it first. */
export async function recordEndNotices(
  store: EndNoticeStore,
  changes: Changes,
  nowMs: number,
): Promise<void> {
  const told = new Set<string>();
  for (const days of noticeDays) {
    const due = (await store.listDue(nowMs, days)).filter((key) => isNoticeDue(key, days));
    if (due.length === 0) continue;
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
}
