/** `hearthkey leak-scan` beside a running service: what it finds in files, archives and histories, and its exit codes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import type { Finding } from '../../src/leak-scan/judge.js';
import { historyOf } from '../../src/leak-scan/sources/git-history.js';
import { commandsDirectory, installation, temporaryFolder } from '../support/folders.js';
import { ownEnvironment } from '../support/own-environment.js';
import type { Key } from '../support/client.js';
import { runBin } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let live: Key;
let folder: string;

beforeAll(async () => {
  const COMMANDS_DIR = commandsDirectory({});
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR });
  live = await service.makeKey('alice', 'mail-accounts');
});

async function scan(words: readonly string[], options: { input?: string; socket?: string } = {}) {
  const env = { HEARTHKEY_SOCKET: options.socket ?? service.config.socketPath };
  const { input } = options;
  const done = await runBin('hearthkey', ['leak-scan', '--format', 'json', ...words], {
    env,
    ...(input !== undefined && { input }),
  });
  return { ...done, findings: JSON.parse(done.stdout) as Finding[] };
}

function newFolder(files: Readonly<Record<string, string | Buffer>>): string {
  folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe('hearthkey leak-scan', () => {
  it('finds what counts in files and archives, with its line and no secret, and ends with 1', async () => {
    const root = newFolder({
      'config/app.env': `NAME=x\nSECRET=${live.secret}\n`,
      'log.gz': gzipSync(`one\ntwo ${live.pair}\n`),
      'clean.txt': 'nothing of note, da39a3ee5e6b4b0d3255bfef95601890afd80709\n',
    });
    const { code, findings, stdout, stderr } = await scan([root]);
    const found = { kind: 'access_key', key: live.id, user: 'alice', state: 'live', commit: '' };
    expect(findings).toMatchObject([
      { ...found, file: join(root, 'config/app.env'), line: 2 },
      { ...found, file: join(root, 'log.gz'), line: 2 },
    ]);
    expect(stdout + stderr).not.toContain(live.secret.slice(3));
    expect(code).toBe(1);
  });

  it('tells what does not count from what does, and ends with 3 where nothing counts', async () => {
    const suspended = await service.makeKey('alice', 'mail-accounts');
    const deleted = await service.makeKey('alice', 'mail-accounts');
    const replaced = await service.makeKey('alice', 'mail-accounts');
    const legacy = (await service.ok('v-generate-api-key')).trim();
    await service.ok('v-suspend-access-key', suspended.id);
    await service.ok('v-delete-access-key', deleted.id);
    await service.ok('v-rotate-access-key', replaced.id);
    await service.ok('v-revoke-api-key', legacy);
    const lines = [suspended.secret, deleted.pair, replaced.secret, legacy, generateSecretAccessKey()];
    const { code, findings } = await scan([newFolder({ 'all.txt': lines.join(`\n${' '.repeat(800)}\n`) })]);
    expect(findings.map(({ kind, key, state }) => [kind, key, state])).toEqual([
      ['access_key', suspended.id, 'suspended'],
      ['access_key', deleted.id, 'revoked'],
      ['access_key', replaced.id, 'replaced'],
      ['legacy_key', '', 'revoked'],
      ['access_key', '', 'unknown'],
    ]);
    expect(code).toBe(3);
  });

  it('reads standard input, needs no service, and ends with 0 where there is nothing', async () => {
    const socket = join(temporaryFolder(), 'none.sock');
    expect((await scan(['-'], { input: 'nothing\n' })).code).toBe(0);
    const { code, findings, stderr } = await scan(['-'], { input: `+key ${live.pair}\n`, socket });
    expect(findings).toMatchObject([{ file: '-', line: 1, key: live.id, state: 'unknown' }]);
    expect(stderr).toContain('no service answers');
    expect(code).toBe(3);
  });

  it('follows no link out of the folder, names what it could not read, and ends with 4 for that alone', async () => {
    const outside = newFolder({ 'secret.txt': live.pair });
    const root = newFolder({ 'packed.xz': Buffer.from('\xfd7zXZ\0', 'latin1') });
    symlinkSync(outside, join(root, 'link'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'file-link'));
    const { code, findings, stderr } = await scan([root, join(root, 'missing')]);
    expect(findings).toEqual([]);
    expect(stderr).toContain('packed.xz');
    expect(stderr).toContain('missing');
    expect(code).toBe(4);
    expect((await scan([join(root, 'link')])).code).toBe(1);
  });

  it('finds keys in files of a panel, of which the name is the ID, and tells canaries from what counts', async () => {
    const canary = await service.ok('v-add-access-key', 'admin', '', '', 'plain', '--canary');
    const [canaryId = '', secret = ''] = canary.trim().split(':');
    const root = newFolder({
      [`access-keys/${live.id}`]: `SECRET_ACCESS_KEY='${live.secret}'\n`,
      'bait.txt': secret,
    });
    const { findings } = await scan([root]);
    expect(findings.map(({ key, state }) => [key, state])).toEqual([
      [live.id, 'live'],
      [canaryId, 'canary'],
    ]);
    expect((await scan([join(root, 'bait.txt')])).code).toBe(3);
  });

  it('finds secrets in names of files, folders, links and what is in archives, and prints none of them', async () => {
    const other = await service.makeKey('alice', 'mail-accounts');
    const packed = temporaryFolder();
    mkdirSync(join(packed, `of-${live.secret}`));
    writeFileSync(join(packed, `of-${live.secret}`, 'packed.xz'), Buffer.from('\xfd7zXZ\0', 'latin1'));
    const archive = join(temporaryFolder(), 'a.tar');
    execFileSync('tar', ['-C', packed, '-cf', archive, '.']);
    const root = newFolder({ [`${live.secret}/clean.txt`]: 'clean', 'notes.txt': other.secret });
    symlinkSync('nowhere', join(root, `link-to-${other.pair.replace(':', '=')}`));
    const { findings, stdout, stderr, code } = await scan([root, archive]);
    const masked = `${live.secret.slice(0, 3)}***(40)`;
    const found = findings.map(({ file, line, key }) => [file, line, key]);
    expect(found).toHaveLength(4);
    // A folder is read in the order of its names, and one of these is a random secret.
    expect(found).toEqual(
      expect.arrayContaining([
        [join(root, masked), 0, live.id],
        [expect.stringContaining('link-to-'), 0, other.id],
        [join(root, 'notes.txt'), 1, other.id],
        [`${archive}!./of-${masked}/`, 0, live.id],
      ]),
    );
    expect(stderr).toContain('packed.xz');
    for (const { secret } of [live, other]) expect(stdout + stderr).not.toContain(secret.slice(4));
    expect(code).toBe(1);
  });

  it('tells what would never end, and ends: files of holes, and what is made as it is read', async () => {
    const root = newFolder({ 'a.txt': 'x' });
    truncateSync(join(root, 'a.txt'), 2 ** 40);
    const { code, stderr } = await scan([root, '/proc/self/status']);
    expect(stderr).toContain('a large file of holes');
    expect(stderr).not.toContain('status');
    expect(code).toBe(4);
  });

  it('ends with 2 where the service refuses, and where it breaks itself: 1 says that a secret was found', async () => {
    const socket = join(temporaryFolder(), 'refusing.sock');
    const server = createServer((client) => {
      client.once('data', () => client.end('{"stderr":"Error: the store is gone"}\n{"code":17}\n'));
    }).listen(socket);
    await once(server, 'listening');
    const env = { HEARTHKEY_SOCKET: socket };
    const root = newFolder({ 'a.tar.gz': gzipSync(live.pair) });
    const refused = await runBin('hearthkey', ['leak-scan', root], { env });
    server.close();
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the store is gone')]);
    const full = openSync('/dev/full', 'w');
    const args = [join(installation, 'bin/hearthkey'), 'leak-scan', root];
    const child = spawn(process.execPath, args, {
      env: ownEnvironment({ HEARTHKEY_SOCKET: service.config.socketPath }),
      stdio: ['ignore', full, 'ignore'],
    });
    closeSync(full);
    expect(await once(child, 'close')).toEqual([2, null]);
  });

  it('ends with 2 for what it does not understand, and has a help without a service', async () => {
    const env = { HEARTHKEY_SOCKET: service.config.socketPath };
    const wrong = await runBin('hearthkey', ['leak-scan', '--formt', 'json', '.'], { env });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--formt')]);
    expect((await runBin('hearthkey', ['leak-scan'], { env })).code).toBe(2);
    const help = await runBin('hearthkey', ['leak-scan', '--help'], { env });
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('a secret was found that counts')]);
  });
});

describeWith('git')('a history of git', () => {
  let root: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, '-c', 'user.name=n', '-c', 'user.email=n@example.com', ...args], {
      env: ownEnvironment(),
      encoding: 'utf8',
    }).trim();

  it('is read to its oldest commit, loose or packed, and so are messages; nothing of the repository runs', async () => {
    // An object that is passed over must not hide what comes behind it.
    root = newFolder({ 'a.xz': Buffer.from(`\xfd7zXZ\0${'x'.repeat(100_000)}`, 'latin1') });
    const marker = join(temporaryFolder(), 'ran');
    const program = join(temporaryFolder(), 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(program, 0o755);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(root, 'b.txt'), `x\ny\n${live.secret}\n`);
    git('add', '.');
    git('commit', '-qm', 'second');
    const second = git('rev-parse', 'HEAD');
    git('rm', '-q', 'b.txt');
    git('commit', '-qm', `removed ${live.pair}`);
    const third = git('rev-parse', 'HEAD');
    const expected = [
      { file: join(root, 'b.txt'), line: 3, commit: second, key: live.id, state: 'live' },
      { file: `${root} (message)`, commit: third, key: live.id, state: 'live' },
    ];
    for (const setting of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'core.alternateRefsCommand'])
      git('config', setting, program);
    for (const step of ['loose', 'packed']) {
      if (step === 'packed') git('gc', '-q');
      rmSync(marker, { force: true }); // the commands above may have run it
      const { findings, code } = await scan([root]);
      expect(findings.filter(({ commit }) => commit !== '')).toMatchObject(expected);
      expect(code).toBe(1);
      expect(existsSync(marker)).toBe(false);
    }
  });

  it('is read beyond what is reached: amended commits with their paths, and single objects, also in damaged histories', async () => {
    root = newFolder({ 'a.txt': 'one' });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(root, 'a.txt'), live.secret);
    git('commit', '-qam', 'second');
    const amended = git('rev-parse', 'HEAD');
    writeFileSync(join(root, 'a.txt'), 'two');
    git('commit', '-qam', 'second', '--amend');
    writeFileSync(join(root, 'staged.txt'), `one\n${live.pair}`);
    git('add', '.');
    const staged = git('hash-object', 'staged.txt');
    git('rm', '-q', '-f', 'staged.txt');
    mkdirSync(join(root, 'keys'));
    writeFileSync(join(root, 'keys', live.secret), '');
    git('add', '.');
    git('commit', '-qm', 'named');
    const named = git('rev-parse', 'HEAD');
    git('rm', '-q', '-r', 'keys');
    git('commit', '-qm', 'unnamed');
    git('reflog', 'expire', '--expire=now', '--all');
    const whole = await scan([root]);
    const found = { key: live.id, state: 'live' };
    expect(whole.findings).toMatchObject([
      { ...found, file: join(root, 'keys (names)'), line: 1, commit: named },
      { ...found, file: join(root, 'a.txt'), commit: amended },
      { ...found, file: `${root} (object ${staged})`, line: 2, commit: '' },
    ]);
    expect([whole.code, whole.stderr]).toEqual([1, expect.not.stringContaining('not read:')]);
    writeFileSync(join(root, '.git/refs/heads/broken'), 'no hash');
    writeFileSync(join(root, '.git/HEAD'), `${'1'.repeat(40)}\n`);
    const damaged = await scan([root]);
    expect(damaged.findings).toHaveLength(3);
    expect(damaged.stderr).toContain('not read: ');
  });

  it('is told where git would wait for good, and where some of it is missing', async () => {
    root = newFolder({ 'a.txt': 'one' });
    git('init', '-q');
    for (const content of ['one', live.secret]) {
      writeFileSync(join(root, 'a.txt'), content);
      git('add', '.');
      git('commit', '-qm', 'more');
    }
    git('config', 'uploadpack.allowFilter', 'true');
    const source = root;
    const whys: string[] = [];
    for (const option of ['--depth=1', '--filter=blob:none']) {
      root = join(temporaryFolder(), 'clone');
      execFileSync('git', ['clone', '-q', '--no-checkout', option, `file://${source}`, root], {
        env: ownEnvironment(),
      });
      whys.push((await scan([root])).stderr);
    }
    expect(whys).toEqual([
      expect.stringContaining('shallow clone'),
      expect.stringContaining('objects are missing'),
    ]);
    rmSync(join(source, '.git/config'));
    execFileSync('mkfifo', [join(source, '.git/config')]);
    expect((await scan([source])).stderr).toContain('config in it is no file');
  });

  it('is told as not read where a name in it is longer than is read, and where git says nothing more', async () => {
    root = newFolder({});
    git('init', '-q');
    const blob = git('hash-object', '-w', join(import.meta.dirname, 'leak-scan.test.ts'));
    const tree = execFileSync('git', ['-C', root, 'mktree'], {
      env: ownEnvironment(),
      input: `100644 blob ${blob}\t${'n'.repeat(70_000)}\n`,
      encoding: 'utf8',
    }).trim();
    git('update-ref', 'refs/heads/main', git('commit-tree', '-m', 'long', tree));
    await expect(allOf(historyOf(join(root, '.git')))).rejects.toThrow('too long');
    execFileSync('mkfifo', [join(root, '.git/refs/heads/pipe')]);
    await expect(allOf(historyOf(join(root, '.git'), 200))).rejects.toThrow('did not answer');
  });
});

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
