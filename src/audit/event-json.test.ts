import { expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { accessKeyIdPattern } from '../text/names.js';
import type { AuditEvent } from './audit-event.js';
import { eventJson } from './event-json.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const text = fc.oneof(
  fc.constantFrom(
    'alice',
    'v-list-users',
    '127.0.0.1',
    '',
    '"',
    '\\',
    '\n',
    '\u2028',
    '\0',
    '\ud800',
    'é',
    '…',
  ),
  fc.string({ maxLength: 150 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const actor = fc.oneof(
  fc.record(
    {
      kind: fc.constant('access_key'),
      accessKeyId: fc.oneof(text, fc.stringMatching(accessKeyIdPattern)),
      user: text,
    },
    { requiredKeys: ['kind', 'accessKeyId'] },
  ),
  fc.record({ kind: fc.constantFrom('legacy_key', 'password'), user: text }),
  fc.record({ kind: fc.constant('operator'), sudoUser: text }, { requiredKeys: ['kind'] }),
  fc.constant({ kind: 'service' }),
);
const event = fc.record(
  {
    id: text,
    time: text,
    type: fc.constantFrom('decision', 'result', 'change', 'note', 'alert'),
    outcome: fc.constantFrom('allow', 'deny', 'done', 'failed'),
    actor,
    clientAddress: text,
    addressClaimedBy: text,
    command: text,
    reason: text,
    code: fc.nat(20),
    args: fc.array(text, { maxLength: 4 }),
    trial: fc.array(
      fc.oneof(text, fc.record({ accessKeyId: text, since: text, wouldDeny: text }, { requiredKeys: [] })),
    ),
    target: fc.dictionary(text, text, { maxKeys: 2 }),
    note: text,
    alert: text,
    count: fc.nat(),
  },
  { requiredKeys: ['id', 'time', 'type', 'outcome', 'actor'] },
);

it('is what JSON.stringify makes of the event, for whatever is in it', () => {
  fc.assert(
    fc.property(event, (any) => {
      const made = any as unknown as AuditEvent;
      // Twice: the second time its texts are kept.
      for (const json of [eventJson(made, made.id, made.time), eventJson(made, made.id, made.time)])
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(made)));
    }),
    { numRuns: 2000 },
  );
});

it('forgets nothing when there are more texts than it keeps', () => {
  for (let index = 0; index < 20_000; index++) {
    const made: AuditEvent = {
      ...{ id: 'i', time: 't', type: 'decision', outcome: 'allow', actor: { kind: 'service' } },
      command: `"${String(index)}`,
    };
    expect(JSON.parse(eventJson(made, 'i', 't'))).toEqual(made);
  }
});

it('keeps no more of a longer text than the part that it was given', () => {
  const used = (): number => {
    gc();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  for (let index = 0; index < 100; index++) {
    const body = `user=${String(index).padStart(20, 'A')}&padding=${'x'.repeat(1_000_000)}`;
    const actor = { kind: 'password', user: body.slice('user='.length, 'user='.length + 20) } as const;
    eventJson({ type: 'decision', outcome: 'deny', actor, command: actor.user }, 'i', 't');
  }
  expect(used() - before).toBeLessThan(20_000_000);
});
