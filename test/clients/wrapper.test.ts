import { beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import type { ProcessResult } from '../support/processes.js';
import { describeWith } from '../support/programs.js';
import { runClient, startPanel, type Panel } from './panel.js';

const password = 'Root "pass\\word" 1';
let panel: Panel;
let everything: Key;
let billing: Key;
let home: string;

beforeAll(async () => {
  panel = await startPanel();
  const { service } = panel;
  await service.addUser('alice');
  await service.ok('v-change-user-password', 'admin', password);
  everything = await service.makeKey('admin', '');
  billing = await service.makeKey('admin', 'billing');
  const hash = (await service.ok('v-generate-api-key')).trim();
  home = temporaryFolder();
  mkdirSync(join(home, 'billing'));
  writeConf(home, {
    access_key: everything.id,
    secret_key: everything.secret,
    user: 'admin',
    password,
    hash,
  });
  writeConf(join(home, 'billing'), { access_key: billing.id, secret_key: billing.secret });
});

/** As a user writes it: shell variables. */
function writeConf(folder: string, credentials: Readonly<Record<string, string>>): void {
  const { hostname, port } = new URL(panel.service.url);
  const values = { host: hostname, port, ca_file: panel.place.CA_FILE, ...credentials };
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(join(folder, '.wrapper.conf'), lines.join(''));
}

function wrapper(...args: string[]): Promise<ProcessResult> {
  return runClient('wrapper.sh', args, { HOME: home });
}

/** With the settings of the folder, which win over those of the home folder. */
function wrapperOfBilling(...args: string[]): Promise<ProcessResult> {
  return runClient('wrapper.sh', args, { HOME: join(home, 'billing') });
}

describeWith('curl', 'openssl')('the wrapper script, with an access key', () => {
  it('shows what a command that is allowed prints, and ends with 0', async () => {
    expect(await wrapper('v-add-web-domain', 'alice', 'alice.example')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await wrapper('v-list-web-domains', 'alice')).toEqual({
      code: 0,
      signal: null,
      stdout: 'alice.example no',
      stderr: '',
    });
  });

  it('shows why a command is refused, and ends with the code of that', async () => {
    expect(await wrapperOfBilling('v-list-web-domains', 'alice')).toEqual({
      code: 10,
      signal: null,
      stdout: `Error: Key ${billing.id} don't have permission to run the command v-list-web-domains`,
      stderr: '',
    });
  });

  it("ends with the command's own code, and shows what it said", async () => {
    await wrapper('v-add-web-domain', 'alice', 'twice.example');
    expect(await wrapper('v-add-web-domain', 'alice', 'twice.example')).toMatchObject({
      code: 4,
      stdout: 'Error: Web domain twice.example exists',
    });
    expect((await wrapper('v-suspend-web-domain', 'alice', 'twice.example')).code).toBe(0);
    expect(await wrapper('v-suspend-web-domain', 'alice', 'twice.example')).toMatchObject({
      code: 5,
      stdout: 'Error: web domain twice.example is suspended',
    });
    expect((await wrapper('v-suspend-web-domain', 'alice', 'none.example')).code).toBe(3);
  });

  it('brings arguments over as they are: quotes, backslashes, line ends, other scripts', async () => {
    const text = 'a "quoted" \\word\\\n\tÖztürk 😀; $(id) `id` \'x\' %41 & + <b>';
    expect(await wrapper('v-make-tmp-file', text, 'text')).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(panel.tmpDir, 'text'), 'utf8')).toBe(`${text}\n`);
  });

  it('lists commands with what they do and their options', async () => {
    const { code, stdout } = await wrapper('--list', 'v-change-mail');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'HESTIA COMMAND                    DESCRIPTION                        OPTIONS',
        '--------------                    -----------                        -------',
        'v-change-mail-account-password    change mail account password       USER DOMAIN ACCOUNT PASSWORD',
        'v-change-mail-account-quota       change mail account quota          USER DOMAIN ACCOUNT QUOTA',
        'v-change-mail-account-rate-limit  change mail account rate limit     USER DOMAIN ACCOUNT RATE',
        'v-change-mail-domain-catchall     change mail domain catchall email  USER DOMAIN EMAIL',
        'v-change-mail-domain-rate-limit   change mail domain rate limit      USER DOMAIN RATE',
        'v-change-mail-domain-sslcert      change domain ssl certificate      USER DOMAIN SSL_DIR [RESTART]',
      ].join('\n'),
    );
  });

  it('lists all commands without a pattern, and those of a pattern with .* in it', async () => {
    const all = (await wrapper('-l')).stdout.split('\n');
    expect(all.length).toBeGreaterThan(500);
    const [, , ...web] = (await wrapper('-l', 'v-.*web')).stdout.split('\n');
    expect(web.length).toBeGreaterThan(20);
    for (const line of web) expect(line).toMatch(/^v-\S*web/);
    expect(all).toEqual(
      expect.arrayContaining([expect.stringMatching(/^v-list-web-domains +list web domains +USER/)]),
    );
  });

  it('ends with the codes of a wrong secret and of a key that is gone', async () => {
    const key = await panel.service.makeKey('admin', '');
    const folder = temporaryFolder();
    const call = () => runClient('wrapper.sh', ['v-list-users'], { HOME: folder });
    writeConf(folder, { access_key: key.id, secret_key: everything.secret });
    const refused = { code: 9, stdout: 'Error: Invalid access key or secret' };
    expect(await call()).toMatchObject(refused);
    writeConf(folder, { access_key: key.id, secret_key: key.secret });
    expect((await call()).code).toBe(0);
    await panel.service.ok('v-delete-access-key', key.id);
    expect(await call()).toMatchObject(refused);
  });
});

describeWith('curl', 'openssl')('the wrapper script, with the older credentials', () => {
  it('runs every command with user and password', async () => {
    expect(await wrapper('-u', 'v-list-users', 'plain')).toMatchObject({ code: 0, stderr: '' });
    expect((await wrapper('--user-password', 'v-list-user', 'alice')).stdout).toMatch(/^USERNAME: +alice\n/);
  });

  it('runs every command with a legacy key', async () => {
    expect((await wrapper('-h', 'v-list-user', 'alice')).stdout).toMatch(/^USERNAME: +alice\n/);
    expect(await wrapper('--hash', 'v-add-web-domain', 'alice', 'hash.example')).toMatchObject({
      stdout: 'OK',
    });
    expect(await wrapper('--hash', 'v-add-web-domain', 'alice', 'hash.example')).toMatchObject({
      stdout: 'Error: Web domain hash.example exists\n',
    });
    expect((await wrapper('-h', '--list', 'v-change-mail')).stdout).toMatch(/^HESTIA COMMAND /);
  });

  it('is refused with both when the legacy API is off, while its access key goes on', async () => {
    const { service } = panel;
    await service.ok('v-change-sys-config-value', 'API', 'no');
    const refused = { code: 11, stdout: 'Error: API has been disabled' };
    expect(await wrapper('-u', 'v-list-users')).toMatchObject(refused);
    expect(await wrapper('-h', 'v-list-users')).toMatchObject(refused);
    expect((await wrapper('v-list-users')).code).toBe(0);
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    expect((await wrapper('-h', 'v-list-users')).stdout).toMatch(/^USER /);
  });

  it('is refused with its password while LOGIN_DISABLED, and with nothing else', async () => {
    const { service } = panel;
    await service.ok('v-change-user-config-value', 'admin', 'LOGIN_DISABLED', 'yes');
    expect(await wrapper('-u', 'v-list-users')).toMatchObject({
      code: 9,
      stdout: 'Error: authentication failed',
    });
    expect((await wrapper('-h', 'v-list-users')).stdout).toMatch(/^USER /);
    expect((await wrapper('v-list-users')).code).toBe(0);
    expect(
      (await service.bin('v-check-access-key', [everything.id, everything.secret, 'v-list-users'])).code,
    ).toBe(0);
    expect((await service.bin('v-list-user', ['admin', 'json'])).stdout).toContain('"LOGIN_DISABLED": "yes"');
    await service.ok('v-change-user-config-value', 'admin', 'LOGIN_DISABLED', 'no');
    expect((await wrapper('-u', 'v-list-users')).stdout).toMatch(/^USER /);
  });
});
