import { describe, expect, it } from '@jest/globals';
import { readCredentials } from './hestia-credentials.js';
import { readHestiaFields } from './hestia-fields.js';

const id = 'ALICEMAIL00000000001';
const secret = 's-alicemail_=Zz09Zz09Zz09Zz09Zz09Zz09Zz0';
const read = async (fields: Record<string, unknown>) => {
  const body = await readHestiaFields(undefined, Buffer.from(JSON.stringify(fields)));
  return body && readCredentials(body);
};
const key = (accessKeyId: string, secretAccessKey: string) => ({
  kind: 'access_key',
  accessKeyId,
  secretAccessKey,
});
const legacyKey = (text: string) => ({ kind: 'legacy_key', key: text });
const login = (user: string, password: string) => ({ kind: 'password', user, password });

describe('the credentials of a request', () => {
  it.each([
    ['an ID with blanks round it', { access_key: ` ${id}\n`, secret_key: secret }, key(id, secret)],
    ['a secret with blanks round it', { access_key: id, secret_key: ` ${secret}` }, key(id, ` ${secret}`)],
    ['an empty ID', { access_key: '', secret_key: secret }, key('', secret)],
    ['an empty secret', { access_key: id, secret_key: '' }, key(id, '')],
    ['both of them empty', { access_key: '', secret_key: '' }, key('', '')],
    [
      'both of them empty, beside others',
      { access_key: '', secret_key: '', hash: `${id}:${secret}`, user: 'admin', password: 'x' },
      key('', ''),
    ],
    ['an ID alone', { access_key: id }, undefined],
    ['a secret alone', { secret_key: secret }, undefined],
    ['a secret without an ID', { access_key: null, secret_key: secret }, undefined],
    ['both in one', { hash: `${id}:${secret}` }, key(id, secret)],
    ['both in one, and a secret', { hash: `${id}:${secret}`, secret_key: 'x' }, key(id, secret)],
    ['both in one, and an ID', { hash: `${id}:${secret}`, access_key: id }, legacyKey(`${id}:${secret}`)],
    ['both in one, a blank before', { hash: ` ${id}:${secret}` }, legacyKey(` ${id}:${secret}`)],
    ['both in one, a blank between', { hash: `${id}: ${secret}` }, legacyKey(`${id}: ${secret}`)],
    ['both in one, a line end behind', { hash: `${id}:${secret}\n` }, legacyKey(`${id}:${secret}\n`)],
    ['a blank', { hash: ' ', user: 'admin', password: 'x' }, legacyKey(' ')],
    ['a hash that is empty', { hash: '' }, login('', '')],
    ['a hash that is empty for PHP', { hash: '0', user: 'admin', password: 'x' }, login('admin', 'x')],
    ['a hash that is false', { hash: false, user: 'admin', password: 'x' }, login('admin', 'x')],
    ['a hash that is a list', { hash: ['0'], user: 'admin', password: 'x' }, legacyKey('')],
    ['a login with blanks', { user: ' admin', password: ' x ' }, login(' admin', ' x ')],
    ['a user alone', { user: 'admin' }, login('admin', '')],
    ['nobody', { cmd: 'v-list-users' }, undefined],
  ])('are of %s', async (_, fields, expected) => {
    expect(await read(fields)).toEqual(expected);
  });
});
