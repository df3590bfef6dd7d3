// node scripts/run.mjs NAME args…: makes the tree ready, then runs the harness NAME/run.ts or
// test/NAME/run.ts, straight from its TypeScript.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

/** Ends with the harness's own exit code. */
async function run(name, args) {
  const { prepare } = await import('./lib/prepare.mjs');
  const { root, runVisibly } = await import('./lib/run.mjs');
  const { ownEnvironment } = await import('./lib/own-environment.mjs');
  const file = [join(name, 'run.ts'), join('test', name, 'run.ts')].find((path) =>
    existsSync(join(root, path)),
  );
  if (file === undefined) {
    console.error(`There is no harness named "${name}".`);
    process.exitCode = 1;
    return;
  }
  await prepare({ packages: name === 'bench' });
  // As an option of this process only, not in NODE_OPTIONS: the service that a harness starts runs without it.
  process.exitCode = await runVisibly([process.execPath, '--import', 'tsx', file, ...args], ownEnvironment());
}

const [name = '', ...args] = process.argv.slice(2);
run(name, args).catch((error) => {
  console.error(error);
  process.exit(1);
});
