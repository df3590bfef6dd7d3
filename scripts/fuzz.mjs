// npm run fuzz -- [--inputs N] [--seed S]: generated requests to every operation of REST v1, N to each, with a line for
// each operation: how many, and how they were answered. Ends with 1 where an answer is not as the document says.
import { parseArgs } from 'node:util';
import { ownEnvironment } from './lib/own-environment.mjs';
import { prepare } from './lib/prepare.mjs';
import { inPackage, runVisibly } from './lib/run.mjs';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    adapter: { type: 'string', default: 'rest-v1' },
  },
});
if (values.adapter !== 'rest-v1' || !/^[1-9]\d{0,6}$/.test(values.inputs) || !/^\d{1,9}$/.test(values.seed)) {
  console.error('npm run fuzz -- [--inputs N] [--seed S] [--adapter rest-v1]');
  process.exit(1);
}
await prepare({ build: false });
console.log(`rest-v1, ${values.inputs} inputs for each operation, seed ${values.seed}`);
const jest = [process.execPath, '--experimental-vm-modules', '--no-warnings', inPackage('jest/bin/jest.js')];
process.exitCode = await runVisibly(
  [...jest, 'test/administration/generated.test.ts', '--testTimeout=7200000'],
  {
    ...ownEnvironment(),
    HK_FUZZ_INPUTS: values.inputs,
    HK_FUZZ_SEED: values.seed,
  },
);
