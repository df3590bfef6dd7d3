import { beforeEach, expect, it } from '@jest/globals';
import { openStore, describeStores } from '../support/store.js';
import { Changes, readChangeNumber, type Change } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { InOneProcess, type AppliedChange } from '../../src/storage/cluster/settling.js';
import { AppError, ReturnCode } from '../../src/errors.js';

let db: Database;
let changes: Changes;

beforeEach(async () => {
  db = await openStore();
  changes = new Changes(db);
});

const setMeta = async ({ trx }: Change, name: string, value = ''): Promise<void> => {
  await trx.insertInto('meta').values({ name, value }).execute();
};

const metaNames = async (): Promise<string[]> =>
  (await db.selectFrom('meta').select('name').where('name', 'not like', 'store%').execute()).map(
    (row) => row.name,
  );

const countRow = (store: Database | Change['trx']): Promise<{ value: string }> =>
  store.selectFrom('meta').select('value').where('name', '=', 'count').executeTakeFirstOrThrow();

const outbox = async (): Promise<unknown[]> =>
  (await db.selectFrom('audit_outbox').select('event').orderBy('position').execute()).map(
    (row) => JSON.parse(row.event) as unknown,
  );

describeStores('a change', () => {
  it('takes the next number', async () => {
    expect(await readChangeNumber(db)).toBe(0);
    const numbers: number[] = [];
    for (let count = 0; count < 3; count++) await changes.run(async ({ number }) => numbers.push(number));
    expect(numbers).toEqual([1, 2, 3]);
    expect(await readChangeNumber(db)).toBe(3);
  });

  it('has a mark of its own, so that a store that went back in time is found out', async () => {
    const marks = new Set<string>();
    for (let count = 0; count < 5; count++) {
      await changes.run(async () => undefined);
      marks.add((await db.selectFrom('change_counter').select('mark').executeTakeFirstOrThrow()).mark);
    }
    expect(marks.size).toBe(5);
  });

  it('commits together with its audit events, in their order', async () => {
    await changes.run(async (change) => {
      change.record({ place: 1 });
      await setMeta(change, 'kept');
      change.record({ place: 2 });
    });
    expect(await metaNames()).toEqual(['kept']);
    expect(await outbox()).toMatchObject([{ place: 1 }, { place: 2 }]);
  });

  it('that fails leaves nothing behind: no row, no event, no number, and nobody is told', async () => {
    const told: AppliedChange[] = [];
    changes.onApplied((change) => told.push(change));
    const failing = changes.run(async (change) => {
      change.record({ place: 1 });
      change.touch('user', 'alice');
      await setMeta(change, 'lost');
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await metaNames()).toEqual([]);
    expect(await outbox()).toEqual([]);
    expect(await readChangeNumber(db)).toBe(0);
    expect(told).toEqual([]);
  });

  it('whose audit event can not be kept is not made', async () => {
    await db.schema.dropTable('audit_outbox').execute();
    const failing = changes.run(async (change) => {
      await setMeta(change, 'lost');
      change.record({ place: 1 });
    });
    await expect(failing).rejects.toThrow();
    expect(await metaNames()).toEqual([]);
  });

  it('is told to all who keep facts before it returns, and after it was committed', async () => {
    const told: AppliedChange[] = [];
    changes.onApplied((change) => told.push(change));
    await changes.run(async (change) => {
      change.touch('access_key', 'one');
      change.touch('settings', '');
      expect(told).toEqual([]);
    });
    expect(told).toMatchObject([
      {
        number: 1,
        touched: [
          { kind: 'access_key', id: 'one' },
          { kind: 'settings', id: '' },
        ],
      },
    ]);
  });

  it('waits for the audit before it returns, but tells those who keep facts before that', async () => {
    const order: string[] = [];
    changes.onCommitted(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('audit');
    });
    changes.onApplied(() => order.push('facts'));
    await changes.run(async () => undefined);
    order.push('returned');
    expect(order).toEqual(['facts', 'audit', 'returned']);
  });

  it('that is refused settles on what it saw before it is answered, and no other change waits for that', async () => {
    let settle = (): void => undefined;
    const upTo: number[] = [];
    /** As where a node is dead, until the longest lease has passed. */
    class Slow extends InOneProcess {
      override settleUpTo(number?: number): Promise<void> {
        upTo.push(number ?? -1);
        return new Promise((resolve) => (settle = resolve));
      }
    }
    const slow = new Changes(db, new Slow());
    await slow.run(async () => undefined);
    let hasEnded = false;
    const refusal = new AppError(ReturnCode.EXISTS, 'so already');
    const refused = slow.run(() => Promise.reject(refusal)).finally(() => (hasEnded = true));
    const answer = expect(refused).rejects.toBe(refusal);
    await expect(slow.run(async ({ number }) => number)).resolves.toBe(2);
    expect([upTo, hasEnded]).toEqual([[1], false]);
    settle();
    await answer;
  });

  it('returns what its work returned', async () => {
    await expect(changes.run(async () => 'answer')).resolves.toBe('answer');
  });

  it('may have thousands of audit events', async () => {
    await changes.run(async (change) => {
      for (let place = 0; place < 12_000; place++) change.record({ place });
    });
    const events = (await outbox()) as { place: number }[];
    expect(events.map(({ place }) => place)).toEqual(Array.from({ length: 12_000 }, (_, place) => place));
  });
});

describeStores('fifty changes at the same time', () => {
  it('get fifty numbers in a row and lose nothing of each other', async () => {
    await changes.run(async (change) => setMeta(change, 'count', '0'));
    const numbers: number[] = [];
    const told: number[] = [];
    changes.onApplied(({ number }) => told.push(number));
    await Promise.all(
      Array.from({ length: 50 }, () =>
        changes.run(async ({ trx, number, ...change }) => {
          const { value } = await countRow(trx);
          await trx
            .updateTable('meta')
            .set({ value: String(Number(value) + 1) })
            .where('name', '=', 'count')
            .execute();
          change.record({ number });
          numbers.push(number);
        }),
      ),
    );
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
    expect(told).toEqual(numbers);
    expect((await countRow(db)).value).toBe('50');
    expect(await outbox()).toMatchObject(numbers.map((number) => ({ number })));
  });

  it('of which every second one fails are twenty-five', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        changes.run(async (change) => {
          await setMeta(change, String(index));
          if (index % 2 === 1) throw new Error('refused');
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
    expect(await metaNames()).toHaveLength(25);
    expect(await readChangeNumber(db)).toBe(25);
  });
});
