// npm run package -- npm|deb|all [--arch amd64|arm64] [--version VERSION]: makes the packages in out/, from the lock file
// and the sources as they are. The same commit gives the same bytes; SOURCE_DATE_EPOCH, else the last commit, is the time
// of every file. For tests: --version of an upgrade, and --level 0, of xz, in half of the time.
import { parseArgs } from 'node:util';
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

const usage =
  'Usage: npm run package -- npm|deb|all [--arch amd64|arm64] [--version VERSION] [--level 0-9] [--out FOLDER]';
const options = Object.fromEntries(
  ['arch', 'version', 'level', 'out'].map((name) => [name, { type: 'string' }]),
);

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [kind] = positionals;
  if (!['npm', 'deb', 'all'].includes(kind) || positionals.length > 1) throw new Error(usage);
  if (!/^\d$/.test(values.level ?? '1')) throw new Error(usage);
  const { prepare } = await import('./lib/prepare.mjs');
  await prepare({ tools: false });
  const { architectures, makePackages } = await import('./lib/package/make-packages.mjs');
  const wanted = values.arch === undefined ? Object.keys(architectures) : [values.arch];
  if (!wanted.every((arch) => arch in architectures)) throw new Error(usage);
  const made = await makePackages({
    isNpmWanted: kind !== 'deb',
    architectures: kind === 'npm' ? [] : wanted,
    version: values.version,
    level: values.level,
    out: values.out,
  });
  for (const { file, bytes, sha256 } of made) console.log(`${sha256}  ${file}  (${bytes} bytes)`);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
