/** What is wrong with the settings is said before anything starts: the place, what was expected, the system's reason. */
import { describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folders.js';
import { ServiceProcess } from '../support/processes.js';
import { patienceMs, within } from '../support/waiting.js';

function settingsFile(text: string): string {
  const file = join(temporaryFolder(), 'settings');
  writeFileSync(file, text);
  return file;
}

async function refusal(settings: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await ServiceProcess.startAndEnd(settings);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
}

describe('the settings file', () => {
  it('is refused with the number of each line that is none', async () => {
    const file = settingsFile(
      '\ufeff# settings\nHEARTHKEY_LOG_LEVEL=warn\nHEARTHKEY_LISTEN 127.0.0.1:1\n=x\n',
    );
    expect(await refusal({ ENV_FILE: file })).toBe(
      `Hearthkey can't start: ${file}, line 3: expected NAME=value\nHearthkey can't start: ${file}, line 4: expected NAME=value\n`,
    );
  });

  it('may begin with a byte order mark and have comments; what a comment cuts off is said', async () => {
    const file = settingsFile('\ufeffHEARTHKEY_ROOT_USER=operator # who\n#HEARTHKEY_ROOT_USER=no\n');
    const service = await ServiceProcess.start({ ENV_FILE: file });
    expect(await service.ok('v-list-users', 'plain')).toMatch(/^operator\t/);
    expect(service.stderr).toContain(`${file}, line 1: HEARTHKEY_ROOT_USER ends before the #`);
  });

  it('that can not be read is refused with the reason of the system', async () => {
    const folder = temporaryFolder();
    expect(await refusal({ ENV_FILE: folder })).toContain(
      `${folder} can't be read: it is a directory (EISDIR)`,
    );
    const below = join(settingsFile(''), 'below');
    expect(await refusal({ ENV_FILE: below })).toContain('a part of its path is no directory (ENOTDIR)');
    expect(await refusal({ ENV_FILE: '/nonexistent' })).toContain('it is not there (ENOENT)');
  });
});

describe('a setting', () => {
  it('that names a file says why the system refuses it', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'cert'));
    const pair = { TLS_CERT: join(folder, 'cert'), TLS_KEY: join(folder, 'key') };
    expect(await refusal(pair)).toBe(
      `Hearthkey can't start: HEARTHKEY_TLS_CERT: ${pair.TLS_CERT} can't be read: it is a directory (EISDIR)\n`,
    );
    expect(await refusal({ COMMANDS_DIR: '/nonexistent' })).toBe(
      "Hearthkey can't start: HEARTHKEY_COMMANDS_DIR: /nonexistent can't be read: it is not there (ENOENT)\n",
    );
  });

  it('that is mistyped is asked about in the log', async () => {
    const service = await ServiceProcess.start({ TRUSTED_PROXYS: '10.0.0.1' });
    await within(patienceMs, 'it is said', () =>
      service.stderr.includes('did you mean HEARTHKEY_TRUSTED_PROXIES?'),
    );
    expect((await service.run('doctor')).stdout).toContain('did you mean HEARTHKEY_TRUSTED_PROXIES?');
  });

  it('that serves a public address without TLS is warned of at the start, and by doctor', async () => {
    const service = await ServiceProcess.start({
      LISTEN: '127.0.0.1:0,0.0.0.0:0',
      TRUSTED_PROXIES: '10.0.0.1/8',
    });
    const warning = 'HEARTHKEY_LISTEN 0.0.0.0:0: can be reached from other networks without TLS';
    await within(patienceMs, 'it is said', () => service.stderr.includes(warning));
    expect(service.stderr).toContain('10.0.0.1/8 is taken for the network 10.0.0.0/8');
    expect((await service.run('doctor', 'plain')).stdout).toContain('no_tls\tHEARTHKEY_LISTEN 0.0.0.0:0');
  });
});
