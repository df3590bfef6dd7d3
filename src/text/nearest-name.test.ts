import { describe, expect, it } from '@jest/globals';
import { didYouMean, nearestName } from './nearest-name.js';

const names = ['v-list-users', 'v-list-user', 'v-add-user', 'expires', 'weak'];

describe('the name that was meant', () => {
  it.each([
    ['v-lst-users', 'v-list-users'],
    ['v-list-usres', 'v-list-users'],
    ['v-list-userss', 'v-list-users'],
    ['V-ADD-USER', 'v-add-user'],
    ['expire', 'expires'],
    ['week', 'weak'],
    ['v-list-user', 'v-list-user'],
  ])('%s is nearest to %s', (typed, name) => {
    expect(nearestName(typed, names)).toBe(name);
  });

  it.each(['', 'x', 'v', 'v-delete-everything', 'v-list-users'.repeat(10_000)])(
    '%.20s is near none',
    (typed) => {
      expect(nearestName(typed, names)).toBeUndefined();
      expect(didYouMean(typed, names)).toBe('');
    },
  );

  it('is asked about in an error', () => {
    expect(didYouMean('wek', names)).toBe('; did you mean weak?');
  });
});
