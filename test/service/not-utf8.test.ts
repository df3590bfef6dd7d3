/** Bytes that are not UTF-8, as an old form sends them: no two texts may become one. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory, installation } from '../support/folders.js';
import { runProcess } from '../support/processes.js';
import { PanelTree } from '../support/panel-tree.js';
import { TestService } from '../support/test-service.js';

const hex = 'for a in "$@"; do printf %s "$a" | od -An -v -tx1 | tr -d " \\n"; echo; done';
const scripts = { 'v-list-hex': { options: 'A B', script: hex } };
const password = 'root-password-1';
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

/** Each way in which a field can come whose bytes are these, written a character for a byte. */
const ways: [string, (at: TestService, fields: Record<string, string>) => Promise<HttpAnswer>][] = [
  ['an encoded form', (at, fields) => at.post(encoded(fields), 'application/x-www-form-urlencoded')],
  [
    'an encoded form on the standard path',
    (at, fields) =>
      at.request('POST', '/api/?', encoded(fields), {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
  ],
  [
    'a form of plain bytes',
    (at, fields) =>
      at.post(
        Buffer.from(
          Object.entries(fields)
            .map(([name, value]) => `${name}=${value.replace(/[%+&=]/g, encodeURIComponent)}`)
            .join('&'),
          'latin1',
        ),
        'application/x-www-form-urlencoded',
      ),
  ],
  [
    'a multipart body',
    (at, fields) => {
      const type = 'Content-Type: text/plain; charset=utf-8';
      const parts = Object.entries(fields).map(
        ([name, value]) =>
          `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n${type}\r\n\r\n${value}\r\n`,
      );
      const body = Buffer.from(`${parts.join('')}--xx--\r\n`, 'latin1');
      return at.post(body, 'multipart/form-data; boundary=xx');
    },
  ],
  ['JSON', (at, fields) => at.post(Buffer.from(JSON.stringify(fields), 'latin1'), 'application/json')],
];

function encoded(fields: Record<string, string>): string {
  const encode = (value: string) => Buffer.from(value, 'latin1').toString('hex').replace(/../g, '%$&');
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
}

const byKey = ({ id, secret }: Key) => ({ access_key: id, secret_key: secret });
const login = (text: string) => ({ user: 'admin', password: text, cmd: 'v-list-api', arg1: 'billing' });

describe.each(ways)('%s', (_, send) => {
  it('sets no password of bytes that are not UTF-8, and lets none in', async () => {
    const asked = { ...byKey(root), cmd: 'v-change-user-password', arg1: 'admin', arg2: 'p\xe4ss-word1' };
    const answer = await send(service, asked);
    expect([answer.status, answer.code]).toEqual([422, 2]);
    expect(answer.body).not.toContain('ss-word1');
    for (const text of ['p\xe4ss-word1', 'p\xf6ss-word1', 'p\ufffdss-word1'])
      expect([(await send(service, login(text))).status, (await send(service, login(text))).code]).toEqual([
        401, 9,
      ]);
    expect((await send(service, login(password))).status).toBe(200);
  });

  it('keeps passwords of UTF-8 apart, and takes them', async () => {
    const utf8 = (text: string) => Buffer.from(text).toString('latin1');
    const asked = { ...byKey(root), cmd: 'v-change-user-password', arg1: 'admin' };
    expect((await send(service, { ...asked, arg2: utf8('päss-word1') })).code).toBe(0);
    expect((await send(service, login(utf8('päss-word1')))).status).toBe(200);
    for (const text of [utf8('pöss-word1'), 'p\xe4ss-word1', utf8('p\ufffdss-word1')])
      expect((await send(service, login(text))).code).toBe(9);
    await service.ok('v-change-user-password', 'admin', password);
  });

  it('has credentials of a key refused with 9, and the data of one with 2', async () => {
    const cmd = 'v-list-api';
    const { id, secret } = root;
    const bad = [
      { access_key: `${id.slice(1)}\xe4`, secret_key: secret },
      { access_key: id, secret_key: `${secret.slice(1)}\xe4` },
      { hash: `${id}:${secret.slice(1)}\xe4` },
      { hash: '\xe4'.repeat(32) },
      { user: 'admin\xe4', password },
    ];
    for (const fields of bad) {
      const { status, code } = await send(service, { ...fields, cmd, arg1: 'billing' });
      expect([status, code]).toEqual([401, 'user' in fields ? 10 : 9]);
    }
    const before = await service.ok('v-list-access-keys', '', 'json');
    for (const args of [
      { arg1: 'admin', arg2: '', arg3: 'B\xfcro' },
      { arg1: 'admin', arg2: 'mail-accounts\xe4' },
    ]) {
      const { status, code } = await send(service, { ...byKey(root), cmd: 'v-add-access-key', ...args });
      expect([status, code]).toEqual([422, 2]);
    }
    expect(await service.ok('v-list-access-keys', '', 'json')).toBe(before);
    expect((await send(service, { ...byKey(root), cmd: 'v-list-\xe4' })).code).toBe(2);
  });

  it('brings a command of the panel the bytes that were sent', async () => {
    const { code, body } = await send(service, {
      ...byKey(root),
      cmd: 'v-list-hex',
      arg1: 'M\xfcller % %41',
      arg2: Buffer.from('Müller').toString('latin1'),
    });
    const expected = ['M\xfcller % %41', 'M\xc3\xbcller'].map((text) =>
      Buffer.from(text, 'latin1').toString('hex'),
    );
    expect([code, body]).toEqual([0, expected.join('\n')]);
  });
});

it('half a character, as only JSON can say it, is refused for every command', async () => {
  for (const [field, code] of [
    ['"arg1":"\\ud800"', 2],
    ['"arg1":"p\\udce4ss"', 2],
    ['"returncode":"\\ud800"', 2],
    ['"access_key":"\\ud800"', 9],
  ] as const) {
    const json = JSON.stringify({ ...byKey(root), cmd: 'v-list-hex' }).replace(/\}$/, `,${field}}`);
    expect((await service.post(json, 'application/json')).code).toBe(code);
  }
  const answer = await service.ask({ command: 'v-change-user-password', args: ['admin', 'p\udce4ss-word1'] });
  expect(answer).toEqual({ code: 2, stdout: 'Error: an argument is not UTF-8\n' });
});

it('those who ask for a decision alone get one about texts only', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const question = { accessKeyId: root.id, secretAccessKey: root.secret, command: 'v-list-hex' };
  const ask = async (body: string | Buffer, path = '/v1/authorize') => {
    const answer = await service.request('POST', path, body, { headers });
    return [answer.status, answer.body] as const;
  };
  const bytes = Buffer.from(JSON.stringify({ ...question, args: ['p\xe4ss'] }), 'latin1');
  // With a field more it takes the standard path.
  for (const body of [bytes, Buffer.concat([Buffer.from(' '), bytes])]) {
    const [status, text] = await ask(body);
    expect(status).toBe(400);
    expect(text).toContain('not UTF-8');
  }
  const half = JSON.stringify({ ...question, args: ['x'] }).replace('"x"', '"\\ud800"');
  expect(JSON.parse((await ask(half))[1])).toMatchObject({ allowed: false, code: 2 });
  const evaluation = {
    subject: { type: 'access_key', id: root.id, properties: { secretAccessKey: root.secret } },
    action: { name: 'run' },
    resource: { type: 'command', id: 'v-list-hex', properties: { args: ['x'] } },
  };
  const path = '/access/v1/evaluation';
  expect(JSON.parse((await ask(JSON.stringify(evaluation), path))[1])).toMatchObject({ decision: true });
  const halved = JSON.stringify(evaluation).replace('"x"', '"\\ud800"');
  expect(JSON.parse((await ask(halved, path))[1])).toMatchObject({ decision: false, context: { code: 2 } });
  expect(
    (await ask(Buffer.from(JSON.stringify(evaluation).replace('"x"', '"\xe4"'), 'latin1'), path))[0],
  ).toBe(400);
});

it('the REST dialect takes texts only', async () => {
  const headers = { Authorization: `Bearer ${root.pair}`, 'Content-Type': 'application/json' };
  const before = await service.ok('v-list-users', 'plain');
  const account = { username: 'newone', password: 'p@ss-word1', email: 'a@example.com' };
  for (const body of [
    Buffer.from(JSON.stringify({ ...account, password: 'p\xe4ss-word1' }), 'latin1'),
    JSON.stringify(account).replace('p@ss', 'p\\udce4ss'),
  ])
    expect((await service.request('POST', '/api/accounts', body, { headers })).status).toBe(400);
  expect([400, 404]).toContain(
    (await service.request('GET', '/api/accounts/al%E4ce', undefined, { headers })).status,
  );
  expect(await service.ok('v-list-users', 'plain')).toBe(before);
});

describe('at the command line', () => {
  const bash = (script: string) =>
    runProcess('bash', ['-c', script], {
      env: {
        HEARTHKEY_SOCKET: service.config.socketPath,
        PATH: `${join(installation, 'bin')}:${process.env['PATH'] ?? ''}`,
      },
    });

  it('an argument, a line of standard input and a file have to be UTF-8', async () => {
    for (const byte of ['\\xe4', '\\xf6']) {
      const scriptsOfIt = [
        `v-change-user-password admin $'p${byte}ss-word1'`,
        `printf 'p${byte}ss-word1' | v-change-user-password admin -`,
        `f=$(mktemp); printf 'p${byte}ss-word1' > $f; v-change-user-password admin --password-file $f; c=$?; rm $f; exit $c`,
      ];
      for (const script of scriptsOfIt) {
        const { code, stderr } = await bash(script);
        expect(code).toBe(2);
        expect(stderr).toContain('not UTF-8');
      }
    }
    expect((await service.api(login(password))).status).toBe(200);
  });

  it('one that is UTF-8 is taken as it is, blanks and all', async () => {
    const texts = [' p\ufffdss-wörd1 ', 'p\ufffdss-wörd2\t '];
    expect((await bash(`v-change-user-password admin '${texts[0] ?? ''}'`)).code).toBe(0);
    expect((await service.api(login(texts[0] ?? ''))).status).toBe(200);
    expect((await bash(`printf ' two words \\nmore' | v-change-user-password admin -`)).code).toBe(0);
    expect((await service.api(login(' two words '))).status).toBe(200);
    expect((await service.api(login('two words'))).code).toBe(9);
    await service.ok('v-change-user-password', 'admin', password);
  });
});

describe('where a panel supplies the users', () => {
  it('its password command gets the bytes, and nobody logs in here with them', async () => {
    const tree = new PanelTree([]);
    const at = await TestService.startOpen([], { HESTIA_ROOT: tree.root, FAILURE_LIMIT: '0' });
    await at.ok('v-change-sys-config-value', 'API', 'yes');
    const key = await at.makeKey('admin', '');
    const set = (text: string) => ({
      ...byKey(key),
      cmd: 'v-change-user-password',
      arg1: 'admin',
      arg2: text,
    });
    for (const [, send] of ways) {
      expect((await send(at, set(password))).code).toBe(0);
      expect((await send(at, login(password))).status).toBe(200);
      expect((await send(at, set('p\xe4ss-word1'))).code).toBe(0);
      for (const text of ['p\xe4ss-word1', 'p\xf6ss-word1', password])
        expect((await send(at, login(text))).code).toBe(9);
    }
  });

  it('a panel elsewhere gets the bytes over its API', async () => {
    const panel = await TestService.startOpen([], {
      COMMANDS_DIR: commandsDirectory({ 'v-list-web-domains': scripts['v-list-hex'] }),
    });
    const own = await panel.makeKey('admin', '');
    const front = await TestService.startOpen([], {
      UPSTREAM_URL: panel.url,
      UPSTREAM_ACCESS_KEY: own.id,
      UPSTREAM_SECRET_KEY: own.secret,
    });
    const key = await front.makeKey('admin', '');
    for (const [, send] of ways) {
      const answer = await send(front, {
        ...byKey(key),
        cmd: 'v-list-web-domains',
        arg1: 'M\xfcller',
        arg2: '%+ \xff',
      });
      expect(answer.body).toBe(`${Buffer.from('M\xfcller', 'latin1').toString('hex')}\n252b20ff`);
    }
  });
});
