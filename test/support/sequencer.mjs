/** Starts the files that take longest first: at the end of a run the other workers would wait for them. */
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Jest orders by size where it has not run a file before, and these are shorter than they look. */
const longest = [
  ...[
    'test/packages/debian-package.test.ts',
    'test/model/settling.test.ts',
    'test/service/verify-audit.test.ts',
  ],
  ...[
    'test/service/import-at-scale.test.ts',
    'test/console/accessibility.test.ts',
    'test/service/setup.test.ts',
  ],
  ...['test/service/built.test.ts', 'test/service/interrupt.test.ts', 'test/service/setup-kinds.test.ts'],
  ...['test/scripts/demo.test.ts', 'test/service/redis-cluster.test.ts', 'test/packages/npm-archive.test.ts'],
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path, context }) => {
      const rank = longest.indexOf(relative(context.config.rootDir, path));
      return rank === -1 ? longest.length : rank;
    };
    return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
  }
}
