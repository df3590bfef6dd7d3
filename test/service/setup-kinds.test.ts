/** `hearthkey setup` in front of another panel, and of a node that joins others. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { runBin, type ProcessResult } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { postgresServer } from '../support/store.js';
import { TestService } from '../support/test-service.js';

let folder: string;
let envFile: string;
let envText: string;

beforeEach(async () => {
  folder = temporaryFolder();
  envFile = join(folder, 'env');
  const listen = `127.0.0.1:${String(await freePort())}`;
  envText = `HEARTHKEY_DATA_DIR=${folder}/data\nHEARTHKEY_LISTEN=${listen}\n`;
  writeFileSync(envFile, envText);
});

function setup(args: readonly string[], input?: string): Promise<ProcessResult> {
  const env = { HEARTHKEY_ENV_FILE: envFile };
  return runBin('hearthkey', ['setup', ...args], { env, ...(input !== undefined && { input }) });
}

function expectNothingLeft(): void {
  expect(readFileSync(envFile, 'utf8')).toBe(envText);
  expect(readdirSync(folder).filter((name) => !['env', 'data', 'data-audit'].includes(name))).toEqual([]);
}

describe('hearthkey setup in-front', () => {
  it('asks the panel first, keeps the secret in a file of its own, and undoes it', async () => {
    const panel = await TestService.startOpen(['alice']);
    const key = await panel.makeKey('admin', '');
    const own = [
      'in-front',
      '--upstream-url',
      panel.url,
      '--access-key',
      key.id,
      '--secret-file',
      '-',
      '--yes',
    ];
    const refused = await setup(own, `${key.secret.slice(0, -1)}\n`);
    expect(refused.code).not.toBe(0);
    expectNothingLeft();
    const dry = await setup([...own, '--dry-run'], `${key.secret}\n`);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expectNothingLeft();
    const done = await setup(own, `${key.secret}\n`);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('has 2 users');
    expect(`${done.stdout}${readFileSync(envFile, 'utf8')}`).not.toContain(key.secret);
    const secretFile = join(folder, 'panel-secret');
    expect(readFileSync(secretFile, 'utf8')).toBe(`${key.secret}\n`);
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect((await setup(['--undo'])).code).toBe(0);
    expectNothingLeft();
  });
});

describeWith('initdb', 'postgres')('hearthkey setup join', () => {
  it('checks database and pepper before it writes them, and joins', async () => {
    const url = await (await postgresServer()).newDatabase();
    const pepperFile = join(temporaryFolder(), 'pepper');
    const first = await TestService.start({ DATABASE_URL: url, PEPPER_FILE: pepperFile });
    const urlFile = join(temporaryFolder(), 'url');
    writeFileSync(urlFile, `${url}\n`);
    const own = ['join', '--database-url-file', urlFile, '--pepper-file', '-', '--yes'];
    const foreign = `${Buffer.alloc(32, 7).toString('base64')}\n`;
    expect(await setup(own, foreign)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("not that of the database's nodes") as unknown as string,
    });
    expect((await setup(own, 'no pepper\n')).code).toBe(2);
    expect((await setup(['join', '--database-url-file', urlFile, '--yes'])).code).toBe(3);
    expectNothingLeft();
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const done = await setup(own, readFileSync(pepperFile, 'utf8'));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(folder, 'data/pepper'), 'utf8')).toBe(readFileSync(pepperFile, 'utf8'));
    expect(done.stdout + readFileSync(envFile, 'utf8')).not.toContain(new URL(url).password || 'postgres://');
    expect((await setup(['--undo'])).code).toBe(0);
    expect(readFileSync(envFile, 'utf8')).toBe(envText);
    expect(existsSync(join(folder, 'data/pepper'))).toBe(false);
    await first.close();
  });

  it('refuses a database that no node has used', async () => {
    const urlFile = join(temporaryFolder(), 'url');
    writeFileSync(urlFile, await (await postgresServer()).newDatabase());
    const refused = await setup(
      ['join', '--database-url-file', urlFile, '--pepper-file', '-', '--yes'],
      'x\n',
    );
    expect(refused).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no node has used') as unknown as string,
    });
    expectNothingLeft();
  });
});
