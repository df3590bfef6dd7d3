/** Before all tests, however Jest was started: its processes inherit nothing of an operator's settings. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownEnvironment } from '../../scripts/lib/own-environment.mjs';

export default function withoutSettings() {
  const own = ownEnvironment();
  for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name];
  // What is made once for all test files of this run, by the first that needs it.
  Object.assign(process.env, own, { TEST_TEMPLATES: mkdtempSync(join(tmpdir(), 'hk-templates-')) });
}
