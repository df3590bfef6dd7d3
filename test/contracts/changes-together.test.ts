/** Works that become one change (docs/adr/0004). */
import { beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError, ReturnCode } from '../../src/errors.js';
import { SerialQueue } from '../../src/concurrency/serial-queue.js';
import { Changes, readChangeNumber, type Change } from '../../src/storage/changes.js';
import { InOneProcess, type AppliedChange } from '../../src/storage/cluster/settling.js';
import type { Database } from '../../src/storage/database.js';
import { describeStores, openStore } from '../support/store.js';
import { setTimeout as sleep } from 'node:timers/promises';

let db: Database;
let changes: Changes;

beforeEach(async () => {
  db = await openStore();
  changes = new Changes(db);
});

const setMeta = async ({ trx }: Change, name: string, value = ''): Promise<void> => {
  await trx.insertInto('meta').values({ name, value }).execute();
};

const metaNames = async (store: Database | Change['trx'] = db): Promise<string[]> => {
  const rows = store.selectFrom('meta').select('name').where('name', 'like', 'own%').orderBy('name');
  return (await rows.execute()).map(({ name }) => name);
};

const outbox = async (): Promise<unknown[]> =>
  (await db.selectFrom('audit_outbox').select('event').orderBy('position').execute()).map(
    (row) => (JSON.parse(row.event) as { place: unknown }).place,
  );

/** Gives all of them while another change is under way, so that they wait for their turn together. */
async function whileOneRuns(
  begin: () => Promise<unknown>[],
  on = changes,
): Promise<PromiseSettledResult<unknown>[]> {
  let release = (): void => undefined;
  let running: Promise<void> | undefined;
  await new Promise<void>((begun) => {
    running = on.run(() => {
      begun();
      return new Promise<void>((resolve) => (release = resolve));
    });
  });
  const begun = Promise.allSettled(begin());
  release();
  await running;
  return begun;
}

const refusal = new AppError(ReturnCode.EXISTS, 'so already');

describeStores('works that wait together', () => {
  it('share a number, see each other, are told once, and have their events in their order', async () => {
    const told: AppliedChange[] = [];
    changes.onApplied((change) => told.push(change));
    const results = await whileOneRuns(() =>
      ['own1', 'own2', 'own3'].map((name) =>
        changes.runTogether(async (change) => {
          await setMeta(change, name);
          change.touch('user', name);
          change.record({ place: `${name} a` });
          change.record({ place: `${name} b` });
          return [change.number, (await metaNames(change.trx)).length];
        }),
      ),
    );
    expect(results.map((each) => (each.status === 'fulfilled' ? each.value : each))).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    expect(told.map(({ number, touched }) => [number, touched.map(({ id }) => id)])).toEqual([
      [1, []],
      [2, ['own1', 'own2', 'own3']],
    ]);
    expect(await outbox()).toEqual(['own1 a', 'own1 b', 'own2 a', 'own2 b', 'own3 a', 'own3 b']);
    expect(await readChangeNumber(db)).toBe(2);
  });

  it('are made where others of them are refused or break, of which nothing is left', async () => {
    const told: AppliedChange[] = [];
    changes.onApplied((change) => told.push(change));
    const all: [string, (change: Change) => Promise<unknown>][] = [
      ['own1', () => Promise.reject(refusal)],
      ['own2', async () => 'made'],
      ['own3', (change) => setMeta(change, 'own2')], // which there is: the statement fails
      ['own4', () => Promise.reject(new Error('broken'))],
      ['own5', async () => 'made too'],
    ];
    const results = await whileOneRuns(() =>
      all.map(([name, end]) =>
        changes.runTogether(async (change) => {
          await setMeta(change, name);
          change.touch('user', name);
          change.record({ place: name });
          return end(change);
        }),
      ),
    );
    expect(results).toMatchObject([
      { reason: refusal },
      { value: 'made' },
      { status: 'rejected' },
      { reason: new Error('broken') },
      { value: 'made too' },
    ]);
    expect(await metaNames()).toEqual(['own2', 'own5']);
    expect(await outbox()).toEqual(['own2', 'own5']);
    expect(told.at(-1)?.touched.map(({ id }) => id)).toEqual(['own2', 'own5']);
  });

  it('of which none is made leave no change', async () => {
    const results = await whileOneRuns(() =>
      ['own1', 'own2'].map((name) =>
        changes.runTogether(async (change) => {
          await setMeta(change, name);
          throw refusal;
        }),
      ),
    );
    expect(results).toMatchObject([{ reason: refusal }, { reason: refusal }]);
    expect(await readChangeNumber(db)).toBe(1);
    expect(await metaNames()).toEqual([]);
  });

  it('all end with the same error where the commit fails, also what was refused', async () => {
    const failing = new Changes(
      db,
      new (class extends InOneProcess {
        override prepare(): Promise<void> {
          return Promise.reject(new Error('no commit'));
        }
      })(),
    );
    const results = await Promise.allSettled([
      failing.run(() => Promise.reject(refusal)),
      failing.runTogether((change) => setMeta(change, 'own1')),
      // Its refusal would rest on what was not committed.
      failing.runTogether(() => Promise.reject(refusal)),
    ]);
    expect(results).toMatchObject([
      { reason: refusal },
      { reason: new Error('no commit') },
      { reason: new Error('no commit') },
    ]);
    expect(await metaNames()).toEqual([]);
  });

  it('settle once, and a refusal settles on what it may rest on: the change of the others', async () => {
    const settled: string[] = [];
    const watched = new Changes(
      db,
      new (class extends InOneProcess {
        override settle(change: AppliedChange & { mark: string }): Promise<void> {
          settled.push(`change ${String(change.number)}`);
          return super.settle(change);
        }
        override settleUpTo(number?: number): Promise<void> {
          settled.push(`up to ${String(number)}`);
          return Promise.resolve();
        }
      })(),
    );
    await whileOneRuns(
      () => [
        watched.runTogether((change) => setMeta(change, 'own1')),
        watched.runTogether(() => Promise.reject(refusal)),
        watched.runTogether((change) => setMeta(change, 'own2')),
      ],
      watched,
    );
    expect(settled).toEqual(['change 1', 'change 2', 'up to 2']);
  });

  it('wait no longer than others, and nothing is made of what has waited too long', async () => {
    const impatient = new Changes(db, undefined, '', new SerialQueue(50));
    let release = (): void => undefined;
    const running = impatient.standStill(() => new Promise<void>((resolve) => (release = resolve)));
    const waiting = Promise.allSettled(
      ['own1', 'own2'].map((name) => impatient.runTogether((change) => setMeta(change, name))),
    );
    await sleep(60);
    release();
    await running;
    const results = await waiting;
    expect(results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    await impatient.run(async () => undefined);
    expect(await metaNames()).toEqual([]);
  });

  it('are made in any mixture with changes of their own, each as it said', async () => {
    const kinds = ['together', 'alone'] as const;
    const ends = ['made', 'refused', 'broken', 'statement'] as const;
    const one = fc.record({ kind: fc.constantFrom(...kinds), end: fc.constantFrom(...ends) });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 40 }), async (works) => {
        round++;
        const name = (index: number): string => `own ${String(round)} ${String(index).padStart(2, '0')}`;
        const results = await Promise.allSettled(
          works.map(({ kind, end }, index) =>
            changes[kind === 'alone' ? 'run' : 'runTogether'](async (change) => {
              await setMeta(change, name(index));
              change.record({ place: name(index) });
              if (end === 'refused') throw refusal;
              if (end === 'broken') throw new Error('broken');
              if (end === 'statement') await setMeta(change, name(index));
            }),
          ),
        );
        const made = works.flatMap(({ end }, index) => (end === 'made' ? [name(index)] : []));
        expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
          works.map(({ end }) => end === 'made'),
        );
        const isOfRound = (text: unknown): boolean => String(text).startsWith(`own ${String(round)} `);
        expect((await metaNames()).filter(isOfRound)).toEqual(made);
        expect((await outbox()).filter(isOfRound).sort()).toEqual(made);
      }),
      { numRuns: 25 },
    );
  });
});
