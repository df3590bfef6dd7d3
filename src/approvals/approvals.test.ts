import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { useStore, TestStore } from '../../test/support/store.js';
import type { Actor } from '../audit/audit-event.js';
import type { Change } from '../storage/changes.js';
import { AgreedKeep } from '../audit/put-away/agreed-keep.js';
import { AgreedKeepStore } from '../audit/put-away/agreed-keep-store.js';
import { approvalLifeMs } from './approval.js';
import { ApprovalStore } from './approval-store.js';
import { Approvals } from './approvals.js';
import { exactText } from './exact-text.js';

useStore('SQLite');
let store: TestStore;
let approvals: Approvals;
let nowMs = 1_800_000_000_000;

const by = (sudoUser: string): Actor => ({ kind: 'operator', unixUser: 'root', sudoUser });

beforeEach(async () => {
  store = await TestStore.open();
  approvals = new Approvals({
    ...{
      store: new ApprovalStore(store.db),
      changes: store.changes,
      users: store.users,
      pepper: store.pepper,
    },
    ...{ rootUser: 'admin', hasPanel: false, isOn: true, now: () => nowMs },
  });
  store.changes.approvedBy(approvals);
});

const ask = (change: Change, actor: Actor, endsAtMs?: number): Promise<void> =>
  change.requireApproved({
    ...{ kind: 'unrestricted_key', origin: { actor }, target: { user: 'admin', expires: 'soon' } },
    ...(endsAtMs !== undefined && { endsAtMs }),
  });

/** @returns the ID of the approval that it waits for; undefined: it was made */
async function widen(actor: Actor, endsAtMs?: number): Promise<string | undefined> {
  try {
    await store.changes.run((change) => ask(change, actor, endsAtMs));
    return undefined;
  } catch (error) {
    return (error as { approvalId: string }).approvalId;
  }
}

describe('an approval', () => {
  it('counts for an end that moves on as time does, and for no later one', async () => {
    const spanMs = 90 * 86_400_000;
    const id = await widen(by('alice'), nowMs + spanMs);
    nowMs += 3_600_000;
    expect(await widen(by('alice'), nowMs + spanMs)).toBe(id);
    await approvals.approve(id ?? '', { actor: by('bob') });
    nowMs += 3_600_000;
    expect(await widen(by('alice'), nowMs + spanMs + 61_000)).not.toBe(id);
    const again = await widen(by('alice'), nowMs + spanMs);
    await approvals.approve(again ?? '', { actor: by('bob') });
    expect(await widen(by('alice'), nowMs + spanMs)).toBeUndefined();
  });

  it('ends: what waits a day after it was asked for, what was approved a day after that', async () => {
    const id = await widen(by('alice'));
    nowMs += approvalLifeMs;
    await expect(approvals.approve(id ?? '', { actor: by('bob') })).rejects.toMatchObject({ code: 3 });
    const next = await widen(by('alice'));
    expect(next).not.toBe(id);
    nowMs += approvalLifeMs - 1;
    await approvals.approve(next ?? '', { actor: by('bob') });
    nowMs += approvalLifeMs;
    expect(await widen(by('alice'))).not.toBeUndefined();
  });

  it('is never one of the same person, in a session or at the command line', async () => {
    const id = await widen(by('admin'));
    for (const actor of [
      by('admin'),
      { kind: 'session', user: 'admin' },
      { kind: 'password', user: 'admin' },
    ] as Actor[])
      await expect(approvals.approve(id ?? '', { actor })).rejects.toMatchObject({ code: 10 });
  });

  it('is neither asked for nor given by a key, or by somebody whom no name is known of', async () => {
    const id = await widen(by('alice'));
    for (const actor of [
      ...[
        { kind: 'session' },
        { kind: 'service' },
        { kind: 'operator' },
        { kind: 'operator', unixUser: 'root' },
      ],
      ...[
        { kind: 'operator', unixUser: 'root', sudoUser: 'root' },
        { kind: 'legacy_key', user: 'admin' },
      ],
      { kind: 'access_key', accessKeyId: 'x'.repeat(20) },
    ] as Actor[]) {
      await expect(approvals.approve(id ?? '', { actor })).rejects.toMatchObject({ code: 10 });
      if (actor.kind !== 'service')
        await expect(store.changes.run((change) => ask(change, actor))).rejects.toThrow();
    }
    expect(await approvals.list()).toHaveLength(1);
  });

  it('knows somebody who became root by the login, whatever he says', async () => {
    const id = await widen({ kind: 'operator', loginUser: 'alice', sudoUser: 'mallory' });
    await expect(approvals.approve(id ?? '', { actor: by('alice') })).rejects.toMatchObject({ code: 10 });
  });
});

describe('less of the record', () => {
  const dayMs = 86_400_000;
  const keep = (keepMs: number | undefined, keepText: string): AgreedKeep =>
    new AgreedKeep(
      { keepMs, keepBytes: undefined, keepText },
      new AgreedKeepStore(store.db, 'n1'),
      store.changes,
    );

  it('is kept only once two persons have approved it', async () => {
    expect(await keep(undefined, '').read()).toEqual({
      settings: expect.objectContaining({ keepMs: undefined }),
    });
    const shorter = keep(400 * dayMs, 'HEARTHKEY_AUDIT_KEEP=400d');
    expect(await shorter.read()).toMatchObject({
      settings: { keepMs: undefined },
      waits: expect.stringContaining('v-approve-change'),
    });
    const [waiting] = await approvals.list();
    expect(waiting).toMatchObject({ kind: 'shorter_record', requestedBy: '' });
    const id = waiting?.id ?? '';
    // Nobody knows who changed the settings: the first who approves could be the one.
    expect(await approvals.approve(id, { actor: by('alice') })).toMatchObject({ approvedBy: undefined });
    expect(await shorter.read()).toHaveProperty('waits');
    await expect(approvals.approve(id, { actor: by('alice') })).rejects.toMatchObject({ code: 10 });
    await approvals.approve(id, { actor: by('bob') });
    expect(await shorter.read()).toEqual({ settings: expect.objectContaining({ keepMs: 400 * dayMs }) });
    expect(await shorter.read()).not.toHaveProperty('waits');
  });

  it('is not what is kept for longer, or on a node that is new', async () => {
    expect(await keep(10 * dayMs, 'ten').read()).not.toHaveProperty('waits');
    expect(await keep(20 * dayMs, 'twenty').read()).not.toHaveProperty('waits');
    expect(await keep(19 * dayMs, 'nineteen').read()).toMatchObject({ settings: { keepMs: 20 * dayMs } });
  });
});

it('different values have different texts, and equal ones the same', () => {
  expect(exactText({ a: 1, b: undefined, c: ['x', { z: 1, y: null }] })).toBe(
    exactText({ c: ['x', { y: null, z: 1 }], a: 1 }),
  );
  const value = fc.jsonValue();
  fc.assert(
    fc.property(value, value, (one, other) => {
      const isSame =
        fc.stringify(JSON.parse(JSON.stringify(one))) === fc.stringify(JSON.parse(JSON.stringify(other)));
      if (!isSame) return;
      expect(exactText(one)).toBe(exactText(other));
    }),
  );
  fc.assert(
    fc.property(value, (one) => expect(JSON.parse(exactText(one))).toEqual(JSON.parse(JSON.stringify(one)))),
  );
});
