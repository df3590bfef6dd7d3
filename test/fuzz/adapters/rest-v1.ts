/** Every operation of the OpenAPI document: its own tests generate the inputs, and compare each answer with the document. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installation } from '../../support/folders.js';
import { ownEnvironment } from '../../support/own-environment.js';

/** @param inputs - to each operation */
export async function searchRestV1(inputs: number, seed: number): Promise<boolean> {
  const jest = join(installation, 'node_modules/jest/bin/jest.js');
  const test = ['test/administration/generated.test.ts', '--testTimeout=7200000'];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...test], {
    cwd: installation,
    env: ownEnvironment({ HK_FUZZ_INPUTS: String(inputs), HK_FUZZ_SEED: String(seed) }),
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
