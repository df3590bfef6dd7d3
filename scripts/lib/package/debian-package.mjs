import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { entriesBelow, filesBelow } from '../files-below.mjs';
import { root } from '../run.mjs';
import { bashCompletion, zshCompletion } from './completions.mjs';
import { manualPages } from './manual-pages.mjs';
import { nodeArchive } from './node-program.mjs';
import { copyFile, copyProgram } from './program-files.mjs';

const program = 'usr/lib/hearthkey';
const documents = 'usr/share/doc/hearthkey';
const deploy = (name) => join(root, 'deploy', name);

/** What is copied as it is: from the folder deploy/, to the package. */
const plainFiles = {
  'debian/hearthkey.env': 'etc/hearthkey/hearthkey.env',
  'debian/logrotate': 'etc/logrotate.d/hearthkey',
  'debian/fail2ban-filter.conf': 'etc/fail2ban/filter.d/hearthkey.conf',
  'debian/hearthkey.sysusers': 'usr/lib/sysusers.d/hearthkey.conf',
  'debian/hearthkey.tmpfiles': 'usr/lib/tmpfiles.d/hearthkey.conf',
  'debian/lintian-overrides': 'usr/share/lintian/overrides/hearthkey',
  'debian/copyright': `${documents}/copyright`,
  'debian/fail2ban-jail.conf': `${documents}/examples/fail2ban-jail.conf`,
  'systemd/hearthkey.service': 'usr/lib/systemd/system/hearthkey.service',
  'systemd/commands-as-root.conf': `${documents}/examples/commands-as-root.conf`,
  'systemd/commands-through-sudo.conf': `${documents}/examples/commands-through-sudo.conf`,
};

/**
 * The package for Debian: the program with the Node.js that it is tested with, its unit, user, settings file, manual
 * pages and completions. dpkg-deb sorts the files and gives them to root; no time but `epoch` is in it.
 *
 * @param arch - as Debian names it; `nodeArch` as Node.js does
 * @param level - of xz
 * @returns the file
 */
export async function makeDebianPackage({ stage, version, epoch, out, arch, nodeArch, level = '1' }) {
  await copyNode(stage, nodeArch);
  const interpreter = `#!/${program}/node`;
  const binaries = new RegExp(`^linux-${nodeArch}/.*glibc`);
  copyProgram(join(stage, program), { version, binaries, interpreter });
  // The commands' own names are kept out of PATH: beside a panel they would hide the panel's.
  link(stage, 'usr/bin/hearthkey', `/${program}/bin/hearthkey`);
  for (const [from, to] of Object.entries(plainFiles)) copyFile(deploy(from), join(stage, to));
  writeDocuments(stage, version, epoch);
  writeControl(stage, { version, arch });
  normalise(stage, epoch);
  const file = join(out, `hearthkey_${version}_${arch}.deb`);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch) };
  // One thread: the bytes would depend on the number of processors.
  const format = ['--root-owner-group', '-Zxz', `-z${level}`, '--threads-max=1'];
  execFileSync('dpkg-deb', [...format, '--build', stage, file], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return file;
}

async function copyNode(stage, nodeArch) {
  const archive = await nodeArchive(nodeArch);
  const folder = join(stage, program);
  const licence = join(stage, documents, 'NODE-LICENSE');
  for (const name of [folder, dirname(licence)]) mkdirSync(name, { recursive: true });
  // Both at once: the archive is large.
  const files = ['package/bin/node', 'package/LICENSE'];
  const as = ['--no-same-owner', '--strip-components=1', '-C', folder];
  execFileSync('tar', ['-xzf', archive, ...as, ...files]);
  renameSync(join(folder, 'bin/node'), join(folder, 'node'));
  renameSync(join(folder, 'LICENSE'), licence);
  rmdirSync(join(folder, 'bin'));
  chmodSync(join(folder, 'node'), 0o755);
}

function writeDocuments(stage, version, epoch) {
  const help = JSON.parse(readFileSync(join(root, 'dist/cli/help.json'), 'utf8'));
  for (const { name, text } of manualPages(help, { version, epoch }))
    write(stage, `usr/share/man/man8/${name}.8.gz`, text);
  write(stage, 'usr/share/bash-completion/completions/hearthkey', bashCompletion(help));
  write(stage, 'usr/share/zsh/vendor-completions/_hearthkey', zshCompletion(help));
  write(stage, `${documents}/changelog.gz`, debianChangelog(version, epoch));
  write(stage, `${documents}/NEWS.gz`, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  for (const name of readdirSync(join(root, 'docs')).filter((one) => one.endsWith('.md')))
    copyFile(join(root, 'docs', name), join(stage, documents, name));
}

function debianChangelog(version, epoch) {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  const maintainer = /^Maintainer: (.*)$/m.exec(readFileSync(deploy('debian/control'), 'utf8'))[1];
  return `hearthkey (${version}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- ${maintainer}  ${date}\n`;
}

function writeControl(stage, { version, arch }) {
  const files = filesBelow(stage);
  const bytes = files.reduce((sum, file) => sum + statSync(join(stage, file)).size, 0);
  const control = readFileSync(deploy('debian/control'), 'utf8')
    .replace('@VERSION@', version)
    .replace('@ARCH@', arch)
    .replace('@SIZE@', String(Math.ceil(bytes / 1024)));
  const sums = files.map((file) => `${digest(join(stage, file))}  ${file}\n`);
  write(stage, 'DEBIAN/control', control);
  write(stage, 'DEBIAN/md5sums', sums.join(''));
  const conffiles = files.filter((file) => file.startsWith('etc/')).map((file) => `/${file}\n`);
  write(stage, 'DEBIAN/conffiles', conffiles.join(''));
  for (const name of ['postinst', 'prerm', 'postrm'])
    copyFile(deploy(`debian/${name}`), join(stage, 'DEBIAN', name));
}

const digest = (file) => createHash('md5').update(readFileSync(file)).digest('hex');

/** A text; compressed, without a time in it, where the name says so. */
function write(stage, name, text) {
  mkdirSync(dirname(join(stage, name)), { recursive: true });
  writeFileSync(join(stage, name), name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
}

function link(stage, name, target) {
  mkdirSync(dirname(join(stage, name)), { recursive: true });
  symlinkSync(relative(join('/', dirname(name)), target), join(stage, name));
}

/** Modes and times that depend neither on the umask nor on the day. */
function normalise(stage, epoch) {
  const isScript = (name) => name.includes('/bin/') || /^DEBIAN\/p/.test(name) || name === `${program}/node`;
  for (const { path: name, entry } of entriesBelow(stage)) {
    const path = join(stage, name);
    if (!entry.isSymbolicLink()) {
      const isRunnable = entry.isDirectory() || (isScript(name) && !name.endsWith('.json'));
      chmodSync(path, isRunnable ? 0o755 : 0o644);
    }
    lutimesSync(path, epoch, epoch);
  }
  chmodSync(stage, 0o755);
  lutimesSync(stage, epoch, epoch);
}
