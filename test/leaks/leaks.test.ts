import { expect, it } from '@jest/globals';
import { describeWith } from '../support/programs.js';
import { findPlanted } from './find-planted.js';

describeWith('git', 'zip')('secrets laid in files, archives and histories', () => {
  it('are all found, each at its line, and nothing else is', async () => {
    const { found, missed, false: others } = await findPlanted(30, 10e6, 17);
    expect({ found, missed, others }).toEqual({ found: 30, missed: [], others: [] });
  });
});
