/** The environment of each test file: that of Jest, in a worker that ends at once when it has nothing left to do. */
import { TestEnvironment } from 'jest-environment-node';

export default TestEnvironment;

// Without this a worker gives back what a hundred test files have used, piece by piece. That takes longer than the half
// second after which Jest kills it and says that tests leak. A handle that is left open still keeps it from ending.
if (process.send !== undefined) process.once('beforeExit', () => process.exit());
