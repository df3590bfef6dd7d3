import { describe, expect, it } from '@jest/globals';
import { headersOf, randomId, urlOf } from './outgoing-request.js';

const get = { method: 'get', accept: 'application/json' } as const;
const base = 'http://127.0.0.1/below';

describe('the URL of a request', () => {
  it.each([
    ['alice', '/v1/users/alice'],
    ['192.0.2.0/24', '/v1/users/192.0.2.0%2F24'],
    ['a b?c#d', '/v1/users/a%20b%3Fc%23d'],
    ['...', '/v1/users/...'],
  ])('has %p in its path', (user, expected) => {
    expect(urlOf(base, { ...get, path: '/v1/users/{user}', parameters: { user } })).toBe(base + expected);
  });

  it.each(['', '.', '..', undefined])('is not made with %p, which would be another path', (user) => {
    const parameters = { user };
    expect(() => urlOf(base, { ...get, path: '/v1/users/{user}/suspend', parameters })).toThrow(TypeError);
  });

  it('has the filters that are given', () => {
    const query = { text: 'a&b=c d', limit: 5, dryRun: true, cursor: undefined };
    expect(urlOf(base, { ...get, path: '/v1/x', query })).toBe(
      `${base}/v1/x?text=a%26b%3Dc+d&limit=5&dryRun=true`,
    );
  });
});

describe('the headers of a request', () => {
  it('say no more than there is', () => {
    expect(headersOf({ ...get, path: '/' }, '1')).toEqual({
      Accept: 'application/json',
      'X-Request-ID': '1',
    });
  });

  it('have what the change rests on, and its type', () => {
    const request = {
      ...get,
      path: '/',
      method: 'patch',
      body: {},
      ifMatch: '"1"',
      idempotencyKey: 'k',
    } as const;
    expect(headersOf(request, '1')).toMatchObject({
      ...{ 'Content-Type': 'application/merge-patch+json', 'If-Match': '"1"', 'Idempotency-Key': 'k' },
    });
  });
});

it('an ID is another each time', () => {
  const ids = Array.from({ length: 100 }, randomId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.filter((id) => !/^[0-9a-f]{32}$/.test(id))).toEqual([]);
});
