import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { installation } from '../../../test/support/folders.js';
import { denyText } from '../../authorization/deny-text.js';
import { denyReasons, type DenyReason } from '../../errors.js';
import { readUpstreamAnswer } from './upstream-answer.js';

interface RecordedCase {
  id: string;
  request: { body: string | null };
  response: { status: number; headers: Record<string, string | null>; body?: string };
}

const recorded = JSON.parse(
  readFileSync(join(installation, 'test/fixtures/conformance/http.open.json'), 'utf8'),
) as RecordedCase[];
const ownId = 'PANEL000000000000001';

/** How a recorded answer of the real panel is read by one who sent that request. */
function readRecorded({ request, response }: RecordedCase) {
  const fields = new URLSearchParams(request.body ?? '');
  const named = Object.entries(response.headers).map(([name, value]) => [
    name.toLowerCase(),
    value ?? undefined,
  ]);
  const headers = Object.fromEntries(named) as Record<string, string>;
  const id = fields.get('access_key') ?? ownId;
  return readUpstreamAnswer(
    { status: response.status, headers, body: response.body ?? '' },
    fields.get('cmd') ?? '',
    id,
  );
}

function read(code: string | undefined, body: string, status = 401) {
  const headers = {
    'content-type': 'text/html; charset=UTF-8',
    ...(code !== undefined && { 'hestia-exit-code': code }),
  };
  return readUpstreamAnswer({ status, headers, body }, 'v-list-users', ownId);
}

describe("what a command printed at the panel is its caller's", () => {
  it.each(
    recorded.filter(({ id }) => /^(?:exit-code|output)-/.test(id)).map((one) => [one.id, one] as const),
  )('as recorded: %s', (_id, one) => {
    const { 'Hestia-Exit-Code': code, 'Content-Type': type } = one.response.headers;
    if (!/^\d+$/.test(code ?? '')) return;
    expect(readRecorded(one)).toEqual({
      kind: 'result',
      result: {
        code: Number(code),
        output: one.response.body ?? '',
        outputType: type?.startsWith('application/json') === true ? 'json' : 'text',
      },
    });
  });

  it('whatever its exit code is, also one that a refusal has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.string(), (code, text) => {
        expect(read(String(code), `text: ${text}`)).toMatchObject({ kind: 'result', result: { code } });
      }),
    );
    expect(read('3', "Error: user alice doesn't exist")).toMatchObject({ kind: 'result' });
    expect(read('5', 'Error: user alice is suspended')).toMatchObject({ kind: 'result' });
    expect(read('9', 'Error: password is too short')).toMatchObject({ kind: 'result' });
    expect(read('10', 'Error: not the owner of the domain')).toMatchObject({ kind: 'result' });
  });
});

describe("a refusal of Hearthkey's own credential is never taken for the command's result", () => {
  it.each([
    ['auth-008', /access key/],
    ['auth-009', /access key/],
    ['auth-014', /access key/],
    ['auth-017', /access key/],
    ['auth-030', /access key/],
    ['auth-034', /owner/],
    ['auth-035', /owner/],
    ['auth-036', /permission/],
    ['auth-039', /permission/],
    ['ip-001', /v-add-sys-api-ip/],
    ['settings-001', /switched off/],
    ['settings-021', /switched off/],
    ['user-arg-002', /permission/],
  ])('as recorded: %s', (id, mend) => {
    const one = recorded.find((candidate) => candidate.id === id)!;
    expect(readRecorded(one)).toEqual({ kind: 'refused', mend: expect.stringMatching(mend) });
  });

  it('where the panel is a Hearthkey: each reason is known', () => {
    const others: Partial<Record<DenyReason, string>> = {
      command_unknown: 'no_such_command',
      // These are about the moment, not about the credential; the client is told what the panel says.
      ...{
        audit_unavailable: 'result',
        overloaded: 'result',
        store_unavailable: 'result',
        read_only: 'result',
      },
      // These can't come back: what is sent is well-formed.
      ...{ address_malformed: 'result', command_missing: 'result', command_malformed: 'result' },
      ...{ request_malformed: 'result', request_too_large: 'result' },
      // These are about people, who come with no access key.
      ...{ cross_site_request: 'result', panel_unavailable: 'result' },
      ...{ session_ended: 'result', sessions_disabled: 'result', passkey_cloned: 'result' },
    };
    for (const [reason, code] of Object.entries(denyReasons) as [DenyReason, number][]) {
      const denial = { outcome: 'deny', reason, code, user: 'admin' } as Parameters<typeof denyText>[0];
      const text = denyText(denial, { accessKeyId: ownId, command: 'v-list-users' });
      expect({ reason, kind: read(String(code), `Error: ${text}`).kind }).toEqual({
        reason,
        kind: others[reason] ?? 'refused',
      });
    }
  });

  it('nor is a sentence that is new, but about that very key', () => {
    expect(read('9', `Error: key ${ownId} has expired`)).toMatchObject({ kind: 'refused' });
    expect(read('10', `Error: key ${ownId} may not do that`)).toMatchObject({ kind: 'refused' });
  });

  it('nor shown in the log with what the panel wrote', () => {
    const reading = read('9', `Error: invalid access_key_id format :: ${ownId}\nforged line`);
    expect(JSON.stringify(reading)).not.toMatch(/forged|PANEL/);
  });
});

it('a command that the panel does not have is not available', () => {
  expect(read('10', 'Error: Command v-list-users not found').kind).toBe('no_such_command');
  expect(read('10', 'Error: Command v-other not found').kind).toBe('result');
});

describe('an answer without the exit code of a command is not understood', () => {
  it.each([undefined, '', '-1', '+1', ' 1', '1.0', '0x1', '256', '405', '1000', '0, 0', '٣'])(
    'such as %p',
    (code) => {
      expect(read(code, 'a page')).toMatchObject({
        kind: 'not_understood',
        why: expect.stringContaining('401'),
      });
    },
  );

  it('and the log says what it may be', () => {
    expect(read(undefined, '', 302)).toMatchObject({ why: expect.stringContaining('redirect') });
    expect(read(undefined, 'Error: Disabled', 200)).toMatchObject({
      why: expect.stringContaining('off'),
    });
    expect(read(undefined, '<html>', 502)).toMatchObject({ why: expect.stringContaining('502') });
  });
});
