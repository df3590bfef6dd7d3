import { describe, expect, it } from '@jest/globals';
import { ocsfFormat } from './ocsf.js';
import { jsonFormat, type RecordedEvent } from './sink.js';
import { syslogFrame } from './syslog-message.js';
import { linkLocalProblem } from './receiver-address.js';

const hash = 'a'.repeat(64);
const time = '2026-01-31T12:00:00.123Z';

function recorded(members: Record<string, unknown>, number = 7): RecordedEvent {
  return { number, line: JSON.stringify({ seq: number, id: 'i-1', time, ...members, hash }) };
}

const denied = recorded({
  ...{ type: 'decision', outcome: 'deny', reason: 'permission_missing', code: 10 },
  ...{ actor: { kind: 'access_key', accessKeyId: 'K'.repeat(20), user: 'alice' } },
  ...{ clientAddress: '192.0.2.7', command: 'v-delete-user', args: ['bob', 'zażółć'] },
});

describe('an event as JSON', () => {
  it('is the line of the record, byte by byte, with its chain before it', () => {
    expect(jsonFormat('c1')(denied)).toBe(`{"chain":"c1",${denied.line.slice(1)}`);
  });
});

describe('an event as a message of syslog', () => {
  it('is a frame of RFC 6587 round a message of RFC 5424, counted in octets', () => {
    const frame = syslogFrame(denied, jsonFormat('c1'));
    const [, length, message = ''] = /^(\d+) (.*)$/s.exec(frame) ?? [];
    expect(Number(length)).toBe(Buffer.byteLength(message));
    const form =
      /^<109>1 2026-01-31T12:00:00\.123Z [\x21-\x7e]{1,255} hearthkey \d+ decision \[origin software="hearthkey" swVersion="[^"]+"\] (\{.*\})$/;
    expect(form.exec(message)?.[1]).toBe(jsonFormat('c1')(denied));
  });

  it.each([
    ['decision', 'allow', 110],
    ['decision', 'deny', 109],
    ['result', 'failed', 108],
    ['alert', 'done', 108],
  ])('of %s with %s has priority %d', (type, outcome, priority) => {
    expect(syslogFrame(recorded({ type, outcome }), jsonFormat('c'))).toContain(` <${String(priority)}>1 `);
  });
});

describe('an event as OCSF', () => {
  const map = (event: RecordedEvent) => JSON.parse(ocsfFormat('c1')(event)) as Record<string, unknown>;

  it('is API Activity for what was asked, with what happened to it', () => {
    expect(map(denied)).toEqual({
      ...{ category_uid: 6, class_uid: 6003, activity_id: 4, type_uid: 600_304, time: Date.parse(time) },
      ...{ severity_id: 2, status_id: 2, status: 'Failure', status_code: '10' },
      status_detail: 'permission_missing',
      actor: { user: { name: 'alice', credential_uid: 'K'.repeat(20) }, invoked_by: 'access_key' },
      api: { operation: 'v-delete-user', service: { name: 'hearthkey' }, request: { uid: 'i-1' } },
      src_endpoint: { ip: '192.0.2.7' },
      metadata: {
        ...{ version: '1.3.0', uid: 'c1:7', sequence: 7, log_name: 'audit', event_code: 'decision' },
        product: { name: 'Hearthkey', vendor_name: 'Hearthkey', version: expect.any(String) },
      },
      unmapped: { chain: 'c1', id: 'i-1', hash, outcome: 'deny', args: ['bob', 'zażółć'] },
    });
  });

  it('is Authentication for logins and for identities that were not proved', () => {
    const login = recorded({
      ...{ type: 'decision', outcome: 'allow', command: 'log-in', clientAddress: '2001:db8::1' },
      actor: { kind: 'session', user: 'alice', sessionId: 's', method: 'passkey' },
    });
    expect(map(login)).toMatchObject({
      ...{ category_uid: 3, class_uid: 3002, activity_id: 1, type_uid: 300_201, status_id: 1 },
      ...{ user: { name: 'alice' }, service: { name: 'hearthkey' }, is_remote: true },
    });
    const failed = recorded({
      ...{ type: 'decision', outcome: 'deny', reason: 'key_unknown', code: 9, count: 12 },
      ...{ command: 'v-list-users', actor: { kind: 'access_key', accessKeyId: 'ABC***' } },
    });
    expect(map(failed)).toMatchObject({ class_uid: 3002, status_id: 2, user: { name: 'ABC***' }, count: 12 });
  });

  it.each([
    ['v-add-access-key', 1],
    ['v-list-users', 2],
    ['v-change-user-password', 3],
    ['v-revoke-api-key', 4],
    ['v-shrug', 99],
  ])('tells what %s does', (command, activity) => {
    const event = recorded({ type: 'change', outcome: 'done', actor: { kind: 'operator' }, command });
    expect(map(event)).toMatchObject({ activity_id: activity, type_uid: 600_300 + activity });
  });
});

describe('the name of a receiver', () => {
  it.each(['169.254.169.254', 'fe80::1', '::ffff:169.254.1.1', 'fd00:ec2::254', '100.100.100.200'])(
    'must not lead to %s',
    (address) => {
      expect(linkLocalProblem('name.example', ['192.0.2.1', address])).toBeInstanceOf(Error);
    },
  );

  it('may lead to this machine and to any network of the operator', () => {
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', 'fd12::1'])
      expect(linkLocalProblem('name.example', [address])).toBeUndefined();
  });
});
