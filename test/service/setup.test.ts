/** `hearthkey setup` beside a panel whose nginx is a real one, and what is left of it after an undo: nothing. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { namedLocation, NginxTree, treeKey } from '../support/nginx-tree.js';
import { ownEnvironment } from '../support/own-environment.js';
import { runBin, ServiceProcess, type ProcessResult } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { within } from '../support/waiting.js';

describeWith('nginx')('hearthkey setup beside-hestia', () => {
  let tree: NginxTree;
  let folder: string;
  let envFile: string;
  let before: string[];

  beforeEach(async () => {
    tree = await NginxTree.start();
    await prepare();
  });

  /** The places of an installation of its own. */
  async function prepare(): Promise<void> {
    folder = temporaryFolder();
    envFile = join(folder, 'hearthkey.env');
    const places = [
      `HEARTHKEY_DATA_DIR=${folder}/data`,
      `HEARTHKEY_LISTEN=127.0.0.1:${String(await freePort())},unix:${folder}/http.sock`,
    ];
    writeFileSync(envFile, `# mine\n${places.join('\n')}\n`, { mode: 0o640 });
    before = tree.picture();
  }

  function setup(...args: string[]): Promise<ProcessResult> {
    return runBin('hearthkey', ['setup', ...args], { env: { HEARTHKEY_ENV_FILE: envFile } });
  }

  const beside = (...more: string[]) => setup('beside-hestia', '--hestia-root', tree.root, '--yes', ...more);

  async function expectAsBefore(): Promise<void> {
    expect(tree.picture()).toEqual(before);
    expect(await tree.answer()).toBe('200 the old API');
  }

  function startService(): Promise<ServiceProcess> {
    const lines = readFileSync(envFile, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('HEARTHKEY_'));
    const settings = lines.map((line) => /^HEARTHKEY_(\w+)=(.*)$/.exec(line)?.slice(1) ?? ['', '']);
    return ServiceProcess.start(Object.fromEntries(settings) as Record<string, string>);
  }

  it('has nginx pass the API to Hearthkey, with the keys of the panel, and undoes it byte for byte', async () => {
    const envBefore = readFileSync(envFile);
    const done = await beside();
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/nginx passed it to Hearthkey, which saw 127\.0\.0\.1 and answered 0/);
    expect(done.stdout).not.toMatch(new RegExp(`${treeKey.secret}|[0-9A-Za-z]{20}:[0-9A-Za-z_-]{40}`));
    const service = await startService();
    const front = new Client(tree.url, service.socketPath);
    const pair = `${treeKey.id}:${treeKey.secret}`;
    expect(await front.api({ hash: pair, cmd: 'v-list-users', arg1: 'json' })).toMatchObject({ code: 0 });
    expect(await front.ok('v-list-access-keys', 'admin', 'plain')).not.toContain('hearthkey setup');
    const again = await service.end();
    expect(again.code).toBe(0);
    expect(await setup('--undo')).toMatchObject({ code: 0, stderr: '' });
    await within(10_000, 'nginx has reloaded', async () => (await tree.answer()) === '200 the old API');
    await expectAsBefore();
    expect(readFileSync(envFile)).toEqual(envBefore);
    expect(existsSync(`${envFile}.setup`)).toBe(false);
    expect((await setup('--undo')).stdout).toContain('nothing to undo');
  });

  it('may be run again, and is still undone as a whole', async () => {
    expect((await beside()).code).toBe(0);
    const again = await beside();
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/it is included already/);
    expect(readFileSync(tree.conf, 'utf8').match(/hearthkey-api\.inc/g)).toHaveLength(1);
    await setup('--undo');
    expect(tree.picture()).toEqual(before);
  });

  it('changes nothing in a dry run, and says each step', async () => {
    const dry = await beside('--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/nothing was changed: this was a dry run/);
    await expectAsBefore();
    expect(existsSync(`${envFile}.setup`) || existsSync(join(folder, 'data'))).toBe(false);
  });

  it('does not go on without a yes', async () => {
    const refused = await setup('beside-hestia', '--hestia-root', tree.root);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') as unknown as string });
    await expectAsBefore();
  });

  describe('leaves the tree as it was', () => {
    afterEach(expectAsBefore);

    it('where there is no tree', async () => {
      expect((await setup('beside-hestia', '--hestia-root', folder, '--yes')).code).toBe(3);
    });

    it('where a setting of the file is in the way', async () => {
      writeFileSync(envFile, 'HEARTHKEY_HESTIA_ROOT=/elsewhere\n');
      const refused = await beside();
      expect(refused).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('HEARTHKEY_HESTIA_ROOT') as unknown as string,
      });
    });

    it('where nginx accepts its configuration no more after the change', async () => {
      const wrapper = join(tree.root, 'nginx/sbin/hestia-nginx');
      const program = join(folder, 'nginx');
      const refuse = `grep -q hearthkey ${tree.conf} && case "$*" in *-t*) echo refused >&2; exit 1;; esac`;
      writeFileSync(program, `#!/bin/sh\n${refuse}\nexec ${wrapper} "$@"\n`);
      chmodSync(program, 0o755);
      const failed = await beside('--nginx', program);
      expect(failed).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('refused') as unknown as string,
      });
    });

    it('where a key file of the tree is malformed, unless that is accepted', async () => {
      tree.file('data/access-keys/HESTIA00000000000009', 'no setting\n');
      before = tree.picture();
      expect((await beside()).code).toBe(12);
      expect(tree.picture()).toEqual(before);
      expect((await beside('--accept-skipped')).code).toBe(0);
      expect((await setup('--undo')).code).toBe(0);
      await within(10_000, 'nginx has reloaded', async () => (await tree.answer()) === '200 the old API');
    });

    it('where the place to listen is in use', async () => {
      const server: Server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const listen = `HEARTHKEY_LISTEN=127.0.0.1:${String(port)},unix:${folder}/http.sock`;
      writeFileSync(envFile, `HEARTHKEY_DATA_DIR=${folder}/data\n${listen}\n`);
      const refused = await beside();
      server.close();
      expect(refused).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('is in use') as unknown as string,
      });
    });

    it('where the service can not start', async () => {
      mkdirSync(join(folder, 'data'));
      writeFileSync(
        join(folder, 'data/hearthkey.db'),
        'this is no database, and long enough to be seen as none',
      );
      const failed = await beside();
      expect(failed).toMatchObject({
        code: 15,
        stderr: expect.stringContaining("can't start") as unknown as string,
      });
    });
  });

  it('is undone after a kill at any step', async () => {
    for (const step of process.env['CI'] === undefined ? [2, 3, 4, 5, 6, 7] : [3, 5, 7]) {
      const child = spawn(
        join(installation, 'bin/hearthkey'),
        [...['setup', 'beside-hestia', '--hestia-root', tree.root, '--yes']],
        { env: ownEnvironment({ HEARTHKEY_ENV_FILE: envFile }), stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const ended = once(child, 'close');
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes(`\n${String(step)}/`)) child.kill('SIGKILL');
      });
      await ended;
      expect(printed).toContain(`\n${String(step)}/`);
      const refused = await beside();
      if (refused.code !== 0) expect(refused.stderr).toContain('--undo first');
      // The service of the killed one ends by itself, and lets go of its data.
      await within(10_000, 'it is undone', async () => (await setup('--undo')).code === 0);
      expect(tree.picture()).toEqual(before);
    }
    await within(10_000, 'nginx has reloaded', async () => (await tree.answer()) === '200 the old API');
  });

  it('leaves alone what somebody changed since, and says so', async () => {
    expect((await beside()).code).toBe(0);
    const changed = `${readFileSync(tree.conf, 'utf8')}# mine\n`;
    writeFileSync(tree.conf, changed);
    const refused = await setup('--undo');
    expect(refused.code).toBe(4);
    expect(refused.stdout).toMatch(/nginx\.conf was changed since, so it stays as it is/);
    expect(readFileSync(tree.conf, 'utf8')).toBe(changed);
    const cleaned = changed.split('\n').filter((line) => !line.includes('hearthkey-api.inc'));
    writeFileSync(tree.conf, cleaned.join('\n'));
    expect((await setup('--undo')).code).toBe(0);
    expect(existsSync(join(tree.root, 'nginx/conf/hearthkey-api.inc'))).toBe(false);
    expect(readFileSync(tree.conf, 'utf8')).toBe(cleaned.join('\n'));
    await within(10_000, 'nginx has reloaded', async () => (await tree.answer()) === '200 the old API');
  });

  it('takes precedence over a location of the same name', async () => {
    tree = await NginxTree.start(namedLocation);
    await prepare();
    expect(await beside()).toMatchObject({ code: 0, stderr: '' });
    expect((await setup('--undo')).code).toBe(0);
    expect(tree.picture()).toEqual(before);
  });
});

describe('hearthkey setup', () => {
  const run = (args: readonly string[], env: Record<string, string> = { HEARTHKEY_ENV_FILE: 'none' }) =>
    runBin('hearthkey', ['setup', ...args], { env });

  it('helps, and refuses what it does not know with 1', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('beside-hestia') as unknown as string,
    });
    for (const args of [['beside'], ['--nginx-config', 'x'], ['standalone', 'join'], ['join', '--undo'], []])
      expect([args, (await run(args)).code]).toEqual([args, 1]);
  });

  it('standalone: writes nothing that is not needed, and shows that the service answers', async () => {
    const folder = temporaryFolder();
    const envFile = join(folder, 'env');
    const text = `HEARTHKEY_DATA_DIR=${folder}/data\nHEARTHKEY_LISTEN=127.0.0.1:${String(await freePort())}\n`;
    writeFileSync(envFile, text);
    const done = await run(['standalone', '--yes'], { HEARTHKEY_ENV_FILE: envFile });
    expect(done).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('it answers') as unknown as string,
    });
    expect(readFileSync(envFile, 'utf8')).toBe(text);
  });
});
