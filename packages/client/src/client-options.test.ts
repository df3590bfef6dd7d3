import { describe, expect, it } from '@jest/globals';
import { createClient, type ClientOptions } from './client.js';
import { bearer, checkOptions } from './client-options.js';

const key = { accessKeyId: 'InNqgp01kO3v0W22eg6Z', secretAccessKey: 'S'.repeat(40) };
const url = 'https://panel.example.com:8183';

describe('the options of a client', () => {
  it.each([
    ['https://panel.example.com:8183/', url],
    ['https://panel.example.com:8183/hearthkey/', `${url}/hearthkey`],
    ['http://[::1]:8183', 'http://[::1]:8183'],
  ])('take the url %s', (given, expected) => {
    expect(checkOptions({ url: given, ...key })).toMatchObject({
      url: expected,
      timeoutMs: 30_000,
      retries: 2,
    });
  });

  it.each<[string, object]>([
    ['no url', { url: '' }],
    ['another scheme', { url: 'ftp://panel.example.com' }],
    ['credentials in the url', { url: 'https://a:b@panel.example.com' }],
    ['a query', { url: `${url}/?a=b` }],
    ['no time', { timeoutMs: 0 }],
    ['a time that no timer takes', { timeoutMs: 2 ** 31 }],
    ['no number of retries', { retries: -1 }],
    ['half a retry', { retries: 0.5 }],
    ['two callers', { csrfToken: () => undefined }],
    ['a fetch that is none', { fetch: true }],
  ])('refuse %s', (_what, wrong) => {
    expect(() => createClient({ url, ...key, ...wrong })).toThrow(/url|timeoutMs|retries|one of|fetch/);
  });

  it('refuse no caller, and one that cannot be asked', () => {
    expect(() => createClient({ url } as ClientOptions)).toThrow('one of');
    for (const caller of [{ credentials: key }, { csrfToken: 'token' }])
      expect(() => createClient({ url, ...caller } as unknown as ClientOptions)).toThrow(
        'must be a function',
      );
  });

  it.each(['', 'with blank', 'line\n', 'ünicode', undefined])(
    'refuse the secret %p without repeating it',
    (secretAccessKey) => {
      const make = () => createClient({ url, ...key, secretAccessKey: secretAccessKey as string });
      expect(make).toThrow('accessKeyId and secretAccessKey must be an access key');
    },
  );

  it('make the header of an access key', () => {
    expect(bearer(key)).toBe(`Bearer ${key.accessKeyId}:${key.secretAccessKey}`);
  });
});
