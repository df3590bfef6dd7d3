import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { formatAddressRange } from '../network/address-range.js';
import { ConfigError, installationDir, loadConfig, settingNames } from './config.js';

function problemOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('there was no problem');
}

describe('the configuration', () => {
  it('needs no setting at all: every one has its documented default', () => {
    const dataDir = join(installationDir, 'data');
    expect(loadConfig({})).toMatchObject({
      listen: [{ host: '127.0.0.1', port: 8183 }],
      dataDir,
      socketPath: join(dataDir, 'run/admin.sock'),
      apisDir: join(dataDir, 'api'),
      pepperFile: join(dataDir, 'pepper'),
      acceptNewPepper: false,
      commandsDir: undefined,
      commandsUser: undefined,
      commandTimeoutMs: 300_000,
      trustedProxies: [],
      rootUser: 'admin',
      auditSync: 'second',
      logLevel: 'info',
      unknownSettings: [],
    });
  });

  it('is relative to the installation, whatever the working directory is', () => {
    expect(isAbsolute(installationDir)).toBe(true);
    expect(existsSync(join(installationDir, 'package.json'))).toBe(true);
    const config = loadConfig({ HEARTHKEY_DATA_DIR: 'elsewhere', HEARTHKEY_COMMANDS_DIR: './bin' });
    expect(config.dataDir).toBe(join(installationDir, 'elsewhere'));
    expect(config.commandsDir).toBe(join(installationDir, 'bin'));
  });

  it('takes an absolute path as it is', () => {
    expect(loadConfig({ HEARTHKEY_PEPPER_FILE: '/etc/hearthkey/pepper' }).pepperFile).toBe(
      '/etc/hearthkey/pepper',
    );
  });

  it('keeps what belongs to the data directory there when that moves', () => {
    const config = loadConfig({ HEARTHKEY_DATA_DIR: '/var/lib/hearthkey' });
    expect(config.socketPath).toBe('/var/lib/hearthkey/run/admin.sock');
    expect(config.apisDir).toBe('/var/lib/hearthkey/api');
    expect(config.pepperFile).toBe('/var/lib/hearthkey/pepper');
  });

  it('takes an empty value as none', () => {
    expect(loadConfig({ HEARTHKEY_LISTEN: '', HEARTHKEY_COMMANDS_DIR: '' })).toMatchObject({
      listen: [{ port: 8183 }],
      commandsDir: undefined,
    });
  });

  it('reads each kind of value', () => {
    const config = loadConfig({
      HEARTHKEY_LISTEN: '[::1]:443',
      HEARTHKEY_COMMAND_TIMEOUT: '5m',
      HEARTHKEY_COMMAND_OUTPUT_LIMIT: '4096',
      HEARTHKEY_TRUSTED_PROXIES: '10.0.0.0/8, ::1\n192.0.2.1',
      HEARTHKEY_NEW_PEPPER: 'yes',
      HEARTHKEY_AUDIT_SYNC: 'always',
    });
    expect(config.listen).toEqual([{ host: '::1', port: 443 }]);
    expect(config.commandTimeoutMs).toBe(300_000);
    expect(config.commandOutputLimitBytes).toBe(4096);
    expect(config.trustedProxies.map(formatAddressRange)).toEqual(['10.0.0.0/8', '::1', '192.0.2.1']);
    expect(config.acceptNewPepper).toBe(true);
    expect(config.auditSync).toBe('always');
  });

  it.each([
    ['LISTEN', 'nowhere'],
    ['LISTEN', '127.0.0.1:65536'],
    ['LISTEN', '::1:8183'],
    ['LISTEN', 'unix:'],
    ['LISTEN', '127.0.0.1:8183,'],
    ['LISTEN', '127.0.0.1:8183,unix:/run/a,unix:/run/a'],
    ['LISTEN_GROUP', 'no group'],
    ['CONNECTIONS', '1'],
    ['CONNECTIONS_PER_ADDRESS', 'many'],
    ['COMMAND_TIMEOUT', 'soon'],
    ['COMMAND_TIMEOUT', '0'],
    ['COMMAND_TIMEOUT', '25d'],
    ['COMMAND_OUTPUT_LIMIT', '1'],
    ['COMMAND_OUTPUT_LIMIT', 'lots'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,localhost'],
    ['NEW_PEPPER', 'true'],
    ['ROOT_USER', 'not a user'],
    ['SECRET_PREFIX', '-hk_'],
    ['SECRET_PREFIX', 'hearthk_'],
    ['SECRET_PREFIX', 'h:'],
    ['COMMANDS_USER', '-u'],
    ['AUDIT_SYNC', 'never'],
    ['LOG_LEVEL', 'loud'],
  ])('names HEARTHKEY_%s when its value is %p', (name, value) => {
    expect(problemOf({ [`HEARTHKEY_${name}`]: value })).toMatch(new RegExp(`^HEARTHKEY_${name}: \\S`));
  });

  it.each([
    ['CONNECTIONS', '1', 'expected a whole number of at least 16, got 1'],
    ['CONNECTIONS', '1.5', 'expected a whole number, got 1.5'],
    ['CONNECTIONS', 'many', 'expected a whole number, got many'],
    ['CONNECTIONS', '9999999999', 'expected a whole number of at most 1000000, got 9999999999'],
    ['CONSOLE', 'true', 'expected yes or no, got true'],
    ['AUDIT_SYNC', 'never', 'expected second or always, got never'],
    ['LEASE', '5', 'expected a number with a unit (ms, s, m, h, d or w), such as 500ms, 30s or 12h, got 5'],
    ['LEASE', '1ms', 'expected a duration from 200ms to 10m, got 1ms'],
    ['TRUSTED_PROXIES', '::1 localhost', 'expected addresses or CIDR ranges, got localhost'],
    ['ROOT_USER', 'no user', 'expected a user name, got no user'],
  ])('says what HEARTHKEY_%s expects and what it got: %s', (name, value, message) => {
    expect(problemOf({ [`HEARTHKEY_${name}`]: value })).toBe(`HEARTHKEY_${name}: ${message}`);
  });

  it('shows no value that may have a secret in it', () => {
    const secret = 'postgres//user:hunter2@host/db';
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'UPSTREAM_URL', 'UPSTREAM_SECRET_KEY', 'PANEL_URL'])
      expect(problemOf({ [`HEARTHKEY_${name}`]: secret })).not.toContain('hunter2');
    for (const name of ['AUDIT_EXPORT', 'AUDIT_WITNESS'])
      expect(problemOf({ [`HEARTHKEY_${name}`]: 'http://logs.example.com/?token=hunter2' })).toMatch(
        new RegExp(`^HEARTHKEY_${name}: (?!.*hunter2)`),
      );
  });

  it('shows no secret that was given in the place of its file', () => {
    for (const value of ['postgres://hearthkey:hunter2@db/keys', 'hunter2'])
      expect(problemOf({ HEARTHKEY_DATABASE_URL_FILE: value })).toBe(
        "HEARTHKEY_DATABASE_URL_FILE: the file can't be read: it is not there (ENOENT)",
      );
    expect(problemOf({ HEARTHKEY_DATABASE_URL_FILE: '/nowhere/url' })).toContain(' /nowhere/url ');
  });

  it('says which network a range with host bits is taken for', () => {
    expect(loadConfig({ HEARTHKEY_TRUSTED_PROXIES: '10.0.0.1/8 ::1' }).warnings).toEqual([
      'HEARTHKEY_TRUSTED_PROXIES: 10.0.0.1/8 is taken for the network 10.0.0.0/8',
    ]);
    expect(loadConfig({ HEARTHKEY_TRUSTED_PROXIES: '10.0.0.0/8' }).warnings).toEqual([]);
  });

  it('reads several places to listen at', () => {
    const { listen } = loadConfig({
      HEARTHKEY_LISTEN: '127.0.0.1:8183, unix:/run/hearthkey/http.sock,[::1]:80',
    });
    expect(listen).toEqual([
      { host: '127.0.0.1', port: 8183 },
      { path: '/run/hearthkey/http.sock' },
      { host: '::1', port: 80 },
    ]);
    expect(loadConfig({ HEARTHKEY_LISTEN: 'unix:run/http.sock' }).listen).toEqual([
      { path: join(installationDir, 'run/http.sock') },
    ]);
  });

  it('names all bad values at once, each on its line', () => {
    const lines = problemOf({ HEARTHKEY_LISTEN: 'x', HEARTHKEY_LOG_LEVEL: 'x' }).split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual(['HEARTHKEY_LISTEN', 'HEARTHKEY_LOG_LEVEL']);
  });

  it('tells of a setting that does not exist, and passes over what others have in the environment', () => {
    const config = loadConfig({ HEARTHKEY_LISTN: 'x', PATH: '/bin', HOME: '/root' });
    expect(config.unknownSettings).toEqual(['HEARTHKEY_LISTN']);
  });

  it('can not be changed once it is read', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it('knows each setting by its full name', () => {
    for (const name of settingNames) expect(name).toMatch(/^HEARTHKEY_[A-Z_]+$/);
  });
});
