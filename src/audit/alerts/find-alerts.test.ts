import { describe, expect, it } from '@jest/globals';
import { alertTypes } from '../../config/alert-types.js';
import type { AuditEvent } from '../audit-event.js';
import type { WaitingAlert } from './alert.js';
import { describeAlert } from './describe-alert.js';
import { AlertFinder, networkOfClient } from './find-alerts.js';

const id = 'InNqgp01kO3v0W22eg6Z';
const key = { kind: 'access_key', accessKeyId: id, user: 'alice' } as const;
const use: Partial<AuditEvent> = {
  ...{ type: 'decision', outcome: 'allow', actor: key, clientAddress: '192.0.2.9', command: 'v-list-dns' },
};

/** A finder, and what it finds in one event after the other. */
function reader(denials = 3, types = new Set(alertTypes)) {
  const finder = new AlertFinder({ chain: 'c'.repeat(32), types, denials });
  let number = 0;
  return (event: Partial<AuditEvent>): WaitingAlert[] => {
    number++;
    const whole = { seq: number, id: 'x', time: '2026-01-31T12:00:00.000Z', ...event };
    return finder.take({ number, line: JSON.stringify(whole) });
  };
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
    // Deleted, and made again by an import.
    take(change({ accessKeyId: id, user: 'alice' }, 'v-delete-access-key'));
    expect(take(use)).toHaveLength(2);
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
    expect(take({ ...guess, clientAddress: '*' })).toEqual([]);
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
