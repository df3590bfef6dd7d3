import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const installStamp = join(root, 'node_modules', '.hearthkey-stamp');
const buildStamp = join(root, 'dist', '.hearthkey-stamp');

/**
 * True when node_modules is what the lock file says, for this Node.js.
 *
 * @param tools - also what tests and checks need; otherwise what the service and its build need is enough
 */
export function isInstalled(tools) {
  const stamp = read(installStamp);
  if (stamp !== undefined) return stamp === installHash() || (!tools && stamp === serviceHash());
  // Somebody ran npm themselves: not a reason to install everything once more.
  if (!matchesLockFile()) return false;
  stampInstall(true);
  return true;
}

export function stampInstall(tools) {
  try {
    writeFileSync(installStamp, tools ? installHash() : serviceHash());
  } catch (error) {
    if (error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
  }
}

/** True when dist holds a build of the sources as they are now. */
export function isBuilt() {
  return read(buildStamp) === buildHash();
}

/** Notes in dist which sources it was built from. */
export function stampBuild(hash) {
  writeFileSync(buildStamp, hash);
}

/** For as long as dist holds parts of two builds. */
export function unstampBuild() {
  rmSync(buildStamp, { force: true });
}

/** One value for all that the build is made from. */
export function buildHash() {
  const sources = existsSync(join(root, 'src')) ? readdirSync(join(root, 'src'), { recursive: true }) : [];
  const built = sources.filter((name) => !name.endsWith('.test.ts'));
  const tools = ['bundle', 'compile'].map((name) => `scripts/lib/${name}.mjs`);
  const paths = ['package-lock.json', ...tools, ...built.map((name) => join('src', name))].sort();
  return hashOf(paths.flatMap((path) => [path, read(join(root, path)) ?? '']));
}

function installHash() {
  // Compiled packages are made for one platform and one binary interface of Node.js.
  const target = `${process.platform} ${process.arch} ${process.versions.modules}`;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  // A new version of Hearthkey alone needs no other packages.
  return hashOf([target, JSON.stringify({ ...packages, '': { ...packages[''], version: '' } })]);
}

const serviceHash = () => `${installHash()} service`;

/** npm notes what it installed in a lock file of its own, as its last step. */
function matchesLockFile() {
  const hidden = read(join(root, 'node_modules', '.package-lock.json'));
  if (hidden === undefined) return false;
  const installed = JSON.parse(hidden).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const isSame = ([path, entry]) =>
    path === '' ||
    (path in installed ? installed[path].integrity === entry.integrity : entry.optional === true);
  return Object.keys(installed).every((path) => path in wanted) && Object.entries(wanted).every(isSame);
}

/** One value for all of these texts, in this order. */
export function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  }
}
