import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from '../run.mjs';
import { makeDebianPackage } from './debian-package.mjs';
import { makeNpmArchive } from './npm-archive.mjs';

/** Debian's names of architectures, with those of Node.js. */
export const architectures = { amd64: 'x64', arm64: 'arm64' };

/**
 * Makes the packages, one after the other, in a temporary folder each.
 *
 * @param level - of the compression of Debian packages
 * @returns what was made: file, size and SHA-256 digest of each
 */
export async function makePackages({ isNpmWanted, architectures: debian, version, level, out = 'out' }) {
  const folder = resolve(root, out);
  mkdirSync(folder, { recursive: true });
  const common = { version: version ?? ownVersion(), epoch: sourceDateEpoch(), out: folder };
  const files = [];
  if (isNpmWanted) files.push(await inTemporaryFolder((stage) => makeNpmArchive({ ...common, stage })));
  for (const arch of debian) {
    const nodeArch = architectures[arch];
    files.push(
      await inTemporaryFolder((stage) => makeDebianPackage({ ...common, level, stage, arch, nodeArch })),
    );
  }
  return files.map(describe);
}

function ownVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** Seconds: the time of all files, so that two builds of one commit are the same bytes. */
function sourceDateEpoch() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  const last = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return Number(last.trim());
}

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkey-package-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(file) {
  const content = readFileSync(file);
  return { file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
