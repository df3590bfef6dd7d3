/** Quotas are counted in the store: exactly, by several nodes at once, and kept. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { QuotaCounter, type TakenQuota } from '../../src/authorization/limits/quota-counter.js';
import { parseQuota } from '../../src/keys/limits/quota.js';
import type { CountedQuota } from '../../src/keys/makers/makers.js';
import { QuotaCountStore } from '../../src/keys/quotas/quota-count-store.js';
import { QuotaCountSweeper } from '../../src/keys/quotas/quota-count-sweeper.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, newStore, openStoreAt } from '../support/store.js';

const keyId = 'InNqgp01kO3v0W22eg6Z';
const parentId = 'parent01kO3v0W22eg6Z';
const of = (quota: string, id = keyId): CountedQuota => ({ keyId: id, quota: parseQuota(quota) });

describeStores('counts of quotas', (kind) => {
  let place: Awaited<ReturnType<typeof newStore>>;
  let db: Database;
  let nowMs: number;
  let counter: QuotaCounter;

  const counterOn = (database: Database): QuotaCounter =>
    new QuotaCounter({
      store: new QuotaCountStore(database),
      now: () => nowMs,
      monotonic: () => nowMs,
      onError: (error) => {
        throw error;
      },
    });
  const at = (text: string): void => {
    nowMs = Date.parse(text);
  };
  /** How many of so many requests at once are let through. */
  const passed = async (count: number, quotas: readonly CountedQuota[], by = counter): Promise<number> => {
    const taken = await Promise.all(Array.from({ length: count }, () => by.take(quotas)));
    return taken.filter(({ state }) => !state.isExceeded).length;
  };

  beforeEach(async () => {
    at('2026-11-28T12:00:00Z');
    place = await newStore();
    db = await openStoreAt(place);
    counter = counterOn(db);
  });

  it('let exactly as many through as the quota has, and tell how far it is used up', async () => {
    expect(await passed(3, [of('10/month')])).toBe(3);
    const [state] = await counter.foresee([of('10/month')]);
    expect(state).toMatchObject({ used: 3, isExceeded: false, endsAtMs: Date.parse('2026-12-01') });
    expect(await passed(700, [of('10/month')])).toBe(7);
    expect(await counter.foresee([of('10/month')])).toMatchObject([{ used: 10, isExceeded: true }]);
  });

  it('go on after a restart', async () => {
    expect(await passed(7, [of('10/month')])).toBe(7);
    expect(await passed(7, [of('10/month')], counterOn(db))).toBe(3);
  });

  it.each([
    ['day', '2026-11-28T23:59:59.999Z', '2026-11-29T00:00:00.000Z'],
    ['day', '2028-02-28T23:59:59.999Z', '2028-02-29T00:00:00.000Z'],
    ['week', '2026-11-29T23:59:59.999Z', '2026-11-30T00:00:00.000Z'],
    ['month', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00.000Z'],
  ])('begin anew with the next %s, at %s no more and at %s', async (unit, last, first) => {
    at(last);
    expect(await passed(9, [of(`4/${unit}`)])).toBe(4);
    at(first);
    expect(await passed(9, [of(`4/${unit}`)])).toBe(4);
    // A clock that goes back a moment finds what was counted then.
    at(last);
    expect(await passed(1, [of(`4/${unit}`)])).toBe(0);
  });

  it('give no second allowance for another quota or unit', async () => {
    at('2026-11-23T12:00:00Z');
    expect(await passed(5, [of('5/day')])).toBe(5);
    at('2026-11-24T12:00:00Z');
    expect(await passed(9, [of('7/week')])).toBe(2);
    expect(await passed(9, [of('9/month')])).toBe(2);
    expect(await passed(9, [of('4/day')])).toBe(0);
    expect(await passed(9, [of('5/day')])).toBe(1);
  });

  it('of a chain of keys all hold, and what one of them denies counts for none', async () => {
    const child = [of('5/day'), of('8/month', parentId)];
    expect(await passed(4, [of('8/month', parentId)])).toBe(4);
    expect(await passed(9, child)).toBe(4);
    expect(await counter.foresee(child)).toMatchObject([
      { used: 4, isExceeded: false },
      { keyId: parentId, used: 8, isExceeded: true },
    ]);
    const denied = await counter.take(child);
    expect(denied.state).toMatchObject({ keyId: parentId, isExceeded: true });
  });

  it('are given back once for a request that was denied after all', async () => {
    const taken: TakenQuota = await counter.take([of('2/day'), of('8/month', parentId)]);
    await taken.giveBack();
    await taken.giveBack();
    expect(await counter.foresee([of('2/day'), of('8/month', parentId)])).toMatchObject([
      { used: 0 },
      { used: 0 },
    ]);
    expect(await passed(5, [of('2/day')])).toBe(2);
  });

  it('deny for a second without another look, unless the quota is another one', async () => {
    expect(await passed(3, [of('2/day')])).toBe(2);
    await db.deleteFrom('quota_counts').execute();
    expect(await passed(3, [of('2/day')])).toBe(0);
    expect(await passed(3, [of('3/day')])).toBe(3);
    nowMs += 1001;
    await db.deleteFrom('quota_counts').execute();
    expect(await passed(3, [of('2/day')])).toBe(2);
  });

  it('are swept once no period can need them', async () => {
    const store = new QuotaCountStore(db);
    for (const day of ['2025-01-01', '2025-10-23', '2025-10-24', '2026-11-28'])
      await db.insertInto('quota_counts').values({ key_id: keyId, day, used: 1 }).execute();
    await new QuotaCountSweeper(
      store,
      () => undefined,
      () => nowMs,
    ).sweep();
    const rows = await db.selectFrom('quota_counts').select('day').orderBy('day').execute();
    expect(rows.map(({ day }) => day)).toEqual(['2025-10-24', '2026-11-28']);
  });

  it('reject where the store is away, so nothing is let through', async () => {
    const away = await openStoreAt(await newStore());
    await away.destroy();
    await expect(counterOn(away).take([of('5/day')])).rejects.toThrow();
  });

  if (kind === 'PostgreSQL')
    describe('of four nodes at once', () => {
      it('let exactly as many through, of keys that share parents in any order, on days that differ', async () => {
        const nodes = [db, await openStoreAt(place), await openStoreAt(place), await openStoreAt(place)];
        const clocks = [0, 1, 2, 3].map((days) => ({ now: () => nowMs + days * 86_400_000 }));
        at('2026-11-03T12:00:00Z');
        const counters = nodes.map(
          (database, index) =>
            new QuotaCounter({
              store: new QuotaCountStore(database),
              ...clocks[index]!,
              onError: () => undefined,
            }),
        );
        const chains = [
          [of('200/month')],
          [of('150/month', 'b'.repeat(20)), of('200/month')],
          [of('150/month', 'c'.repeat(20)), of('200/month')],
          [of('300/month', 'z'.repeat(20)), of('150/month', 'b'.repeat(20))],
        ];
        const counts = new Map<string, number>();
        await Promise.all(
          counters.flatMap((by) =>
            Array.from({ length: 400 }, async (_, index) => {
              // Not all in one batch.
              await new Promise((resolve) => setTimeout(resolve, index));
              const quotas = chains[index % chains.length]!;
              const { state } = await by.take(quotas);
              if (!state.isExceeded)
                for (const { keyId: id } of quotas) counts.set(id, (counts.get(id) ?? 0) + 1);
            }),
          ),
        );
        expect(counts.get(keyId)).toBe(200);
        expect(counts.get('b'.repeat(20))).toBe(150);
        const used = await new QuotaCountStore(db).read(
          [...counts.keys()].map((id) => ({
            keyId: id,
            period: { firstDay: '2026-11-01', lastDay: '2026-11-30', endsAtMs: 0 },
          })),
        );
        const month = { firstDay: '2026-11-01', lastDay: '2026-11-30', endsAtMs: 0 };
        for (const [id, count] of counts) expect(used(id, month)).toBe(count);
      });
    });
});
