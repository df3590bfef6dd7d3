import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';

/** The commit that each release was made from; later ones have a tag. */
const commits = { '0.1.0': '8be012e', '0.2.0': '68a6087' };

/**
 * Builds an earlier release from the history of this repository, once for each machine.
 *
 * @returns the folder of its installation
 */
export function buildOfRelease(version, print = () => {}) {
  const folder = join(process.env.HEARTHKEY_RELEASES ?? join(tmpdir(), 'hearthkey-releases'), version);
  if (existsSync(join(folder, 'dist/main.js'))) return folder;
  print(`building ${version} in ${folder} …`);
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const archive = execFileSync('git', ['archive', commits[version] ?? `v${version}`], {
    cwd: root,
    maxBuffer: 2 ** 30,
  });
  execFileSync('tar', ['-x', '-C', work], { input: archive });
  // The same dependencies need no second installation.
  const isSame = ['package-lock.json'].every((name) =>
    readFileSync(join(root, name)).equals(readFileSync(join(work, name))),
  );
  if (isSame) symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
  const script = "import('./scripts/lib/prepare.mjs').then(({ prepare }) => prepare())";
  const { status } = spawnSync(process.execPath, ['-e', script], { cwd: work, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${version} can't be built`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
  return folder;
}
