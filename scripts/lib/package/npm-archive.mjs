import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root, runQuietly } from '../run.mjs';
import { copyProgram, writeJson } from './program-files.mjs';

/**
 * The archive for `npm install --global`: it has every package in it (bundleDependencies), so that npm fetches nothing,
 * and no script that npm could run. `npm pack` gives all files one time and one order.
 *
 * @returns the file
 */
export async function makeNpmArchive({ stage, version, out }) {
  const { manifest, packages, programs } = copyProgram(stage, { version });
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE'])
    copyFileSync(join(root, name), join(stage, name));
  writeJson(join(stage, 'package.json'), {
    ...manifest,
    os: ['linux'],
    cpu: ['x64', 'arm64'],
    bin: Object.fromEntries(programs.map((name) => [name, `bin/${name}`])),
    files: ['bin', 'dist', 'CHANGELOG.md'],
    bundleDependencies: packages,
  });
  const { code, output } = await runQuietly(npm('pack', stage, '--pack-destination', out, '--silent'));
  if (code !== 0) throw new Error(`npm pack failed: ${output}`);
  return join(out, `${manifest.name}-${version}.tgz`);
}
