import { expect, it } from '@jest/globals';
import { compareTrials } from './compare.js';

it('a trial changes no decision, and says what enforcing it denies', async () => {
  const count = Number(process.env['TRIAL_DECISIONS'] ?? 20_000);
  const { differences, verdicts, denials } = await compareTrials(count, 17);
  expect(differences).toEqual([]);
  expect(verdicts).toBeGreaterThan(count / 20);
  // Each way to be denied by what can be tried is among them.
  expect([...denials.keys()]).toEqual(
    expect.arrayContaining([
      ...['permission_missing', 'address_not_allowed_for_key', 'rate_limited', 'argument_not_allowed'],
      ...['user_argument_undefined', 'root_user_protected'],
    ]),
  );
}, 600_000);
