import { expect, it } from '@jest/globals';
import { whatRuns } from './what-runs.js';

it('an orderly stop says how many commands it waits for, and how long the longest has run', () => {
  expect(whatRuns([], 5000)).toBeUndefined();
  expect(whatRuns([2500], 5000)).toMatch(/^Waiting for 1 command, which has run for 2 s\. Ctrl-C once more /);
  expect(whatRuns([4000, 1000, 3000], 64_500)).toMatch(
    /^Waiting for 3 commands, the longest of which has run for 63 s\./,
  );
});
