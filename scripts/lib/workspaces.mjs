import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inPackage, root, runQuietly } from './run.mjs';
import { hashOf } from './stamps.mjs';

/** True when each `dist` is built from the sources as they are now. */
export function areWorkspacesBuilt() {
  return staleWorkspaces().length === 0;
}

/** Builds those that are not; answers the output of the compiler where it fails. */
export async function buildWorkspaces() {
  for (const { folder, hash } of staleWorkspaces()) {
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    const tsc = inPackage('typescript/bin/tsc');
    const { code, output } = await runQuietly([
      ...[process.execPath, tsc, '-p', join(folder, 'tsconfig.build.json')],
    ]);
    if (code !== 0) return output;
    writeFileSync(stampOf(folder), hash);
  }
  return undefined;
}

const stampOf = (folder) => join(folder, 'dist', '.hearthkey-stamp');

/** Each is built from its own sources and from those before it: examples come after the packages that they use. */
function staleWorkspaces() {
  let hash = hashOf(['tsconfig.json', 'package-lock.json'].map((name) => readFileSync(join(root, name))));
  const all = compiledWorkspaces().map((folder) => {
    hash = hashOf([hash, ...sourcesOf(folder).flatMap((path) => [path, readFileSync(path)])]);
    return { folder, hash };
  });
  return all.filter((one) => {
    const stamp = stampOf(one.folder);
    return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== one.hash;
  });
}

/** An installation without them is one, too: the service needs none. */
function compiledWorkspaces() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folders = workspaces.flatMap((pattern) => {
    const parent = join(root, pattern.replace(/\/\*$/, ''));
    if (!pattern.endsWith('/*') || !existsSync(parent)) return parent;
    return readdirSync(parent).map((name) => join(parent, name));
  });
  return folders.filter((folder) => existsSync(join(folder, 'tsconfig.build.json')));
}

function sourcesOf(folder) {
  const sources = readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  return [join(folder, 'package.json'), join(folder, 'tsconfig.build.json'), ...sources.sort()];
}
