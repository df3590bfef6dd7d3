import { expect, it } from '@jest/globals';
import type { AuditEvent } from '../../audit/audit-event.js';
import type { AccessKey } from '../../keys/access-key.js';
import { TrialTally } from './trial-tally.js';

const sinceMs = Date.parse('2026-11-28T12:00:00.000Z');
const since = '2026-11-28T12:00:00.000Z';
const [own, maker] = ['A'.repeat(20), 'B'.repeat(20)];
const keyOf = (id: string) => ({ id, trial: { sinceMs, by: '' } }) as unknown as AccessKey;
const lineOf = (trial: NonNullable<AuditEvent['trial']>, more: Partial<AuditEvent> = {}): string =>
  JSON.stringify({
    ...{ id: 'i', time: '2026-11-28T13:00:00.000Z', type: 'decision', outcome: 'allow' },
    ...{ actor: { kind: 'access_key', accessKeyId: own, user: 'alice' }, command: 'v-list-user' },
    ...{ trial, ...more },
  });
const counted = (...lines: string[]) => {
  const tally = new TrialTally([keyOf(own), keyOf(maker)]);
  for (const line of lines) tally.add(line);
  return Object.fromEntries(
    tally.reports().map(({ key, decisions, denied }) => [key.id, { decisions, denied }]),
  );
};
const nothing = { decisions: 0, denied: 0 };

it('counts the beginning of a trial alone as an allowance by the trial of the key itself', () => {
  expect(counted(lineOf([since]))).toEqual({ [own]: { decisions: 1, denied: 0 }, [maker]: nothing });
});

it('counts verdicts in full, as lines had them of every request before', () => {
  const lines = [
    lineOf([{ accessKeyId: own, since }]),
    lineOf([since, { accessKeyId: maker, since, wouldDeny: 'permission_missing' }]),
  ];
  expect(counted(...lines)).toEqual({
    [own]: { decisions: 2, denied: 0 },
    [maker]: { decisions: 1, denied: 1 },
  });
});

it('counts no other trial, no other event, and no text that looks like a verdict', () => {
  const another = '2026-11-28T11:59:59.999Z';
  const lines = [
    lineOf([another, { accessKeyId: maker, since: another }]),
    lineOf([since], { type: 'result' }),
    lineOf([], { args: [`"trial":["${since}"]`] }),
  ];
  expect(counted(...lines)).toEqual({ [own]: nothing, [maker]: nothing });
});
