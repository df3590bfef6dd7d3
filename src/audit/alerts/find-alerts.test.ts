import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertTypes } from '../../config/alert-types.js';
import type { AuditEvent } from '../audit-event.js';
import type { WaitingAlert } from './alert.js';
import { describeAlert } from './describe-alert.js';
import { AlertFinder } from './find-alerts.js';
import { networkOfClient } from './network-of-client.js';
import { RecentMap } from './recent-map.js';

const id = 'InNqgp01kO3v0W22eg6Z';
const key = { kind: 'access_key', accessKeyId: id, user: 'alice' } as const;
const use: Partial<AuditEvent> = {
  ...{ type: 'decision', outcome: 'allow', actor: key, clientAddress: '192.0.2.9', command: 'v-list-dns' },
};

/** A finder, and what it finds in one event after the other. @param began - the record */
function reader(denials = 3, types = new Set(alertTypes), began = '2025-01-01T00:00:00.000Z') {
  const finder = new AlertFinder({ chain: 'c'.repeat(32), types, denials });
  let number = -1;
  const take = (event: Partial<AuditEvent>): WaitingAlert[] => {
    number++;
    const whole = { seq: number, id: 'x', time: '2026-01-31T12:00:00.000Z', ...event };
    return finder.take({ number, line: JSON.stringify(whole) });
  };
  take({ type: 'note', note: 'record_begun', time: began, actor: { kind: 'service' } });
  return take;
}

const types = (alerts: readonly WaitingAlert[]): string[] => alerts.map(({ type }) => type);
const change = (target: Record<string, string>, command = 'v-add-access-key'): Partial<AuditEvent> => ({
  ...{ type: 'change', outcome: 'done', actor: { kind: 'operator', sudoUser: 'eve' }, command, target },
});
const alert = (name: string, target: Record<string, string> = {}): Partial<AuditEvent> => ({
  ...{ type: 'alert', outcome: 'done', actor: { kind: 'service' }, target },
  alert: name as NonNullable<AuditEvent['alert']>,
});

describe('events that somebody should look at', () => {
  it('tells of a key that was made or allows more, by whom and what it may do', () => {
    const take = reader();
    const made = { accessKeyId: id, user: 'alice', permissions: 'billing', comment: 'WHMCS', made: 'yes' };
    const [first, ...others] = take(change(made));
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      ...{ type: 'key.made', timestamp: '2026-01-31T12:00:00.000Z', number: 1 },
      id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      data: { chain: 'c'.repeat(32), event: 1, accessKeyId: id, user: 'alice', actor: 'operator eve' },
    });
    const widened = { ...made, widened: 'permissions,expires' };
    const [second] = take(change({ ...widened, made: 'yes' }, 'v-change-access-key')).slice(1);
    expect(second?.data).toMatchObject({ widened: ['permissions', 'expires'], permissions: 'billing' });
    expect(types(take(change({ ...made, made: 'yes' }, 'v-delete-access-key')))).toEqual([]);
    expect(types(take(change({ legacyKeyId: 'abcd', made: 'yes' }, 'v-generate-api-key')))).toEqual([
      'key.made',
    ]);
    expect(take(change({ accessKeyId: id, user: 'alice', comment: 'x' }, 'v-change-access-key'))).toEqual([]);
    const held = { accessKeyId: id, user: 'alice', widened: 'only', only: 'DOMAIN=*.example.org' };
    const [third] = take(change(held, 'v-change-access-key'));
    expect(third?.data).toMatchObject({ widened: ['only'], only: 'DOMAIN=*.example.org' });
  });

  it('tells of the first use from a network and of a command, and of none again', () => {
    const take = reader();
    const first = take(use);
    expect(types(first)).toEqual(['key.new_network', 'key.new_command']);
    expect(first.map(({ data }) => data['isFirstUse'])).toEqual([true, true]);
    expect(first[0]?.data).toMatchObject({
      network: '192.0.2.0/24',
      clientAddress: '192.0.2.9',
      user: 'alice',
    });
    expect(take({ ...use, clientAddress: '192.0.2.200' })).toEqual([]);
    expect(types(take({ ...use, clientAddress: '192.0.3.9' }))).toEqual(['key.new_network']);
    expect(types(take({ ...use, command: 'v-list-users' }))).toEqual(['key.new_command']);
    expect(take({ ...use, clientAddress: '192.0.3.1', command: 'v-list-users' })).toEqual([]);
    const other = { ...key, accessKeyId: 'B'.repeat(20) };
    expect(take({ ...use, actor: other })).toHaveLength(2);
  });

  it.each<[string, Partial<AuditEvent>]>([
    ['deleted', change({ accessKeyId: id, user: 'alice' }, 'v-delete-access-key')],
    ['deleted as leaked', change({ accessKeyId: id, user: 'alice', reason: 'x' }, 'v-revoke-secret')],
    ['deleted with its user', change({ user: 'alice' }, 'v-delete-user')],
    ['derived and has ended', change({ accessKeyId: id, removed: 'has ended' }, '')],
  ])('forgets a key that was %s: made again by an import, all that it does is new', (_, end) => {
    const take = reader();
    take(use);
    const other = { ...use, actor: { ...key, accessKeyId: 'B'.repeat(20), user: 'bob' } };
    take(other);
    take(end);
    expect(take(use)).toHaveLength(2);
    expect(take(other)).toEqual([]);
  });

  it('tells 20 new networks of a key within an hour, and after it how many there were besides', () => {
    const take = reader();
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
    const from = (index: number, minute: number) =>
      take({ ...use, clientAddress: `10.0.${String(index)}.1`, time: at(minute) });
    const told = Array.from({ length: 50 }, (_, index) => from(index, index)).flat();
    const networks = told.filter(({ type }) => type === 'key.new_network');
    expect(networks).toHaveLength(20);
    expect(networks.map(({ data }) => data['isLimitReached'] === true).indexOf(true)).toBe(19);
    expect(describeAlert(networks[19] as WaitingAlert)).toMatch(/this hour are not told$/);
    const other = { ...use, actor: { ...key, accessKeyId: 'B'.repeat(20) }, time: at(51) };
    expect(types(take(other))).toEqual(['key.new_network', 'key.new_command']);
    expect(types(take({ ...use, command: 'v-list-users', time: at(52) }))).toEqual(['key.new_command']);
    const [next] = from(60, 60);
    expect(next?.data['untold']).toBe(31);
    expect(describeAlert(next as WaitingAlert)).toMatch(/31 more of these were not told before$/);
    expect(from(61, 61)[0]?.data['untold']).toBeUndefined();
    // The clock goes back.
    expect(from(62, -1000)).toHaveLength(1);
  });

  it('learns for a week where the record is new, but for keys that were made in it', () => {
    const began = '2026-01-30T12:00:00.000Z';
    const take = reader(3, new Set(alertTypes), began);
    expect(take(use)).toEqual([]);
    const made = { ...key, accessKeyId: 'B'.repeat(20) };
    take(change({ accessKeyId: made.accessKeyId, user: 'alice', made: 'yes' }));
    expect(take({ ...use, actor: made })[0]?.data['isFirstUse']).toBe(true);
    expect(take({ ...use, clientAddress: '192.0.3.9' })).toEqual([]);
    const later = { ...use, time: '2026-02-06T12:00:00.000Z' };
    expect(take({ ...later, clientAddress: '192.0.3.77' })).toEqual([]);
    expect(take({ ...later, clientAddress: '192.0.4.9' })[0]?.data['isFirstUse']).toBeUndefined();
  });

  it('counts no question about a key as a use or a denial of it', () => {
    const take = reader(2);
    expect(take({ ...use, addressClaimedBy: 'operator' })).toEqual([]);
    const denied = {
      ...use,
      outcome: 'deny',
      reason: 'permission_missing',
      addressClaimedBy: 'eve',
    } as const;
    expect([1, 2, 3].flatMap(() => take(denied))).toEqual([]);
    expect(take(use)).toHaveLength(2);
    const gateway = { ...use, addressClaimedBy: '127.0.0.1', clientAddress: '198.51.100.7' };
    expect(take(gateway)[0]?.data).toMatchObject({
      network: '198.51.100.0/24',
      addressClaimedBy: '127.0.0.1',
    });
  });

  it('tells of many denials, once for a key and its address together, and of none that are our own fault', () => {
    const take = reader(3);
    const denied = { ...use, outcome: 'deny', reason: 'permission_missing' } as const;
    expect([take(denied), take({ ...denied, reason: 'store_unavailable' }), take(denied)].flat()).toEqual([]);
    const [burst] = take(denied);
    expect(burst).toMatchObject({
      type: 'denials.burst',
      data: { of: 'both', denials: 3, withinSeconds: 60, reason: 'permission_missing', accessKeyId: id },
    });
    expect(take(denied)).toEqual([]);
    const guess = {
      ...denied,
      actor: { kind: 'access_key', accessKeyId: 'Inn***(20)' },
      count: 500,
    } as const;
    expect(take({ ...guess, clientAddress: '198.51.100.7' })[0]?.data).toMatchObject({
      of: 'address',
      denials: 500,
    });
    expect(take({ ...guess, clientAddress: '*' })[0]?.data).toMatchObject({ of: 'addresses' });
    const of6 = (last: string) => take({ ...guess, count: 1, clientAddress: `2001:db8:1:2::${last}` });
    expect([of6('1'), of6('2')].flat()).toEqual([]);
    expect(of6('ffff')[0]?.data).toMatchObject({ of: 'address', clientAddress: '2001:db8:1:2::ffff' });
  });

  it('tells 20 bursts of addresses within an hour, and of each key', () => {
    const take = reader(2);
    const denied = { ...use, outcome: 'deny', reason: 'permission_missing', count: 2 } as const;
    const flood = { kind: 'access_key', accessKeyId: '*' } as const;
    const from = (index: number) =>
      take({ ...denied, actor: flood, clientAddress: `10.0.0.${String(index)}` });
    const told = Array.from({ length: 100 }, (_, index) => from(index)).flat();
    expect(told).toHaveLength(20);
    expect(told.at(-1)?.data).toMatchObject({ of: 'address', isLimitReached: true });
    expect(take({ ...denied, clientAddress: '10.0.1.1' })[0]?.data['of']).toBe('both');
  });

  it('tells of a burst again at once when the clock has gone back, and keeps keys apart from addresses', () => {
    const denied = { ...use, outcome: 'deny', reason: 'permission_missing' } as const;
    const before = { ...denied, time: '2026-01-01T00:00:00.000Z' };
    const back = reader(2);
    expect([denied, denied, before, before].map((event) => back(event).length)).toEqual([0, 1, 0, 1]);
    const take = reader(2);
    take(denied);
    const flood = { kind: 'access_key', accessKeyId: '*' } as const;
    for (let index = 0; index < 12_000; index++) {
      const clientAddress = `10.${String(index >> 8)}.${String(index & 255)}.1`;
      take({ ...denied, actor: flood, clientAddress });
    }
    expect(take({ ...denied, clientAddress: '10.200.0.1' })[0]?.data['of']).toBe('key');
  });

  it('refuses a line that is no event', () => {
    const finder = new AlertFinder({ chain: 'c', types: new Set(alertTypes), denials: 3 });
    for (const line of ['{"seq":1,"id":', '{"seq":1,"type":"decision","outcome":"deny"}'])
      expect(() => finder.take({ number: 1, line })).toThrow();
  });

  it.each([
    ['replaced_secret_used', 'key.replaced_secret_used'],
    ['canary_used', 'key.canary_used'],
    ['new_finding', 'doctor.finding'],
    ['changed_outside', 'store.changed_outside'],
    ['node_key_changed', 'node.audit_key_changed'],
  ])('tells of the recorded alert %s', (name, type) => {
    expect(types(reader()(alert(name, { table: 'users' })))).toEqual([type]);
  });

  it('tells of the end of a key 7 days and 1 day before, and not of the longer notice in the record', () => {
    const target = { accessKeyId: id, user: 'alice', expires: '2026-02-07T12:00:00.000Z' };
    expect(reader()(alert('key_expires_soon', target))).toEqual([]);
    expect(types(reader()(alert('key_expires_soon', { ...target, notice: '7d' })))).toEqual([
      'key.ends_soon',
    ]);
  });

  it('tells only of the types that are asked for, gives the same event the same ID, and names no results', () => {
    const only = reader(3, new Set(['key.new_command'] as const));
    expect(types(only(use))).toEqual(['key.new_command']);
    expect(reader()(use).map((each) => each.id)).toEqual(reader()(use).map((each) => each.id));
    expect(new Set(reader()(use).map((each) => each.id)).size).toBe(2);
    expect(reader()({ ...use, type: 'result', outcome: 'done' })).toEqual([]);
  });
});

it('networks of clients are a /24 of IPv4 and a /64 of IPv6', () => {
  expect(['192.0.2.9', '2001:db8:1:2:3::9', '::ffff:192.0.2.9', ''].map(networkOfClient)).toEqual([
    ...['192.0.2.0/24', '2001:db8:1:2::/64', '192.0.2.0/24', undefined],
  ]);
});

it('every type of alert has a sentence', () => {
  const data = { chain: 'c', event: 1, accessKeyId: id, user: 'alice', subject: 'disk', problem: 'full' };
  for (const type of alertTypes)
    expect(describeAlert({ id: '', type, timestamp: '', data })).toMatch(/\w{3}/);
});

it('of what is remembered, the half of what fits that was used last is never forgotten, and not more is kept', () => {
  const uses = fc.array(fc.nat(30), { maxLength: 100, size: 'max' });
  fc.assert(
    fc.property(uses, fc.integer({ min: 2, max: 20 }), (keys, most) => {
      const map = new RecentMap<number>(most);
      let recent: number[] = [];
      for (const each of keys) {
        const isRecent = recent.slice(-Math.floor(most / 2)).includes(each);
        const value = map.use(String(each));
        if (isRecent) expect(value).toBe(each);
        if (value === undefined) map.set(String(each), each);
        recent = [...recent.filter((other) => other !== each), each];
        expect(map.size).toBeLessThanOrEqual(most);
      }
    }),
  );
});
