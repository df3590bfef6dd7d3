import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { ConfigError, loadConfig } from './config.js';
import { parseRedisUrl } from './redis-settings.js';

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

  it('may have its address in a file, because of the password', () => {
    const file = join(temporaryFolder(), 'redis-url');
    writeFileSync(file, 'redis://:word@127.0.0.1\n');
    expect(loadConfig({ HEARTHKEY_REDIS_URL_FILE: file }).redis).toMatchObject({ password: 'word' });
  });

  it('may have a certificate authority of its own, with TLS alone', () => {
    const environment = { HEARTHKEY_REDIS_CA: '/etc/redis.pem' };
    const withTls = { ...environment, HEARTHKEY_REDIS_URL: 'REDISS://r' };
    expect(loadConfig(withTls).redis).toMatchObject({ usesTls: true, caFile: '/etc/redis.pem' });
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
  ])('at %s is refused, and nothing of the address is in the message', (text) => {
    const problem = problemOf({ HEARTHKEY_REDIS_URL: text });
    expect(problem).toMatch(/^HEARTHKEY_REDIS_URL: [^\n]+$/);
    expect(problem).not.toMatch(/hun|ter2|99999|nemo/);
  });
});
