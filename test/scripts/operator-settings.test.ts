import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { ExamplePanel } from '../support/example-panel.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { runProcess, ServiceProcess, type ProcessResult } from '../support/processes.js';
import { within } from '../support/waiting.js';
import { copyInstallation } from './installation-copy.js';

/** Starts a service with each harness of the copy, and adds a user there. */
const harnesses = `
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchService } from '../bench/service.js';
import { makeCaseFolder } from '../test/conformance/case-folder.js';
import { Service } from '../test/conformance/service.js';
import { Node } from '../test/faults/nodes.js';
import { FaultService } from '../test/faults/service.js';
import { cleanUp } from '../test/support/clean-up.js';
import { temporaryFolder } from '../test/support/folders.js';
import { ServiceProcess } from '../test/support/processes.js';

const user = ['v-add-user', 'alice', 'Strong-pass-9', 'a@example.com'] as const;
const told: Record<string, unknown> = {
  inherited: Object.keys(process.env).filter((name) => name.startsWith('HEARTHKEY_')).map((name) => name + '=' + process.env[name]),
};

const tested = await ServiceProcess.start();
told['tests'] = (await tested.run(...user)).code;
told['command line'] = (await tested.bin(user[0], ['bob', ...user.slice(2)])).code;
const mistreated = await FaultService.start(join(temporaryFolder(), 'data'));
told['faults'] = (await mistreated.run(...user)).code;
const node = await Node.start({ settings: {}, leaveOut: undefined });
told['faults of nodes'] = (await node.run(...user)).code;
await node.kill('SIGTERM');
const measured = new BenchService();
await measured.start();
told['bench'] = measured.command(user[0], user.slice(1)).code;
await measured.stop();
const folder = makeCaseFolder(mkdtempSync(join(tmpdir(), 'hk-')), 'one');
const recorded = await Service.start({ installation: join(import.meta.dirname, '..'), folder, lang: 'C.UTF-8' });
told['conformance'] = (await recorded.run(user)).exitCode;
await recorded.stop();
await cleanUp();
process.stdout.write(JSON.stringify(told) + '\\n');
process.exit(0);
`;

/** The same for what runs within Jest. */
const inJest = `
import { expect, it } from '@jest/globals';
import { TestService } from '../test/support/test-service.js';

it('touches nothing of the operator', async () => {
  const service = await TestService.start();
  expect(await service.run('v-add-user', 'alice', 'Strong-pass-9', 'a@example.com')).toMatchObject({ code: 0 });
  expect(Object.keys(process.env).filter((name) => name.startsWith('HEARTHKEY_'))).toEqual(['HEARTHKEY_ENV_FILE', 'HEARTHKEY_RUN_DIR']);
});
`;

let copy: string;
let panel: ExamplePanel;
let operatorsData: string;

/** All that the operator has. */
function operatorsFiles(): string[] {
  const folders = [panel.root, operatorsData, join(copy, 'data')];
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    } catch {
      return [`no ${folder}`];
    }
  });
}

const operatorsSettings = (): Record<string, string> => ({
  HEARTHKEY_HESTIA_ROOT: panel.root,
  HEARTHKEY_DATA_DIR: operatorsData,
  HEARTHKEY_LISTEN: '127.0.0.1:0',
});

/** With the operator's settings in the environment, too. */
function runInCopy(...args: string[]): Promise<ProcessResult> {
  const HOME = temporaryFolder();
  const env = { ...operatorsSettings(), HOME, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  return runProcess(process.execPath, args, { cwd: copy, env, timeoutMs: 600_000 });
}

beforeAll(async () => {
  const { code, stderr } = await runProcess(process.execPath, [join(installation, 'scripts/build.mjs')], {
    env: { HOME: temporaryFolder() },
    timeoutMs: 600_000,
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  copy = copyInstallation(
    ...['bench', 'bin', 'dist', 'examples', 'scripts', 'src', 'test', 'jest.config.js'],
    ...['package-lock.json', 'tsconfig.json'],
  );
  mkdirSync(join(copy, 'probe'));
  writeFileSync(join(copy, 'probe/run.ts'), harnesses);
  writeFileSync(join(copy, 'test/probe.test.ts'), inJest.replaceAll('../test/', './'));
});

beforeEach(() => {
  panel = new ExamplePanel();
  operatorsData = join(temporaryFolder(), 'data');
  const lines = Object.entries(operatorsSettings()).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(copy, '.env'), lines.join(''));
});

describe('in a folder with the settings of an operator', () => {
  it('a service that is started by hand reads them: the copy below is one that could do harm', async () => {
    const service = spawn(process.execPath, [join(copy, 'dist/bundle/serve.js')], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: Object.fromEntries([['PATH', process.env['PATH']]]),
    });
    let printed = '';
    service.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    try {
      await within(60_000, 'it serves', () => printed.includes('serves at'));
      const client = new Client('', join(operatorsData, 'run/admin.sock'));
      await client.ok('v-add-user', 'alice', 'Strong-pass-9', 'a@example.com');
      expect(panel.has('data/users/alice/user.conf')).toBe(true);
    } finally {
      service.kill('SIGKILL');
      await once(service, 'close');
    }
  });

  it('no harness reads them, and none inherits them', async () => {
    const before = operatorsFiles();
    const { code, stdout, stderr } = await runInCopy(join(copy, 'scripts/run.mjs'), 'probe');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      inherited: ['HEARTHKEY_ENV_FILE=none', 'HEARTHKEY_RUN_DIR=none'],
      ...{ tests: 0, 'command line': 0, faults: 0, 'faults of nodes': 0, bench: 0, conformance: 0 },
    });
    expect(operatorsFiles()).toEqual(before);
  });

  it('the demo reads none of them', async () => {
    const before = operatorsFiles();
    const { code, stdout, stderr } = await runInCopy(join(copy, 'scripts/demo.mjs'));
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(operatorsFiles()).toEqual(before);
  });

  it('no test reads them, and none inherits them', async () => {
    const before = operatorsFiles();
    const jest = join(copy, 'node_modules/jest/bin/jest.js');
    const { code, stderr } = await runInCopy(jest, '--rootDir', copy, 'probe');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain('1 passed');
    expect(operatorsFiles()).toEqual(before);
  });
});

describe('HEARTHKEY_ENV_FILE', () => {
  it('names another file, for the service and for the command line', async () => {
    const DATA_DIR = join(temporaryFolder(), 'data');
    const file = join(temporaryFolder(), 'settings');
    writeFileSync(file, `HEARTHKEY_ROOT_USER=operator\nHEARTHKEY_DATA_DIR=${DATA_DIR}\n`);
    const service = await ServiceProcess.start({ DATA_DIR, ENV_FILE: file });
    expect(await service.ok('v-list-users', 'plain')).toMatch(/^operator\t/);
    const env = { HEARTHKEY_ENV_FILE: file };
    const { code, stdout } = await runProcess(join(installation, 'bin/v-list-users'), ['plain'], { env });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^operator\t/) });
  });

  it('that names no file is refused', async () => {
    const result = await ServiceProcess.startAndEnd({ ENV_FILE: '/nonexistent/settings' });
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(
      "HEARTHKEY_ENV_FILE: /nonexistent/settings can't be read: it is not there (ENOENT)",
    );
  });
});
