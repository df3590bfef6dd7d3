import { describe, expect, it } from '@jest/globals';
import { compareMany } from '../../../test/explain/disagreements.js';

describe('an explanation', () => {
  it('has the verdict and the reason of the decision, whatever the facts are', () => {
    const { disagreements, met } = compareMany(5000, Date.now() % 1_000_000);
    expect(disagreements).toEqual([]);
    // Every reason that facts alone can give: none of them is left untried.
    const reasons = [...met.keys()].map((outcome) => outcome.split(' ')[0]);
    expect(reasons.sort()).toEqual([
      'address_not_allowed',
      'address_not_allowed_for_key',
      'allow',
      'api_disabled',
      'api_disabled_for_user',
      'command_malformed',
      'command_missing',
      'command_unknown',
      'key_expired',
      'key_suspended',
      'key_unknown',
      'permission_missing',
      'rate_limited',
      'read_only',
      'root_user_protected',
      'too_many_attempts',
      'user_argument_mismatch',
      'user_argument_undefined',
      'user_suspended',
      'user_unknown',
    ]);
  });
});
