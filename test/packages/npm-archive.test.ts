/** The npm archive: what is in it, and that an installation of it works without a registry. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/config/version.js';
import { atEnd } from '../support/clean-up.js';
import { Client } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { decide, makePackage } from '../support/made-packages.js';
import { ownEnvironment, ownSettings } from '../support/own-environment.js';
import { runProcess, type ProcessResult } from '../support/processes.js';
import { within } from '../support/waiting.js';

let file: string;
let prefix: string;
let home: string;

beforeAll(async () => {
  file = await makePackage('npm');
  prefix = temporaryFolder();
  home = temporaryFolder();
  const args = ['install', '--global', '--prefix', prefix, '--offline', '--no-audit', '--no-fund', file];
  const installed = await runProcess('npm', args, { env: { HOME: home } });
  if (installed.code !== 0) throw new Error(installed.stderr);
});

const bin = (name: string, args: string[], env: Readonly<Record<string, string>>): Promise<ProcessResult> =>
  runProcess(join(prefix, 'bin', name), args, { env });

describe('the npm archive', () => {
  it('is the same bytes twice, whatever umask and zone are', async () => {
    const again = await makePackage('npm', { TZ: 'Asia/Tokyo' });
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  it('installs without a registry, and has every name', () => {
    const names = readdirSync(join(installation, 'bin')).filter((name) => name !== 'package.json');
    expect(readdirSync(join(prefix, 'bin')).sort()).toEqual(names.sort());
  });

  it('has nothing in it that npm would run or compile', () => {
    const folder = join(prefix, 'lib/node_modules/hearthkey');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /binding\.gyp$|\.(map|ts|cc|cpp|c|h)$/.test(name))).toEqual([]);
    for (const name of files.filter((one) => one.endsWith('package.json')))
      expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).not.toHaveProperty('scripts');
    expect(statSync(file).size).toBeLessThan(12_000_000);
  });

  it('tells its version without a service, and where one was looked for', async () => {
    expect(await bin('hearthkey', ['--version'], {})).toMatchObject({
      code: 0,
      stdout: `hearthkey ${version}\n`,
    });
    const refused = await bin('v-list-users', [], { HEARTHKEY_DATA_DIR: temporaryFolder() });
    expect(refused.code).toBe(15);
    expect(refused.stderr).toContain('Start it: hearthkey serve');
  });
});

describe('its service', () => {
  let child: ChildProcess;
  let socket: string;
  const runDir = join(temporaryFolder(), 'run');

  beforeAll(() => {
    const settings = ownSettings();
    socket = join(settings['HEARTHKEY_DATA_DIR'] ?? '', 'run/admin.sock');
    const env = ownEnvironment({ ...settings, HEARTHKEY_RUN_DIR: runDir });
    child = spawn(join(prefix, 'bin/hearthkey'), ['serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    atEnd(() => void child.kill('SIGKILL'));
  });

  it('serves, makes a key and decides', async () => {
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const url = () => /serves at (\S+)\/api\//.exec(printed)?.[1];
    await within(20_000, 'the first screen', () => url() !== undefined);
    const service = new Client(url() ?? '', socket);
    await service.addUser('alice');
    const key = await service.makeKey('alice', 'mail-accounts');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.1');
    expect(await decide(service, key, 'v-list-mail-domains', 'alice')).toBe(true);
    expect(await decide(service, key, 'v-delete-user', 'alice')).toBe(false);
    expect((await service.request('GET', '/console/', undefined)).status).toBeLessThan(400);
  });

  it('is found by its command line, which knows nothing of its data directory', async () => {
    const found = await bin('v-list-users', ['plain'], { HEARTHKEY_RUN_DIR: runDir });
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('alice') as unknown as string });
  });

  it('ends in order, and its announcement with it', async () => {
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readdirSync(runDir)).toEqual([]);
  });
});
