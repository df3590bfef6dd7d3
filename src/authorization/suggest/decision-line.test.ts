import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NewAuditEvent } from '../../audit/audit-event.js';
import { eventJson } from '../../audit/event-json.js';
import { readDecision } from './decision-line.js';

const id = 'A'.repeat(20);
const time = '2026-01-31T12:00:00.123Z';
const word = fc.oneof(
  fc.string(),
  fc.constantFrom('v-list-user', '","type":"decision","outcome":"allow', '192.0.2.1'),
);
const event: fc.Arbitrary<NewAuditEvent> = fc
  .record(
    {
      type: fc.constantFrom('decision', 'result', 'change' as const),
      outcome: fc.constantFrom('allow', 'deny' as const),
      actor: fc.oneof(
        fc.record({
          kind: fc.constant('access_key' as const),
          accessKeyId: fc.constantFrom(id, 'Sup***(12)'),
          user: word,
        }),
        fc.constant({ kind: 'access_key' as const, accessKeyId: id }),
        fc.constant({ kind: 'session' as const, user: 'alice' }),
      ),
      clientAddress: word,
      addressClaimedBy: word,
      command: word,
      reason: fc.constant('permission_missing' as const),
      args: fc.array(word, { maxLength: 3 }),
      target: fc.constant({ command: 'x' }),
    },
    { requiredKeys: ['type', 'outcome', 'actor'] },
  )
  .map((made) => made as NewAuditEvent);

it('is read from its line as it was recorded, whatever a client has sent', () => {
  fc.assert(
    fc.property(event, (recorded) => {
      const line = `{"seq":7,${eventJson(recorded, 'some-id', time).slice(1, -1)},"mac":"00"}`;
      const { type, actor, outcome, clientAddress = '', command = '', reason = '' } = recorded;
      const isMeant = type === 'decision' && actor.kind === 'access_key' && actor.user !== undefined;
      const { accessKeyId = '' } = actor.kind === 'access_key' ? actor : {};
      const wanted = {
        accessKeyId,
        timeMs: Date.parse(time),
        isAllowed: outcome === 'allow',
        clientAddress,
        command,
        reason,
      };
      expect(readDecision(line)).toEqual(isMeant ? wanted : undefined);
    }),
    { numRuns: 2000 },
  );
});
