/** The Debian package, from an empty Debian to a purge. The service runs as its unit says, without a systemd. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/config/version.js';
import { Client, type Key } from '../support/client.js';
import { DebianRoot, type UnitProcess } from '../support/debian-root.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { decide, makePackage } from '../support/made-packages.js';
import { runProcess } from '../support/processes.js';
import { describeWith, hasProgram } from '../support/programs.js';
import { within } from '../support/waiting.js';

const unit = 'hearthkey.service';
const unitFile = join(installation, 'deploy/systemd', unit);
const settingsFile = '/etc/hearthkey/hearthkey.env';
const dropIns = ['commands-as-root', 'commands-through-sudo'];
const isRoot = process.getuid?.() === 0;
const describeAsRoot = isRoot ? describeWith('debootstrap', 'perl') : describeWith('no-root');
let file: string;
/** Made from the start on, because it waits for downloads half of its time. */
let emptyDebian: Promise<DebianRoot | undefined>;

beforeAll(async () => {
  emptyDebian =
    isRoot && hasProgram('debootstrap') ? DebianRoot.make('bookworm') : Promise.resolve(undefined);
  // Who needs it gets the failure.
  emptyDebian.catch(() => undefined);
  file = await makePackage('deb');
});

// Nothing writes to the folder any more when it is removed, also where no test needed it.
afterAll(() => emptyDebian.catch(() => undefined));

const dpkg = (...args: string[]): string => execFileSync('dpkg-deb', args, { encoding: 'utf8' });

/** The same package with another version: what an upgrade comes from. */
function withVersion(other: string): string {
  const folder = join(temporaryFolder(), 'files');
  dpkg('--raw-extract', file, folder);
  const control = join(folder, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${other}`));
  const manifest = join(folder, 'usr/lib/hearthkey/package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(version, other));
  // A comment that the newer settings file doesn't have.
  appendFileSync(join(folder, 'etc/hearthkey/hearthkey.env'), '# of an older version\n');
  const made = join(temporaryFolder(), `hearthkey_${other}_amd64.deb`);
  dpkg('--root-owner-group', '-Znone', '--build', folder, made);
  return made;
}

describeWith('dpkg-deb')('the Debian package', () => {
  it('is the same bytes twice', async () => {
    const again = await makePackage('deb', { TZ: 'Asia/Tokyo' });
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  it('puts one program in PATH, so that no name of a panel is hidden', () => {
    const names = dpkg('--contents', file)
      .split('\n')
      .map((line) => /\.(\/\S+)(?: -> .*)?$/.exec(line)?.[1]);
    const inPath = names.filter((name) => name !== undefined && /^\/usr\/(local\/)?s?bin\/./.test(name));
    expect(inPath).toEqual(['/usr/bin/hearthkey']);
    expect(names).toContain('/usr/lib/hearthkey/bin/v-add-access-key');
    expect(names).toContain('/usr/share/man/man8/v-add-access-key.8.gz');
  });

  it('belongs to root, and keeps what an administrator may change', () => {
    const owners = new Set(dpkg('--contents', file).match(/\b\w+\/\w+(?= +\d+ \d{4}-)/g));
    expect([...owners]).toEqual(['root/root']);
    expect(dpkg('--info', file, 'conffiles')).toContain('/etc/hearthkey/hearthkey.env\n');
  });
});

describeWith('lintian')('lintian', () => {
  it('finds no error', async () => {
    const args = ['--fail-on', 'error', '--allow-root', file];
    const found = await runProcess('lintian', args, { env: { HOME: temporaryFolder() }, timeoutMs: 550_000 });
    expect(found.stdout.split('\n').filter((line) => line.startsWith('E:'))).toEqual([]);
    expect(found.code).toBe(0);
  });
});

describeWith('systemd-analyze')('the unit', () => {
  it('has an exposure of 3.0 at most', async () => {
    const args = ['security', '--offline=yes', '--threshold=30', '--no-pager', unitFile];
    const { code, stdout } = await runProcess('systemd-analyze', args);
    expect({ code, level: /exposure level.*: ([\d.]+)/.exec(stdout)?.[1] }).toMatchObject({ code: 0 });
  });

  it.each(dropIns)('is one that systemd takes, with %s too', async (name) => {
    const folder = temporaryFolder();
    const copy = join(folder, unit);
    // The program and the manual page are not on this machine.
    const text = readFileSync(unitFile, 'utf8')
      .replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true')
      .replace(/^Documentation=.*$/m, '');
    const dropIn = readFileSync(join(installation, `deploy/systemd/${name}.conf`), 'utf8');
    for (const content of [text, `${text}\n${dropIn}`]) {
      writeFileSync(copy, content);
      const checked = await runProcess('systemd-analyze', ['verify', '--man=no', copy]);
      expect(checked.stderr.split('\n').filter((line) => line.includes(copy) || line.includes(unit))).toEqual(
        [],
      );
    }
  });
});

describeAsRoot('in an empty Debian', () => {
  let root: DebianRoot;
  let service: UnitProcess;
  let client: Client;
  let key: Key;

  const cli = async (...words: string[]) => root.run('hearthkey', ...words);

  async function start(): Promise<void> {
    service = await root.startUnit(unit);
    await service.ready();
  }

  beforeAll(async () => {
    const made = await emptyDebian;
    if (made === undefined) throw new Error('no Debian was made');
    root = made;
  });

  it('an older version installs, serves and decides', async () => {
    expect(await root.install(withVersion('0.1.9'))).toMatchObject({ code: 0 });
    const port = await freePort();
    appendFileSync(root.path(settingsFile), `HEARTHKEY_LISTEN=127.0.0.1:${String(port)}\n`);
    const setup = await cli('setup', 'standalone', '--yes');
    expect({ code: setup.code, stderr: setup.stderr }).toEqual({ code: 0, stderr: '' });
    await start();
    client = new Client(`http://127.0.0.1:${String(port)}`, root.path('/var/lib/hearthkey/run/admin.sock'));
    expect(await cli('--version')).toMatchObject({ code: 0, stdout: 'hearthkey 0.1.9\n' });
    expect(await cli('v-add-user', 'alice', 'correct-horse-1', 'a@example.com')).toMatchObject({ code: 0 });
    key = await client.makeKey('alice', 'mail-accounts');
    expect(await cli('v-change-sys-config-value', 'API_SYSTEM', '2')).toMatchObject({ code: 0 });
    expect(await cli('v-add-sys-api-ip', '127.0.0.1')).toMatchObject({ code: 0 });
    expect(await decide(client, key, 'v-list-mail-domains', 'alice')).toBe(true);
    expect(await decide(client, key, 'v-delete-user', 'alice')).toBe(false);
  });

  it('systemd is told that the service is ready, that it is alive, and how long its stop may take', async () => {
    expect(service.notified()).toContain(`READY=1 STATUS=Serving at ${client.url}`);
    await within(10_000, 'the watchdog', () => service.notified().split('WATCHDOG=1').length > 2);
    expect(await service.stop()).toBe(0);
    expect(service.notified()).toMatch(/STOPPING=1 .*EXTEND_TIMEOUT_USEC=330000000/);
  });

  it('an upgrade keeps settings and keys', async () => {
    expect(await root.install(file)).toMatchObject({ code: 0 });
    expect(await cli('--version')).toMatchObject({ stdout: `hearthkey ${version}\n` });
    await start();
    expect(root.read(settingsFile)).toContain('HEARTHKEY_LISTEN=');
    const { mode, uid } = statSync(root.path(settingsFile));
    expect([mode & 0o777, uid]).toEqual([0o640, 0]);
    expect(await decide(client, key, 'v-list-mail-domains', 'alice')).toBe(true);
  });

  it('the names of the panel stay those of the panel, and the own ones are in one folder', async () => {
    writeFileSync(root.path('/usr/local/bin/v-list-users'), '#!/bin/sh\necho the panel\n', { mode: 0o755 });
    expect(await root.run('v-list-users')).toMatchObject({ stdout: 'the panel\n' });
    const own = 'PATH=/usr/lib/hearthkey/bin:$PATH v-list-users plain';
    expect((await root.run('sh', '-c', own)).stdout).toContain('alice');
    expect((await cli('v-list-users', 'plain')).stdout).toContain('alice');
  });

  it('a purge leaves nothing but the user', async () => {
    expect(await service.stop()).toBe(0);
    expect(await root.run('apt-get', 'purge', '-y', 'hearthkey')).toMatchObject({ code: 0 });
    const search = "find / -xdev -iname '*hearthkey*' ! -path '/root/*' ! -path '/proc/*'";
    expect((await root.run('sh', '-c', search)).stdout).toBe('');
    expect(existsSync(root.path('/var/lib/hearthkey-audit'))).toBe(false);
  });
});
