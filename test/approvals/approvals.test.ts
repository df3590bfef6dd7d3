import { expect, it } from '@jest/globals';
import { tryApprovals } from './random-approvals.js';

it('nothing that widens the most counts without a second person, over any adapter', async () => {
  const steps = Number(process.env['HK_APPROVAL_STEPS'] ?? 250);
  const { problems, made, approved, asked, refused } = await tryApprovals(steps, 9);
  expect(problems).toEqual([]);
  expect(made).toBeGreaterThan(steps / 20);
  expect(approved).toBeGreaterThanOrEqual(made);
  // Each way to ask is among them, and each that may not approve was refused.
  expect(asked.size).toBe(11);
  expect([...refused.keys()]).toEqual(
    expect.arrayContaining(['key at /api/', 'legacy key at /api/', 'key at REST v1']),
  );
}, 600_000);
