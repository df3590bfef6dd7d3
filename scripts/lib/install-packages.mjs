import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFolder } from './replace-folder.mjs';
import { npm, root } from './run.mjs';

/** What the build of the service needs besides the packages that it runs on. */
const buildTools = ['@swc/core', 'esbuild'];

/**
 * Installs packages as in the lock file into a folder beside, and puts them in the place of those that are there: a
 * service that runs from this folder finds each file at every moment.
 *
 * @param tools - everything; otherwise only what the service and its build need
 * @param run - runs a command in a folder; answers whether it succeeded
 */
export async function installPackages(tools, run) {
  removeLeftovers();
  const stage = join(root, `.install-${process.pid}`);
  try {
    mkdirSync(stage);
    if (tools) copyManifests(stage);
    else writeServiceManifests(stage);
    const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    if (!(await run(npm('ci', ...options), stage))) return false;
    const [folder, next] = [join(root, 'node_modules'), join(stage, 'node_modules')];
    if (existsSync(folder)) replaceFolder(folder, next);
    else renameSync(next, folder);
    return true;
  } finally {
    removeLeftovers();
  }
}

const readJson = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/** With those of the workspaces, to which npm makes links that stay right when they are moved. */
function copyManifests(stage) {
  const { packages } = readJson('package-lock.json');
  const workspaces = Object.keys(packages).filter((name) => name !== '' && !name.startsWith('node_modules/'));
  const names = [
    'package.json',
    'package-lock.json',
    ...workspaces.map((name) => join(name, 'package.json')),
  ];
  for (const name of ['.npmrc', ...names].filter((one) => existsSync(join(root, one)))) {
    mkdirSync(dirname(join(stage, name)), { recursive: true });
    cpSync(join(root, name), join(stage, name));
  }
}

/** The part of both files that the service and its build need. */
function writeServiceManifests(stage) {
  const whole = readJson('package.json');
  const tools = Object.fromEntries(buildTools.map((name) => [name, whole.devDependencies[name]]));
  const dependencies = { ...whole.dependencies, ...tools };
  const { name, version, overrides } = whole;
  const { lockfileVersion, packages } = readJson('package-lock.json');
  const needed = neededPaths(packages, Object.keys(dependencies));
  const entries = Object.entries(packages).filter(([path]) => needed.has(path));
  // What is a development package of the whole tree is none of this part.
  const taken = Object.fromEntries(entries.map(([path, entry]) => [path, { ...entry, dev: undefined }]));
  const write = (file, value) => writeFileSync(join(stage, file), JSON.stringify(value));
  write('package.json', { name, version, dependencies, overrides });
  const all = { '': { name, version, dependencies }, ...taken };
  write('package-lock.json', { name, version, lockfileVersion, packages: all });
}

/** Paths in the lock file of these packages and of all that they need. */
function neededPaths(packages, names) {
  const found = new Set();
  const take = (from, name) => {
    const path = resolvePath(packages, from, name);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const {
      dependencies,
      optionalDependencies,
      peerDependencies,
      peerDependenciesMeta = {},
    } = packages[path];
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (peer) => peerDependenciesMeta[peer]?.optional !== true,
    );
    for (const needed of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])
      take(path, needed);
  };
  for (const name of names) take('', name);
  return found;
}

/** As Node.js looks for it: in the folder itself, then in those above it. */
function resolvePath(packages, from, name) {
  for (let folder = from; ;) {
    const path = join(folder, 'node_modules', name);
    if (path in packages) return path;
    if (folder === '') return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

/** Of this installation, and of those that were killed: only one is made at a time. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    if (/^\.install-\d+$/.test(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
}
