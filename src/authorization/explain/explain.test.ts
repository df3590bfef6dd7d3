import { describe, expect, it } from '@jest/globals';
import { compareMany } from '../../../test/explain/disagreements.js';

describe('a decision and its explanation', () => {
  it('have the verdict and the reason that the documents give, whatever the facts are', () => {
    expect(compareMany(5000, Date.now() % 1_000_000).disagreements).toEqual([]);
  });
});
