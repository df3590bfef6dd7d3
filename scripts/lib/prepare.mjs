import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildHash, isBuilt, isInstalled, stampBuild, stampInstall } from './stamps.mjs';
import { withLock } from './lock.mjs';
import { requireSupportedNode } from './node-version.mjs';
import { inPackage, npm, root, runQuietly } from './run.mjs';

/**
 * Makes a fresh clone ready to run: dependencies as in the lock file, and (unless `build` is false) a build
 * of the sources as they are. Does nothing where both are so already, which takes some milliseconds and
 * works on a read-only tree. Ends the process with exit code 1 where a step fails.
 */
export async function prepare({ build = true } = {}) {
  requireSupportedNode();
  const isReady = () => isInstalled() && (!build || isBuilt());
  if (isReady()) return;
  const isDone = await withLock(join(root, '.prepare.lock'), sayWaiting, async () => {
    if (!isInstalled() && !(await install())) return false;
    return !build || isBuilt() || (await compile());
  });
  if (!isDone) process.exit(1);
}

async function install() {
  const isFirst = !existsSync(join(root, 'node_modules'));
  console.error(`Installing dependencies${isFirst ? ' (first run)' : ''} …`);
  // The build needs the development tools, whatever NODE_ENV says.
  const isDone = await succeeds(npm('ci', '--include=dev', '--no-audit', '--no-fund'));
  if (isDone) stampInstall();
  return isDone;
}

async function compile() {
  console.error('Building …');
  // Taken first: a source saved while the compiler runs makes the next start build again.
  const hash = buildHash();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const isDone = await succeeds([process.execPath, inPackage('@nestjs/cli/bin/nest.js'), 'build']);
  if (isDone) stampBuild(hash);
  return isDone;
}

async function succeeds(command) {
  const { code, output } = await runQuietly(command);
  if (code === 0) return true;
  console.error(`${output}That failed (exit code ${code}).`);
  return false;
}

function sayWaiting(pid) {
  console.error(`Waiting for process ${pid}, which installs or builds here (.prepare.lock) …`);
}
