// npm run check: all that can be told without running the service. One line for each step; ends with 1 where
// one failed, after showing what it wrote. Two steps run at a time, in this order.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { inPackage, npm, root, runQuietly } from './lib/run.mjs';

const node = (file, ...args) => [process.execPath, file, ...args];

/** Files that have not changed since they were found in order are not looked at again. */
const cached = ['--cache', '--cache-strategy', 'content'];

const steps = {
  // The longest first.
  format: () => runQuietly(node(inPackage('prettier/bin/prettier.cjs'), '--check', ...cached, '.')),
  // Types too (.oxlintrc.json).
  lint: () => runQuietly(node(inPackage('oxlint/bin/oxlint'))),
  imports: () =>
    runQuietly(node(inPackage('dependency-cruiser/bin/dependency-cruise.mjs'), 'src', 'packages')),
  audit: auditDependencies,
  bin: () => ifThere('dist/commands/builtin-commands.js', 'scripts/make-bin.mjs', '--check'),
  openapi: () => ifThere('dist/http/openapi/openapi.js', 'scripts/openapi.mjs', '--check'),
  docs: () =>
    runQuietly(node('--experimental-vm-modules', inPackage('jest/bin/jest.js'), 'test/docs.test.ts')),
};

/** Known holes in what the service runs on. Not being able to ask is no reason to fail. */
async function auditDependencies() {
  const result = await runQuietly(npm('audit', '--omit=dev', '--json'));
  if (result.code === 0) return result;
  const report = parse(result.stdout);
  if (report?.metadata?.vulnerabilities) return result;
  return { skipped: 'the advisory service cannot be reached' };
}

function ifThere(needed, script, ...args) {
  if (!existsSync(join(root, needed))) return { skipped: `there is no ${needed}` };
  return runQuietly(node(join(root, script), ...args));
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** True unless the step failed. */
async function take(name, step) {
  const startedAt = performance.now();
  const { code, output, skipped } = await step();
  const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const verdict = skipped ? `skipped: ${skipped}` : code === 0 ? `ok      ${seconds}` : `FAILED  ${seconds}`;
  console.log(`${name.padEnd(8)} ${verdict}`);
  if (skipped || code === 0) return true;
  console.log(`${output.trimEnd()}\n`);
  return false;
}

await prepare({ build: false });
let failed = 0;
const waiting = Object.entries(steps);
const runLane = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) if (!(await take(...next))) failed += 1;
};
await Promise.all([runLane(), runLane()]);
console.log(failed === 0 ? 'All is well.' : `${failed} of ${Object.keys(steps).length} failed.`);
process.exitCode = failed === 0 ? 0 : 1;
