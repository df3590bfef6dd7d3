/** Every way to use an access key over HTTP. */
import type { Client, HttpAnswer, Key } from '../support/client.js';

export type Ask = (service: Client, key: Key, from: string) => Promise<HttpAnswer>;

export const command = 'v-list-mail-domains';
const json = { 'Content-Type': 'application/json' };
const bearer = ({ pair }: Key) => ({ Authorization: `Bearer ${pair}` });

const question = ({ id, secret }: Key, more: object = {}): string =>
  JSON.stringify({ accessKeyId: id, secretAccessKey: secret, command, ...more });

const evaluation = ({ id, secret }: Key) => ({
  subject: { type: 'access_key', id, properties: { secretAccessKey: secret } },
  action: { name: 'run' },
  resource: { type: 'command', id: command },
});

/** Those that a client reaches. */
export const publicAdapters: Readonly<Record<string, Ask>> = {
  'two fields': (service, { id, secret }, from) =>
    service.api({ access_key: id, secret_key: secret, cmd: command, arg1: 'alice' }, { from }),
  'one field': (service, { pair }, from) =>
    service.api({ hash: pair, cmd: command, arg1: 'alice' }, { from }),
  'the code alone': (service, { id, secret }, from) =>
    service.api({ access_key: id, secret_key: secret, cmd: command, returncode: 'yes' }, { from }),
  JSON: (service, { id, secret }, from) =>
    service.post(JSON.stringify({ access_key: id, secret_key: secret, cmd: command }), 'application/json', {
      from,
    }),
  'the REST dialect': (service, key, from) =>
    service.request('GET', '/api/accounts', undefined, { from, headers: bearer(key) }),
  'the REST dialect, with a bad body': (service, key, from) =>
    service.request('POST', '/api/accounts', '{"a":1}', { from, headers: { ...json, ...bearer(key) } }),
  'REST v1, whose key': (service, key, from) =>
    service.request('GET', '/v1/whoami', undefined, { from, headers: bearer(key) }),
  'REST v1, a list': (service, key, from) =>
    service.request('GET', '/v1/access-keys', undefined, { from, headers: bearer(key) }),
};

/** Those that gateways reach. */
export const gatewayAdapters: Readonly<Record<string, Ask>> = {
  'forward-auth': (service, key, from) =>
    service.request('GET', '/v1/forward-auth', undefined, {
      from,
      forwardedFor: from,
      headers: { ...bearer(key), 'X-Hearthkey-Command': command },
    }),
  authorize: (service, key, from) =>
    service.request('POST', '/v1/authorize', question(key), { from, headers: json }),
  'authorize, for somebody': (service, key, from) =>
    service.request('POST', '/v1/authorize', question(key, { clientIp: from, args: ['alice'] }), {
      from,
      headers: json,
    }),
  AuthZEN: (service, key, from) =>
    service.request('POST', '/access/v1/evaluation', JSON.stringify(evaluation(key)), {
      from,
      headers: json,
    }),
  'AuthZEN, several': (service, key, from) =>
    service.request(
      'POST',
      '/access/v1/evaluations',
      JSON.stringify({ evaluations: [evaluation(key), evaluation(key)] }),
      { from, headers: json },
    ),
};

/** All that can be told from an answer, besides its time. */
export function seen({ status, code, body, headers }: HttpAnswer): object {
  return { status, code, body, headers: { ...headers, date: undefined } };
}
