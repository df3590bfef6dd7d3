/** White space round what is sent: on which way it counts, and on which it doesn't. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Fields, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const password = ' leadxxxx';
const scripts = {
  'v-list-arguments': { options: 'USER PASSWORD', script: 'for a in "$@"; do printf "[%s]" "$a"; done' },
};
let service: TestService;
let root: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], {
    COMMANDS_DIR: commandsDirectory(scripts),
    FAILURE_LIMIT: '0',
  });
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-change-user-password', 'admin', password);
  root = await service.makeKey('admin', '');
});

/** In each form of a body, on the fast path and on the standard one. */
async function codes(fields: Fields): Promise<number[]> {
  const form = new URLSearchParams({ returncode: 'yes', ...fields }).toString();
  const parts = Object.entries({ returncode: 'yes', ...fields }).map(
    ([name, value]) => `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const urlencoded = 'application/x-www-form-urlencoded';
  const answers = [
    await service.post(form, urlencoded),
    await service.request('POST', '/api/?', form, { headers: { 'Content-Type': urlencoded } }),
    await service.post(JSON.stringify({ returncode: 'yes', ...fields }), 'application/json'),
    await service.post(`${parts.join('')}--xx--\r\n`, 'multipart/form-data; boundary=xx'),
  ];
  return [...new Set(answers.map(({ body }) => Number(body)))];
}

describe('a password', () => {
  it('that begins with a blank is that text, blank and all', async () => {
    const login = { user: 'admin', cmd: 'v-list-users' };
    expect(await codes({ ...login, password })).toEqual([0]);
    for (const other of ['leadxxxx', '  leadxxxx', ' leadxxxx ', '\tleadxxxx'])
      expect(await codes({ ...login, password: other })).toEqual([9]);
    expect(await codes({ ...login, user: ' admin', password })).toEqual([10]);
  });

  it('is set as it is, whatever way it comes', async () => {
    const login = (text: string) => codes({ user: 'admin', password: text, cmd: 'v-list-users' });
    const text = ' both-ends ';
    expect((await service.call(root, 'v-change-user-password', [' admin ', text])).code).toBe(0);
    expect(await login(text)).toEqual([0]);
    expect(await login('both-ends')).toEqual([9]);
    const asked = { command: 'v-change-user-password', args: ['admin', '-'], stdin: password };
    expect((await service.ask(asked)).code).toBe(0);
    expect(await login(password)).toEqual([0]);
  });

  it('reaches a command of the panel as it is; the other arguments come trimmed', async () => {
    const { body } = await service.call(root, 'v-list-arguments', [' admin\n', ' x ', '\ty ']);
    expect(body).toBe('[admin][ x ][y]');
  });
});

describe('the credentials of a key', () => {
  it('count as they are but for the ID, round which white space says nothing', async () => {
    const cmd = ' v-list-users\n';
    expect(await codes({ access_key: ` ${root.id}\n`, secret_key: root.secret, cmd })).toEqual([0]);
    expect(await codes({ access_key: root.id, secret_key: ` ${root.secret}`, cmd })).toEqual([9]);
    expect(await codes({ access_key: root.id, secret_key: `${root.secret}\n`, cmd })).toEqual([9]);
    expect(await codes({ hash: root.pair, cmd })).toEqual([0]);
    for (const hash of [` ${root.pair}`, `${root.pair}\n`, `${root.id}: ${root.secret}`])
      expect(await codes({ hash, cmd })).toEqual([9]);
    const legacy = (await service.ok('v-generate-api-key')).trim();
    expect(await codes({ hash: legacy, cmd })).toEqual([0]);
    expect(await codes({ hash: ` ${legacy}`, cmd })).toEqual([9]);
    expect((await service.run('v-check-api-key', ` ${legacy}`)).code).toBe(9);
    expect((await service.call(root, 'v-check-api-key', [` ${legacy}`])).code).toBe(9);
    expect((await service.call(root, 'v-check-api-key', [legacy])).code).toBe(0);
  });

  it('that are empty are wrong ones; with one of them missing nobody is named', async () => {
    const cmd = 'v-list-users';
    expect(await codes({ access_key: root.id, secret_key: '', cmd })).toEqual([9]);
    expect(await codes({ access_key: '', secret_key: root.secret, cmd })).toEqual([9]);
    expect(await codes({ access_key: '', secret_key: '', cmd })).toEqual([9]);
    expect(await codes({ access_key: ' ', secret_key: ' ', cmd })).toEqual([9]);
    for (const fields of [{ access_key: root.id }, { secret_key: root.secret }])
      expect((await service.api({ ...fields, cmd })).status).toBe(405);
    const { status, code } = await service.api({ access_key: root.id, secret_key: '', cmd });
    expect({ status, code }).toEqual({ status: 401, code: 9 });
  });

  it('are asked for as they are by v-check-access-key, at the command line and over the API', async () => {
    const check = ['v-list-users', ' 127.0.0.1\t'];
    for (const secret of [` ${root.secret}`, `${root.secret}\n`]) {
      expect((await service.run('v-check-access-key', root.id, secret, ...check)).code).toBe(9);
      expect((await service.call(root, 'v-check-access-key', [root.id, secret, ...check])).code).toBe(9);
    }
    expect((await service.run('v-check-access-key', root.id, root.secret, ...check)).code).toBe(0);
    expect((await service.run('v-check-access-key', ` ${root.id}`, root.secret, ...check)).code).toBe(9);
  });

  it('are compared as they are by those who ask for a decision alone', async () => {
    const ask = (secretAccessKey: string) =>
      service.request(
        'POST',
        '/v1/authorize',
        JSON.stringify({ accessKeyId: root.id, secretAccessKey, command: 'v-list-users' }),
        { headers: { 'Content-Type': 'application/json' } },
      );
    expect((await ask(root.secret)).body).toContain('"allowed":true');
    for (const secret of [` ${root.secret}`, `${root.secret}\n`])
      expect((await ask(secret)).body).toContain('"code":9');
    for (const [pair, status] of [
      [root.pair, 200],
      [`${root.id}: ${root.secret}`, 401],
    ] as const) {
      const headers = { 'X-Hearthkey-Command': 'v-list-users', 'X-Forwarded-For': '127.0.0.1' };
      const basic = `Basic ${Buffer.from(pair).toString('base64')}`;
      const answer = await service.request('GET', '/v1/forward-auth', undefined, {
        headers: { ...headers, Authorization: basic },
      });
      expect(answer.status).toBe(status);
    }
  });
});

describe('an address at the command line', () => {
  it('may have blanks round it', async () => {
    await service.ok('v-add-sys-api-ip', ' 203.0.113.9\n');
    expect(await service.ok('v-list-sys-api-ips', 'plain')).toContain('203.0.113.9\n');
    await service.ok('v-delete-sys-api-ip', '\t203.0.113.9 ');
    expect(await service.ok('v-list-sys-api-ips', 'plain')).not.toContain('203.0.113.9');
    for (const none of ['', ' ', ' \n']) expect((await service.run('v-add-sys-api-ip', none)).code).toBe(2);
    expect((await service.run('v-explain-access', root.id, 'v-list-users', ' 127.0.0.1 ')).code).toBe(0);
    const legacy = (await service.ok('v-generate-api-key')).trim();
    expect((await service.run('v-check-api-key', legacy, ' 127.0.0.1 ')).code).toBe(0);
  });
});
