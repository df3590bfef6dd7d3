import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { installPackages } from './install-packages.mjs';
import { buildHash, isBuilt, isInstalled, stampBuild, stampInstall, unstampBuild } from './stamps.mjs';
import { withLock } from './lock.mjs';
import { replaceFolder } from './replace-folder.mjs';
import { requireSupportedNode } from './node-version.mjs';
import { inPackage, root, runQuietly } from './run.mjs';
import { areWorkspacesBuilt, buildWorkspaces } from './workspaces.mjs';

/** How often a step that takes long says that it goes on. */
const progressMs = 10_000;

/**
 * Makes a fresh clone ready to run: dependencies as in the lock file (what only tests and checks need unless `tools` is
 * false), and (unless `build` is false) a build of the sources as they are; the workspaces only with `packages`, for the
 * service doesn't need them. Does nothing where all is so already, which takes some milliseconds and works on a read-only
 * tree. Ends the process with exit code 1 where a step fails.
 */
export async function prepare({ build = true, packages = false, tools = true } = {}) {
  requireSupportedNode();
  const isReady = () => isInstalled(tools) && (!build || isBuilt()) && (!packages || areWorkspacesBuilt());
  if (isReady()) return;
  const isDone = await withLock(join(root, '.prepare.lock'), sayWaiting, async () => {
    if (!isInstalled(tools) && !(await install(tools))) return false;
    if (build && !isBuilt() && !(await compile())) return false;
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

async function compile() {
  console.error('Building …');
  // Taken first: a source saved while the compiler runs makes the next start build again.
  const hash = buildHash();
  removeLeftovers();
  // Beside dist, from which a service and the command line may be running; as deep, for the paths of the source maps.
  const name = `.build-${process.pid}`;
  const settings = { extends: './tsconfig.build.json', compilerOptions: { outDir: `./${name}` } };
  try {
    writeFileSync(join(root, `${name}.json`), JSON.stringify(settings));
    const nest = inPackage('@nestjs/cli/bin/nest.js');
    const isDone = await succeeds([process.execPath, nest, 'build', '--path', `${name}.json`]);
    if (!isDone) return false;
    const { bundle } = await import('./bundle.mjs');
    await bundle(join(root, name));
    const { writeHelpFile } = await import('./help-file.mjs');
    await writeHelpFile(join(root, name));
    unstampBuild();
    replaceFolder(join(root, 'dist'), join(root, name));
    stampBuild(hash);
    return true;
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
    if (/^\.build-\d+(\.json)?$/.test(name)) rmSync(join(root, name), { recursive: true, force: true });
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
