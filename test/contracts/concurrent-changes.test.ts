import { beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Changes, readChangeNumber } from '../../src/storage/changes.js';
import type { Database } from '../../src/storage/database.js';
import { readAtOneMoment } from '../../src/storage/read-at-one-moment.js';
import { SerialQueue } from '../../src/concurrency/serial-queue.js';
import { SlowHash } from '../../src/secrets/slow-hash.js';
import type { User } from '../../src/users/user.js';
import { UserStore } from '../../src/users/user-store.js';
import { Users } from '../../src/users/users.js';
import { patienceMs } from '../support/waiting.js';
import { describeStores, newStore, openStoreAt, type StoreKind } from '../support/store.js';

/** The same store as several nodes have it; the embedded one has one node. */
let nodes: { db: Database; changes: Changes; users: UserStore }[];

let kind: StoreKind;
const open = async (): Promise<void> => {
  const store = await newStore();
  nodes = [];
  for (let count = kind === 'SQLite' ? 1 : 3; count > 0; count--) {
    const db = await openStoreAt(store);
    nodes.push({
      db,
      changes: new Changes(db, undefined, '', new SerialQueue(patienceMs)),
      users: new UserStore(db),
    });
  }
};
const node = (index: number): (typeof nodes)[number] => nodes[index % nodes.length]!;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const user = (name: string): User => ({
  name,
  email: '',
  package: 'default',
  firstName: '',
  lastName: '',
  hasPassword: false,
  isSuspended: false,
  isLoginDisabled: false,
  createdAtMs: 0,
  role: 'user',
});

describeStores('nodes that start at once on an empty store', (each) => {
  it('all find a root user, also one that another start made', async () => {
    kind = each;
    await open();
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 1 });
    await Promise.all(
      upTo(3).map((index) => {
        const { users, changes } = node(index);
        return new Users(users, changes, slowHash, 'admin').ensureRootUser();
      }),
    );
    expect((await node(0).users.list()).map(({ name }) => name)).toEqual(['admin']);
  });
});

describeStores('two hundred additions at once, from every node', (each) => {
  beforeEach(async () => {
    kind = each;
    await open();
  });

  it('lose none, and their numbers commit in order', async () => {
    const numbers: number[] = [];
    const seen: number[] = [];
    const progress = { isDone: false };
    const watching = (async () => {
      while (!progress.isDone) seen.push(await readChangeNumber(node(0).db));
    })();
    await Promise.all(
      upTo(200).map((index) =>
        node(index).changes.run(async (change) => {
          const { trx, number } = change;
          expect(await readChangeNumber(trx)).toBe(number);
          expect(await node(index).users.insert(trx, user(`user${String(index)}`), null)).toBe(true);
          change.record({ number });
          numbers.push(number);
        }),
      ),
    );
    progress.isDone = true;
    await watching;
    expect([...numbers].sort((one, other) => one - other)).toEqual(upTo(200).map((index) => index + 1));
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(await node(0).users.list()).toHaveLength(200);
    const events = await node(0).db.selectFrom('audit_outbox').select('event').orderBy('position').execute();
    expect(events.map(({ event }) => (JSON.parse(event) as { number: number }).number)).toEqual(
      upTo(200).map((index) => index + 1),
    );
  });

  it('of the same user add one', async () => {
    const added = await Promise.all(
      upTo(200).map((index) =>
        node(index).changes.run(({ trx }) => node(index).users.insert(trx, user('alice'), null)),
      ),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
  });

  it('of which half fail leave nothing of those, and no gap in the numbers', async () => {
    await Promise.allSettled(
      upTo(200).map((index) =>
        node(index).changes.run(async (change) => {
          await node(index).users.insert(change.trx, user(`user${String(index)}`), null);
          change.record({ index });
          if (index % 2 === 1) throw new Error('refused');
        }),
      ),
    );
    expect(await node(0).users.list()).toHaveLength(100);
    expect(await readChangeNumber(node(0).db)).toBe(100);
    expect(await node(0).db.selectFrom('audit_outbox').select('id').execute()).toHaveLength(100);
  });

  it('are applied in a node in the order of their numbers', async () => {
    const applied = nodes.map(({ changes }) => {
      const numbers: number[] = [];
      changes.onApplied(({ number }) => numbers.push(number));
      return numbers;
    });
    await Promise.all(upTo(200).map((index) => node(index).changes.run(async () => undefined)));
    for (const numbers of applied) expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    expect(applied.flat()).toHaveLength(200);
  });
});

describeStores('readings at one moment', (each) => {
  beforeEach(async () => {
    kind = each;
    await open();
  });

  it('see no change that commits between them, whole or in part', async () => {
    const { db, users } = node(0);
    let change: Promise<unknown> | undefined;
    const seen = await readAtOneMoment(db, async (trx) => {
      const first = await readChangeNumber(trx);
      change = node(1).changes.run(async (made) => node(1).users.insert(made.trx, user('alice'), null));
      // The embedded store has one connection: there the change waits for the readings.
      if (kind === 'PostgreSQL') await change;
      return [first, await readChangeNumber(trx), await users.find('alice', trx)];
    });
    await change;
    expect(seen).toEqual([0, 0, undefined]);
    expect((await users.find('alice'))?.name).toBe('alice');
  });

  it('find number and content together, whenever they come', async () => {
    const progress = { isDone: false };
    const reading = (async () => {
      while (!progress.isDone) {
        const [number, count] = await readAtOneMoment(node(0).db, async (trx) => [
          await readChangeNumber(trx),
          (await trx.selectFrom('users').select('name').execute()).length,
        ]);
        expect(count).toBe(number);
      }
    })();
    await Promise.all(
      upTo(100).map((index) =>
        node(index).changes.run(({ trx }) =>
          node(index).users.insert(trx, user(`user${String(index)}`), null),
        ),
      ),
    );
    progress.isDone = true;
    await reading;
  });
});

describeStores('a change of which a statement failed', (each) => {
  beforeEach(async () => {
    kind = each;
    await open();
  });

  it('is never acknowledged and lost: what was returned as made is there', async () => {
    const { changes, db } = node(0);
    const made = await changes
      .run(async ({ trx }) => {
        await trx.insertInto('meta').values({ name: 'one', value: '' }).execute();
        await sql`select * from no_such_table`.execute(trx).catch(() => undefined);
      })
      .then(
        () => true,
        () => false,
      );
    const rows = await db.selectFrom('meta').selectAll().where('name', 'not like', 'store%').execute();
    expect(rows).toHaveLength(made ? 1 : 0);
  });
});
