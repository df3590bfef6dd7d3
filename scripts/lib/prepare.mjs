import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { installPackages } from './install-packages.mjs';
import { buildHash, isBuilt, isInstalled, stampBuild, stampInstall, unstampBuild } from './stamps.mjs';
import { withLock } from './lock.mjs';
import { replaceFolder } from './replace-folder.mjs';
import { requireSupportedNode } from './node-version.mjs';
import { root, runQuietly } from './run.mjs';
import { areWorkspacesBuilt, buildWorkspaces } from './workspaces.mjs';

/** How often a step that takes long says that it goes on. */
const progressMs = 10_000;

/**
 * Makes a fresh clone ready to run: dependencies as in the lock file (what only tests and checks need unless `tools` is
 * false), and (unless `build` is false) a build of the sources as they are; the workspaces only with `packages`, for the
 * service doesn't need them. Does nothing where all is so already, which takes some milliseconds and works on a read-only
 * tree. Ends the process with exit code 1 where a step fails.
 */
export async function prepare({ build: isBuildNeeded = true, packages = false, tools = true } = {}) {
  requireSupportedNode();
  const isReady = () =>
    isInstalled(tools) && (!isBuildNeeded || isBuilt()) && (!packages || areWorkspacesBuilt());
  if (isReady()) return;
  const isDone = await withLock(join(root, '.prepare.lock'), sayWaiting, async () => {
    if (!isInstalled(tools) && !(await install(tools))) return false;
    if (isBuildNeeded && !isBuilt() && !(await build())) return false;
    return !packages || areWorkspacesBuilt() || (await compileWorkspaces());
  });
  if (!isDone) process.exit(1);
}

async function install(tools) {
  const isFirst = !existsSync(join(root, 'node_modules'));
  console.error(`Installing dependencies${isFirst ? ' (first run)' : ''} …`);
  const isDone = await installPackages(tools, succeeds);
  if (isDone) stampInstall(tools);
  return isDone;
}

async function build() {
  console.error('Building …');
  // Taken first: a source saved while the compiler runs makes the next start build again.
  const hash = buildHash();
  removeLeftovers();
  // Beside dist, from which a service and the command line may be running; as deep, for the paths of the source maps.
  const folder = join(root, `.build-${process.pid}`);
  try {
    const { compile } = await import('./compile.mjs');
    await compile(folder);
    const { bundle } = await import('./bundle.mjs');
    await bundle(folder);
    const { writeHelpFile } = await import('./help-file.mjs');
    await writeHelpFile(folder);
    unstampBuild();
    replaceFolder(join(root, 'dist'), folder);
    stampBuild(hash);
    return true;
  } catch (error) {
    console.error(`${error.message}\nThe build failed.`);
    return false;
  } finally {
    removeLeftovers();
  }
}

async function compileWorkspaces() {
  console.error('Building the packages …');
  const problem = await buildWorkspaces();
  if (problem !== undefined) console.error(`${problem}That failed.`);
  return problem === undefined;
}

/** Of this build, and of those that were killed: only one is made at a time. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    if (/^\.build-\d+$/.test(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

async function succeeds(command, cwd = root) {
  const startedAt = performance.now();
  const tell = () => console.error(`  … ${Math.round((performance.now() - startedAt) / 1000)} s`);
  const timer = setInterval(tell, progressMs);
  const { code, output } = await runQuietly(command, cwd);
  clearInterval(timer);
  if (code === 0) return true;
  console.error(`${output}That failed (exit code ${code}).`);
  return false;
}

function sayWaiting(pid) {
  console.error(`Waiting for process ${pid}, which installs or builds here (.prepare.lock) …`);
}
