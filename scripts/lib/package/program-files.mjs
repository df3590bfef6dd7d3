import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow } from '../files-below.mjs';
import { root } from '../run.mjs';

/** The bundle has all other packages in it (scripts/lib/bundle.mjs says why not these). */
const unbundled = ['@photostructure/sqlite', 'argon2', 'ioredis'];
/** For compiling, or for scripts of an installation: nothing of either is done. */
const notAtRuntime = ['cross-env', 'node-addon-api'];
/** Binaries for glibc and for musl (Alpine), of two kinds of processors. */
const linux = /^linux-(x64|arm64)\//;

/**
 * Copies what runs: the bundle, the command line, the files that both read, and the packages that are not bundled.
 *
 * @param folder - gets `dist`, `bin`, `node_modules` and `package.json`
 * @param binaries - which files below `prebuilds/` are taken
 * @param interpreter - the first line of each program in `bin`
 * @returns the manifest that was written, and the names of the packages
 */
export function copyProgram(folder, { version, binaries = linux, interpreter = '#!/usr/bin/env node' }) {
  copyBuild(folder);
  const programs = copyPrograms(folder, interpreter);
  const packages = closure(unbundled);
  for (const name of packages) copyPackage(folder, name, packages, binaries);
  const manifest = manifestOf(version);
  writeJson(join(folder, 'package.json'), manifest);
  return { manifest, packages, programs };
}

function copyBuild(folder) {
  const dist = join(root, 'dist');
  for (const name of filesBelow(dist)) {
    const isCompiled = name.endsWith('.js') && existsSync(join(dist, `${name}.map`));
    const isNeeded = name.startsWith('bundle/') ? name.endsWith('.js') : !isCompiled;
    if (isNeeded && !/\.map$|\.ts$|(^|\/)\./.test(name))
      copyFile(join(dist, name), join(folder, 'dist', name));
  }
}

function copyPrograms(folder, interpreter) {
  const names = readdirSync(join(root, 'bin')).filter((name) => name !== 'package.json');
  copyFile(join(root, 'bin/package.json'), join(folder, 'bin/package.json'));
  for (const name of names) {
    const text = readFileSync(join(root, 'bin', name), 'utf8').replace(/^#!.*/, interpreter);
    writeFileSync(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  return names.sort();
}

/** These packages and all that they need, by name. */
function closure(names) {
  const found = new Set();
  const take = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const source = join(root, 'node_modules', name);
    // One version of each is all that there is; two would need folders within folders.
    if (existsSync(join(source, 'node_modules'))) throw new Error(`${name} has packages of its own`);
    for (const needed of runtimeDependencies(readJson(join(source, 'package.json')))) take(needed);
  };
  names.forEach(take);
  return [...found].sort();
}

function runtimeDependencies({ dependencies = {} }) {
  return Object.keys(dependencies).filter((name) => !notAtRuntime.includes(name));
}

function copyPackage(folder, name, packages, binaries) {
  const source = join(root, 'node_modules', name);
  const target = join(folder, 'node_modules', name);
  for (const file of filesBelow(source)) {
    if (isNeeded(source, file, binaries)) copyFile(join(source, file), join(target, file));
  }
  const manifest = readJson(join(source, 'package.json'));
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([one]) => packages.includes(one));
  // npm would run the scripts, and compile where it finds binding.gyp. An undefined value is not written.
  const removed = { devDependencies: undefined, scripts: undefined, gypfile: undefined };
  const own = { dependencies: Object.fromEntries(dependencies) };
  writeJson(join(target, 'package.json'), { ...manifest, ...removed, ...own });
}

/** Code, binaries and licences; no sources, types or tests, and no programs of the package's own. */
function isNeeded(source, file, binaries) {
  if (file.startsWith('prebuilds/')) return binaries.test(file.slice('prebuilds/'.length));
  if (/(^|\/)(src|test|tests|scripts|argon2|node_modules)\//.test(file)) return false;
  if (/^(LICEN[CS]E|NOTICE)[^/]*$/i.test(file)) return true;
  return /\.(js|cjs|mjs|json)$/.test(file) && !readFileSync(join(source, file), 'utf8').startsWith('#!');
}

function manifestOf(version) {
  const { name, description, license, type, engines, dependencies } = readJson(join(root, 'package.json'));
  const needed = Object.fromEntries(unbundled.map((one) => [one, dependencies[one]]));
  return { name, version, description, license, type, engines, dependencies: needed };
}

export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function copyFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
