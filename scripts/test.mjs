// npm test: makes the tree ready, then runs Jest. Arguments go to Jest: npm test -- src/keys
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

/** Ends with Jest's own exit code. */
async function test(args) {
  const { prepare } = await import('./lib/prepare.mjs');
  const { inPackage, root, runVisibly } = await import('./lib/run.mjs');
  const { ownEnvironment } = await import('./lib/own-environment.mjs');
  const servers = join(root, 'scripts', 'install-test-servers.sh');
  // Both wait for downloads.
  await Promise.all([prepare({ packages: true }), existsSync(servers) && runVisibly([servers])]);
  const jest = [inPackage('jest/bin/jest.js'), ...args];
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim();
  const environment = { ...ownEnvironment(), NODE_OPTIONS: nodeOptions };
  process.exitCode = await runVisibly([process.execPath, ...jest], environment);
}

test(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
