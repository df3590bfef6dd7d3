import { expect, it } from '@jest/globals';
import type { ApiAnswer } from '../api/console-api.js';
import { doRemedy } from './do-remedy.js';
import type { Remedy } from './remedies.js';

type Api = Parameters<typeof doRemedy>[0] & { sent: unknown[] };

/** A resource whose entity tag is the number of its version; undefined: it has none. */
function apiOf(value: object, tags: readonly [before: string, after: string] | undefined): Api {
  const sent: unknown[] = [];
  return {
    sent,
    get: <T>() => Promise.resolve(value as T),
    send: <T>(...[method, , body, headers]: Parameters<Api['send']>): Promise<ApiAnswer<T>> => {
      if (method !== 'GET') sent.push([method, body, headers]);
      const etag = tags?.[method === 'GET' ? 0 : 1];
      const answer = method === 'POST' ? body : value;
      return Promise.resolve({ value: answer as T, headers: etag === undefined ? {} : { etag } });
    },
  };
}

const path = '/v1/access-keys/x';
const setRoles: Remedy = {
  ...{ kind: 'setRoles', subject: 'mail', method: 'PATCH', path },
  body: { permissions: ['mail'] },
};

it('changes a key only as it was read, and undoes that only while it is so', async () => {
  const api = apiOf({ permissions: ['web'] }, ['"1"', '"2"']);
  expect(await doRemedy(api, setRoles)).toEqual({
    ...{ method: 'PATCH', path, body: { permissions: ['web'] }, ifMatch: '"2"' },
  });
  expect(api.sent).toEqual([['PATCH', { permissions: ['mail'] }, { 'If-Match': '"1"' }]]);
});

it('has no undo for the new end of a key that had expired', async () => {
  const api = apiOf({ expiresAt: '2020-01-01T00:00:00.000Z' }, ['"1"', '"2"']);
  expect(await doRemedy(api, { ...setRoles, kind: 'setEnd', body: { expiresIn: '90d' } })).toBeUndefined();
  expect(api.sent).toHaveLength(1);
});

it('changes settings, which have no entity tag, and undoes what it changed', async () => {
  const settings: Remedy = {
    ...{ kind: 'switchOnForAll', subject: '', method: 'PATCH', path: '/v1/settings' },
    body: { accessKeyApi: 'all_users' },
  };
  expect(await doRemedy(apiOf({ accessKeyApi: 'off' }, undefined), settings)).toEqual({
    ...{ method: 'PATCH', path: '/v1/settings' },
    ...{ body: { accessKeyApi: 'off' }, expects: { accessKeyApi: 'all_users' } },
  });
});

it('takes away only an address that was not there before', async () => {
  const address = '2001:db8::1';
  const allow: Remedy = {
    ...{ kind: 'allowAddress', subject: address, method: 'POST', path: '/v1/allowed-ips' },
    body: { address },
  };
  expect(await doRemedy(apiOf({ items: [] }, undefined), allow)).toEqual({
    ...{ method: 'DELETE', path: '/v1/allowed-ips/2001%3Adb8%3A%3A1' },
  });
  expect(await doRemedy(apiOf({ items: [address] }, undefined), allow)).toBeUndefined();
});
