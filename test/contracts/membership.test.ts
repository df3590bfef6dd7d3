import { beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '../support/programs.js';
import { openStoreAt, newStore, useStore } from '../support/store.js';
import { atEnd } from '../support/clean-up.js';
import { within } from '../support/waiting.js';
import { Changes } from '../../src/storage/changes.js';
import { Membership } from '../../src/storage/cluster/membership.js';
import {
  NodeStore,
  type NodeRow,
  type Position,
  type Renewal,
} from '../../src/storage/cluster/node-store.js';
import type { Database } from '../../src/storage/database.js';

const leaseMs = 60_000;
/** The lease and its margin. */
const wholeWaitMs = leaseMs * 1.1;

/** The table of nodes, whose answers can be late or missing. */
class UncertainStore extends NodeStore {
  isListed = true;
  listings = 0;
  /** A renewal that was executed is answered when this resolves. */
  answers: Promise<void> = Promise.resolve();

  override async list(): Promise<NodeRow[]> {
    this.listings++;
    if (!this.isListed) throw new Error('the connection is gone');
    return super.list();
  }

  override async renew(id: string, applied: Position): Promise<Renewal | undefined> {
    const renewal = await super.renew(id, applied);
    await this.answers;
    return renewal;
  }
}

describeWith('initdb', 'postgres')('a member of several nodes', () => {
  let db: Database;
  let nowMs: number;
  let problems: string[];

  beforeEach(async () => {
    useStore('PostgreSQL');
    db = await openStoreAt(await newStore());
    nowMs = 1_000_000;
    problems = [];
  });

  /** @returns the node, its table, and the changes that settle with it */
  async function join(): Promise<{ node: Membership; store: UncertainStore; changes: Changes }> {
    const store = new UncertainStore(db);
    const readClocks = () => ({ monotonicMs: nowMs, wallMs: nowMs });
    const node = new Membership(store, {
      leaseMs,
      readClocks,
      onProblem: (problem) => problems.push(problem),
    });
    const changes = new Changes(db, node);
    await node.join();
    return { node, store, changes };
  }

  const rows = async (): Promise<NodeRow[]> => new NodeStore(db).list();

  it('does not remove the row of a node that renewed just before the first look', async () => {
    const first = await join();
    const second = await join();
    atEnd(async () => {
      await Promise.all([first.node.stop(), second.node.stop()]);
    });
    first.store.isListed = false;
    const changed = first.changes.run(async () => undefined);
    await within(1000, 'the change is settling', () => first.store.listings > 0);
    nowMs += wholeWaitMs;
    let answer = (): void => undefined;
    second.store.answers = new Promise((resolve) => (answer = resolve));
    const renewals = async (): Promise<number> => Math.max(...(await rows()).map((row) => row.renewals));
    const before = await renewals();
    second.node.wake();
    await within(1000, 'the renewal is executed', async () => (await renewals()) > before);
    const { listings } = first.store;
    first.store.isListed = true;
    await within(1000, 'the first node has looked', () => first.store.listings > listings);
    answer();
    await changed;
    expect(await rows()).toHaveLength(2);
    expect(second.node.checkLease()).toBe(nowMs);
  });

  it('waits for leases that it can not know, once the database has gone back in time', async () => {
    const first = await join();
    const second = await join();
    atEnd(async () => {
      await Promise.all([first.node.stop(), second.node.stop()]);
    });
    // A copy of the database from before the second node joined is restored.
    const [row] = await rows();
    await db
      .deleteFrom('nodes')
      .where('id', '!=', row?.id ?? '')
      .execute();
    await db.updateTable('nodes').set({ renewals: 0 }).execute();
    let isSettled = false;
    const changed = first.changes.run(async () => undefined).finally(() => (isSettled = true));
    await within(1000, 'the node has noticed', () => problems.some((text) => text.includes('back in time')));
    const { listings } = first.store;
    await within(1000, 'the node has looked around', () => first.store.listings > listings + 2);
    expect(isSettled).toBe(false);
    nowMs += wholeWaitMs;
    await changed;
    expect(isSettled).toBe(true);
  });

  it('notices that before it settles a number that it had applied already', async () => {
    const first = await join();
    await first.changes.run(async () => undefined);
    const second = await join();
    atEnd(async () => {
      await Promise.all([first.node.stop(), second.node.stop()]);
    });
    // A copy from before the change is restored: its number is given again.
    await db.deleteFrom('change_log').execute();
    await db.deleteFrom('change_counter').execute();
    const [row] = await rows();
    await db
      .deleteFrom('nodes')
      .where('id', '!=', row?.id ?? '')
      .execute();
    let isSettled = false;
    const changed = first.changes.run(async () => undefined).finally(() => (isSettled = true));
    const { listings } = first.store;
    await within(1000, 'the node has looked around', () => first.store.listings > listings + 2);
    expect(isSettled).toBe(false);
    expect(problems).toContainEqual(expect.stringContaining('back in time'));
    nowMs += wholeWaitMs;
    await changed;
  });
});
