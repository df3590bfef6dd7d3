import { describe, expect, it } from '@jest/globals';
import { itemsOf, sameAddresses } from './allowed-addresses.js';
import type { AuditEvent } from './audit.js';
import { effectProblem } from './effects.js';
import { Bindings } from './placeholders.js';
import { type KeyFacts, type Settings, Snapshot } from './snapshot.js';

const id = 'A1b2C3d4E5f6G7h8I9j0';
const key: KeyFacts = { user: 'alice', permissions: ['mail-accounts'], comment: 'a  b' };
const created = [
  "SECRET_ACCESS_KEY='{SECRET}'",
  "USER='alice'",
  "PERMISSIONS='mail-accounts'",
  "COMMENT='a b'",
  "IP=''",
];
const settings: Settings = { API: 'yes', API_SYSTEM: '2', API_ALLOWED_IP: '10.0.0.1' };

function withKeys(keys: Record<string, KeyFacts>, legacy: string[] = []): Snapshot {
  return new Snapshot(new Map(Object.entries(keys)), legacy);
}

function withSettings(changes: Partial<Settings> = {}): Snapshot {
  return new Snapshot(undefined, undefined, { ...settings, ...changes });
}

function withEvents(...outcomes: [string, string][]): Snapshot {
  const events = outcomes.map(([name, outcome], index): AuditEvent => {
    return { id: String(index), type: 'decision', outcome, key: name, command: 'v-x', code: 0 };
  });
  return new Snapshot(undefined, undefined, undefined, events);
}

describe('recorded keys', () => {
  const effects = { 'data/access-keys/{ACCESS_KEY_ID}': { created } };
  const problem = (after: Snapshot, recorded: object = effects) =>
    effectProblem('keys', recorded as typeof effects, withKeys({}), after, new Bindings());

  it('are compared with user, permissions and comment, runs of blanks folded', () => {
    expect(problem(withKeys({ [id]: key }))).toBeUndefined();
    expect(problem(withKeys({ [id]: { ...key, user: 'admin' } }))).toContain('USER=admin');
    expect(problem(withKeys({ [id]: { ...key, permissions: [] } }))).toContain('keys:');
    expect(problem(withKeys({ [id]: { ...key, comment: 'c' } }))).toContain('keys:');
  });

  it('are missed where none was made, and found where one was made that should not be', () => {
    expect(problem(withKeys({}))).toContain('seen no change');
    expect(problem(withKeys({ [id]: key }), {})).toContain('expected no change');
  });

  it('count when deleted, and legacy keys count as well', () => {
    const gone = { [`data/access-keys/${id}`]: { deleted: true } };
    const before = withKeys({ [id]: key }, ['k1']);
    expect(effectProblem('keys', gone, before, withKeys({}, ['k1']), new Bindings())).toBeUndefined();
    expect(effectProblem('keys', gone, before, withKeys({}, []), new Bindings())).toContain(
      'legacy keys deleted: 1',
    );
    expect(problem(withKeys({}, ['k2']), { 'data/keys/{API_KEY}': { created: [] } })).toBeUndefined();
  });
});

describe('recorded settings', () => {
  const changed = { 'conf/hestia.conf': { changed: { API: { from: "'yes'", to: "'no'" } } } };

  it('are compared afterwards; no recorded line means unchanged', () => {
    const check = (after: Snapshot, effects: object) =>
      effectProblem('settings', effects as typeof changed, withSettings(), after, new Bindings());
    expect(check(withSettings({ API: 'no' }), changed)).toBeUndefined();
    expect(check(withSettings(), changed)).toContain('settings:');
    expect(check(withSettings({ API: 'no' }), {})).toContain('settings:');
  });

  it('have address lists compared as sets of addresses in their shortest form', () => {
    expect(sameAddresses('10.0.0.1, 2001:DB8:0::1,,', '2001:db8::1,::ffff:10.0.0.1')).toBe(true);
    expect(sameAddresses('10.0.0.1', '10.0.0.2')).toBe(false);
    expect(sameAddresses('10.0.0.1', '')).toBe(false);
    expect(itemsOf('allow-all, 10.0.0.0/8 ,10.0.0.1/32,garbage')).toEqual([
      'allow-all',
      '10.0.0.0/8',
      '10.0.0.1',
      'garbage',
    ]);
  });
});

describe('the recorded decision', () => {
  const effects = { 'log/auth.log': { appended: ['{DATE} {TIME} KEY 127.0.0.1 failed to login'] } };
  const problem = (after: Snapshot) =>
    effectProblem('auth_log', effects, withEvents(), after, new Bindings());

  it('has to be the newest one for that key in the audit', () => {
    expect(problem(withEvents(['KEY', 'deny']))).toBeUndefined();
    expect(problem(withEvents(['KEY', 'deny'], ['OTHER', 'allow']))).toBeUndefined();
    expect(problem(withEvents(['KEY', 'deny'], ['KEY', 'allow']))).toContain('seen allow');
    expect(problem(withEvents())).toContain('seen none');
  });
});
