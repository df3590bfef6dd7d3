import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { guards, search, wholeProtocol } from './search.js';

const describeModel = describeWith('spin', 'gcc');

/** A search is as long as its states are many; beside other work it has a part of a processor. */
const searchLimitMs = 3_600_000;

/** `npm run model` searches all orders. */
describeModel('the protocol of docs/adr/0004, in a million orders of its steps', () => {
  it.each(wholeProtocol)(
    'holds with $what',
    async (one) => {
      const { isBroken, states } = await search({ ...one, atMost: 'a million states' }, temporaryFolder());
      expect(isBroken).toBe(false);
      expect(states).toBeGreaterThan(900_000);
    },
    searchLimitMs,
  );
});

describeModel('a counterexample is found', () => {
  it.each(guards)('without $guard', async (one) => {
    expect((await search(one, temporaryFolder())).isBroken).toBe(true);
  });
});
