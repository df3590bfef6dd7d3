import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { ConfigError, loadConfig } from './config.js';
import { parseRedisUrl } from './redis-url.js';

function problemOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('there was no problem');
}

const plain = { port: 6379, usesTls: false, username: undefined, password: undefined, database: 0 };

describe('Redis', () => {
  it('is none unless it is set', () => {
    expect(loadConfig({}).redis).toBeUndefined();
  });

  it.each([
    ['redis://127.0.0.1', { ...plain, host: '127.0.0.1' }],
    ['redis://redis.example.com:7000/', { ...plain, host: 'redis.example.com', port: 7000 }],
    ['redis://[::1]:7000/5', { ...plain, host: '::1', port: 7000, database: 5 }],
    ['rediss://:word@r', { ...plain, host: 'r', usesTls: true, password: 'word' }],
    [
      'redis://hk:p%40%23%25s%2F@r/15',
      { ...plain, host: 'r', username: 'hk', password: 'p@#%s/', database: 15 },
    ],
  ])('is at an address such as %s', (text, address) => {
    expect(parseRedisUrl(text)).toEqual({ address });
    expect(loadConfig({ HEARTHKEY_REDIS_URL: text }).redis).toEqual({ ...address, caFile: undefined });
  });

  const servers = (...ports: number[]) => ports.map((port, index) => ({ host: `s${String(index)}`, port }));
  const common = { usesTls: false, username: undefined, password: undefined, database: 0 };

  it.each([
    ['redis+sentinel://s0/my', { ...common, sentinels: servers(26379), masterName: 'my' }],
    [
      'rediss+sentinel://hk:p%40,%2F@s0:1,s1,s2:3/my-master.1/5',
      {
        ...{ sentinels: servers(1, 26379, 3), masterName: 'my-master.1', database: 5, usesTls: true },
        ...{ username: 'hk', password: 'p@,/' },
      },
    ],
    [
      'redis+sentinel://[::1]:7,[fe80::1]/my/',
      {
        ...{ ...common, masterName: 'my' },
        sentinels: [
          { host: '::1', port: 7 },
          { host: 'fe80::1', port: 26379 },
        ],
      },
    ],
    ['redis+cluster://s0', { ...common, clusterNodes: servers(6379) }],
    [
      'REDISS+CLUSTER://:word@s0:1,s1:2/',
      { ...common, clusterNodes: servers(1, 2), usesTls: true, password: 'word' },
    ],
  ])('may be several servers, at an address such as %s', (text, address) => {
    expect(parseRedisUrl(text)).toEqual({ address });
    expect(loadConfig({ HEARTHKEY_REDIS_URL: text }).redis).toEqual({ ...address, caFile: undefined });
  });

  it('may have Sentinels with a password of their own, and only then', () => {
    const environment = { HEARTHKEY_REDIS_SENTINEL_PASSWORD: 'hunter2' };
    const url = 'rediss+sentinel://s/my';
    expect(loadConfig({ ...environment, HEARTHKEY_REDIS_URL: url }).redis).toMatchObject({
      sentinelPassword: 'hunter2',
      password: undefined,
    });
    const file = join(temporaryFolder(), 'sentinel-password');
    writeFileSync(file, 'hunter2\n');
    const fromFile = { HEARTHKEY_REDIS_SENTINEL_PASSWORD_FILE: file, HEARTHKEY_REDIS_URL: url };
    expect(loadConfig(fromFile).redis).toMatchObject({ sentinelPassword: 'hunter2' });
    for (const other of [{}, { HEARTHKEY_REDIS_URL: 'redis+cluster://s' }]) {
      const problem = problemOf({ ...environment, ...other });
      expect(problem).toMatch(/^HEARTHKEY_REDIS_SENTINEL_PASSWORD: .*redis\+sentinel:\/\/$/);
      expect(problem).not.toContain('hunter2');
    }
  });

  it('may have its address in a file, because of the password', () => {
    const file = join(temporaryFolder(), 'redis-url');
    writeFileSync(file, 'redis://:word@127.0.0.1\n');
    expect(loadConfig({ HEARTHKEY_REDIS_URL_FILE: file }).redis).toMatchObject({ password: 'word' });
  });

  it('may have a certificate authority of its own, with TLS alone', () => {
    const environment = { HEARTHKEY_REDIS_CA: '/etc/redis.pem' };
    const withTls = { ...environment, HEARTHKEY_REDIS_URL: 'REDISS://r' };
    expect(loadConfig(withTls).redis).toMatchObject({ usesTls: true, caFile: '/etc/redis.pem' });
    expect(loadConfig({ ...environment, HEARTHKEY_REDIS_URL: 'rediss+cluster://r' }).redis).toMatchObject({
      caFile: '/etc/redis.pem',
    });
    expect(problemOf(environment)).toMatch(/^HEARTHKEY_REDIS_CA: .*rediss:\/\/$/);
    expect(problemOf({ ...environment, HEARTHKEY_REDIS_URL: 'redis://r' })).toMatch(/^HEARTHKEY_REDIS_CA: /);
  });

  it.each([
    'http://:hunter2@r',
    'hunter2',
    'redis://:hunter2@',
    'redis://:hunter2@r:99999',
    'redis://:hunter2@r/nemo',
    'redis://:hunter2@r/0/1',
    'redis://:hunter2@r?db=1',
    'redis://:hun#ter2@r',
    'redis://:hunter2%@r',
    'redis://hunter2@r',
    'redis:r',
    'redis://:hunter2@r,s',
    'redis+sentinel://:hunter2@r',
    'redis+sentinel://:hunter2@r/',
    'redis+sentinel://:hunter2@r/my/nemo',
    'redis+sentinel://:hunter2@/my',
    'redis+sentinel://:hunter2@r,/my',
    'redis+sentinel://:hunter2@r:x/my',
    'redis+cluster://:hunter2@r/5',
    'redis+cluster://:hunter2@r,:6379',
    'redis+cluster://:hunter2@r:1:2',
    'redis+cluster://hunter2@r',
    'redis+other://:hunter2@r',
    'redis+cluster+sentinel://:hunter2@r',
  ])('at %s is refused, and nothing of the address is in the message', (text) => {
    const problem = problemOf({ HEARTHKEY_REDIS_URL: text });
    expect(problem).toMatch(/^HEARTHKEY_REDIS_URL: [^\n]+$/);
    expect(problem).not.toMatch(/hun|ter2|99999|nemo/);
  });
});
