import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/folders.js';
import { describeWith } from '../support/programs.js';
import { guards, search, wholeProtocol } from './search.js';

const describeModel = describeWith('spin', 'gcc');

/** A search is as long as its states are many; beside other work it has a part of a processor. */
const searchLimitMs = 3_600_000;

describeModel('the protocol of docs/adr/0004, in every order of its steps', () => {
  it.each(wholeProtocol)(
    'holds with $what',
    async (one) => {
      expect((await search(one, temporaryFolder())).isBroken).toBe(false);
    },
    searchLimitMs,
  );
});

describeModel('a counterexample is found', () => {
  it.each(guards)(
    'without $guard',
    async (one) => {
      expect((await search(one, temporaryFolder())).isBroken).toBe(true);
    },
    searchLimitMs,
  );
});
