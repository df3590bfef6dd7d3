/** Keys and roles that are held to arguments, over every adapter that decides; and the API read-only. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { ExamplePanel } from '../support/example-panel.js';
import { temporaryFolder } from '../support/folders.js';
import { askSocket, postJson } from '../support/gate.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const gateSocket = join(temporaryFolder(), 'gate.sock');
const routes = {
  routes: [
    {
      route: 'GET /accounts/{username}/site/{domain}',
      inputs: { username: { type: 'user' }, domain: { type: 'domain' } },
      steps: [
        { run: ['v-list-site', '{username}', '{domain}'] },
        { run: ['v-list-site', '{username}', '{domain}'] },
      ],
      answer: { ok: true },
    },
  ],
};
const commands = 'v-list-site,v-list-user,v-add-access-key';
let panel: ExamplePanel;
let service: TestService;
let held: Key;
let root: Key;

beforeAll(async () => {
  panel = new ExamplePanel();
  const file = join(temporaryFolder(), 'routes.json');
  writeFileSync(file, JSON.stringify(routes));
  panel.writeCommand('v-list-site', 'USER DOMAIN [FORMAT]', 'echo "$2"');
  panel.writeCommand('v-add-site', 'USER DOMAIN', 'echo added');
  service = await TestService.startOpen(['alice', 'bob'], {
    ...panel.settings,
    ...{ REST_ROUTES: file, GATE_SOCKET: gateSocket, TRUSTED_PROXIES: '127.0.0.1' },
  });
  await service.ok('v-add-api', 'sites', 'user', commands, 'v-add-access-key');
  root = await service.makeKey('admin', '');
  held = await make('sites', '--only', 'DOMAIN=example.com,*.example.org');
});

const make = (permissions: string, ...options: string[]): Promise<Key> =>
  makeFor('alice', permissions, ...options);

async function makeFor(user: string, permissions: string, ...options: string[]): Promise<Key> {
  return parsePair(await service.ok('v-add-access-key', user, permissions, '', 'plain', ...options));
}

function parsePair(text: string): Key {
  const pair = text.trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}

const site = async (key: Key, domain: string, command = 'v-list-site'): Promise<number> =>
  (await service.call(key, command, ['alice', domain])).code;

const use = async (key: Key): Promise<number> => (await service.call(key, 'v-list-user', ['alice'])).code;

/** What each way to ask says of the same question. */
async function everywhere(key: Key, domain: string): Promise<Record<string, unknown>> {
  const { id: accessKeyId, secret: secretAccessKey } = key;
  const question = { accessKeyId, secretAccessKey, command: 'v-list-site', args: ['alice', domain] };
  const plain = await postJson(service, '/v1/authorize', question);
  const gate = await askSocket(gateSocket, 'POST', '/v1/authorize', { ...question, clientIp: '127.0.0.1' });
  const authZen = await postJson(service, '/access/v1/evaluation', {
    subject: { type: 'access_key', id: accessKeyId, properties: { secretAccessKey } },
    action: { name: 'run' },
    resource: { type: 'command', id: 'v-list-site', properties: { args: ['alice', domain] } },
    context: { clientIp: '127.0.0.1' },
  });
  const headers = { Authorization: `Bearer ${key.pair}` };
  const forward = await service.request('GET', '/v1/forward-auth', undefined, {
    headers: {
      ...headers,
      'X-Forwarded-For': '127.0.0.1',
      ...{ 'X-Hearthkey-Command': 'v-list-site', 'X-Hearthkey-Arg1': 'alice', 'X-Hearthkey-Arg2': domain },
    },
  });
  const rest = await service.request('GET', `/api/accounts/alice/site/${domain}`, undefined, { headers });
  const form = await service.call(key, 'v-list-site', ['alice', domain]);
  return {
    plain: (plain.json as { reason: string }).reason,
    gate: (JSON.parse(gate.body) as { reason: string }).reason,
    authZen: (authZen.json as { context: { reason: string } }).context.reason,
    forward: [forward.status, forward.headers['x-hearthkey-reason'] ?? 'allowed'],
    rest: rest.status,
    form: form.code,
  };
}

describe('a key that is held to domains', () => {
  it.each([
    ['example.com', true],
    ['a.example.org', true],
    ['example.org', false],
    ['other.com', false],
  ])('%s is answered alike by every adapter', async (domain, isAllowed) => {
    const reason = isAllowed ? 'allowed' : 'argument_not_allowed';
    expect(await everywhere(held, domain)).toEqual({
      ...{ plain: reason, gate: reason, authZen: reason },
      forward: [isAllowed ? 200 : 403, reason],
      rest: isAllowed ? 200 : 403,
      form: isAllowed ? 0 : 10,
    });
  });

  it('is denied what has no DOMAIN, and a question without arguments', async () => {
    expect((await service.call(held, 'v-list-user', ['alice'])).code).toBe(10);
    const { id: accessKeyId, secret: secretAccessKey } = held;
    const { json } = await postJson(service, '/v1/authorize', {
      ...{ accessKeyId, secretAccessKey, command: 'v-list-site' },
    });
    expect(json).toMatchObject({ allowed: false, code: 10, reason: 'argument_not_allowed', user: 'alice' });
    const [event] = (await service.events('--key', held.id, '--reason', 'argument_not_allowed')).slice(-1);
    expect(event).toMatchObject({ command: 'v-list-site', code: 10 });
  });

  it('makes keys that are held to the same at least, and to what it is held to later', async () => {
    const child = parsePair(
      (await service.call(held, 'v-add-access-key', ['alice', 'sites', 'Child', 'plain'])).body,
    );
    const wanted = { user: 'alice', permissions: ['sites'] };
    const headers = { Authorization: `Bearer ${held.pair}` };
    for (const only of [null, ['DOMAIN=example.com,other.com'], ['FORMAT=json']]) {
      const { status } = await postJson(service, '/v1/access-keys', { ...wanted, only }, { headers });
      expect([only, status]).toEqual([only, 403]);
    }
    expect([await site(child, 'example.com'), await site(child, 'other.com')]).toEqual([0, 10]);
    await service.ok('v-change-access-key', child.id, '--only', 'DOMAIN=example.com,other.com');
    expect([await site(child, 'example.com'), await site(child, 'other.com')]).toEqual([0, 10]);
    await service.ok('v-change-access-key', held.id, '--only', 'DOMAIN=*.example.org');
    expect([await site(child, 'example.com'), await site(held, 'example.com')]).toEqual([10, 10]);
    await service.ok('v-change-access-key', held.id, '--only', 'DOMAIN=example.com,*.example.org');
    expect(await site(child, 'example.com')).toBe(0);
  });

  it('is listed, recorded and explained, with what would allow it', async () => {
    const [text] = (await service.ok('v-list-access-key', held.id, '--long')).match(/ONLY: +.*/) ?? [];
    expect(text).toMatch(/DOMAIN=example\.com,\*\.example\.org/);
    const [event] = (await service.events('--key', held.id, '--type', 'change')).slice(-1);
    expect(JSON.stringify(event)).toContain('DOMAIN=example.com,*.example.org');
    const asked = await service.ok('v-explain-access', held.id, 'v-list-site', '127.0.0.1', 'alice', 'x.com');
    expect(asked).toContain('argument_not_allowed');
    const [, remedy = ''] = /(--only 'DOMAIN=[^']*')/.exec(asked) ?? [];
    expect(remedy).toBe("--only 'DOMAIN=example.com,*.example.org,x.com'");
    expect(await service.ok('v-explain-access', held.id, 'v-list-site')).toMatch(/depends/);
  });

  it.each([
    [['DOMIAN=example.com'], /no command has an argument DOMIAN; did you mean DOMAIN\?/],
    [['DOMAIN=www.example.com'], /the panel takes www\.example\.com for example\.com/],
    [['PASSWORD=x'], /PASSWORD may be a secret/],
  ])('is refused %j', async (only, message) => {
    const answer = await service.run('v-change-access-key', held.id, '--only', ...only);
    expect([answer.code, answer.stdout]).toEqual([2, expect.stringMatching(message)]);
  });

  it('is held in REST v1 to the arguments of the operation, to each where there are several', async () => {
    const change = 'v-change-sys-config-value';
    await service.ok('v-add-api', 'lists', 'admin', 'v-list-access-keys,v-list-commands');
    await service.ok('v-add-api', 'switches', 'admin', change, change);
    const status = async (key: Key, path: string, patch?: object) => {
      const headers = { Authorization: `Bearer ${key.pair}`, 'Content-Type': 'application/json' };
      const body = patch && JSON.stringify(patch);
      return (await service.request(patch ? 'PATCH' : 'GET', path, body, { headers })).status;
    };
    const lists = await makeFor('admin', 'lists', '--only', 'USER=alice');
    for (const [path, expected] of [
      ['/v1/access-keys?user=alice', 200],
      ['/v1/access-keys?user=bob', 403],
      ['/v1/access-keys', 403],
      ['/v1/commands', 403],
    ] as const)
      expect([path, await status(lists, path)]).toEqual([path, expected]);
    const switches = await makeFor('admin', 'switches', '--only', 'VALUE=no');
    expect(await status(switches, '/v1/settings', { isReadOnly: false })).toBe(200);
    const more = { isLegacyApiOn: false, accessKeyApi: 'all_users' };
    for (const patch of [more, { isReadOnly: true }, {}])
      expect([patch, await status(switches, '/v1/settings', patch)]).toEqual([patch, 403]);
  });

  it('is read and changed by REST v1, and its state counts', async () => {
    const headers = { Authorization: `Bearer ${root.pair}`, 'Content-Type': 'application/merge-patch+json' };
    const path = `/v1/access-keys/${held.id}`;
    const patch = (only: unknown) => service.request('PATCH', path, JSON.stringify({ only }), { headers });
    const before = await service.request('GET', path, undefined, { headers });
    expect(JSON.parse(before.body)).toMatchObject({ only: ['DOMAIN=example.com,*.example.org'] });
    expect((await patch(['DOMAIN'])).status).toBe(400);
    const after = await patch(['DOMAIN=example.com', 'FORMAT=json']);
    expect(JSON.parse(after.body)).toMatchObject({ only: ['DOMAIN=example.com', 'FORMAT=json'] });
    expect(after.headers.etag).not.toBe(before.headers.etag);
    // Both have to be there.
    expect(await site(held, 'example.com')).toBe(10);
    expect((await service.call(held, 'v-list-site', ['alice', 'example.com', 'json'])).code).toBe(0);
    await patch(null);
    expect(await site(held, 'other.com')).toBe(0);
  });
});

describe('a role with an ONLY line', () => {
  it('grants its commands with these arguments alone, beside other roles, until --only none', async () => {
    await service.ok('v-add-api', 'one', 'user', 'v-list-site,v-add-site', '--only', 'DOMAIN=one.com');
    await service.ok('v-add-api', 'two', 'user', 'v-list-site', '--only', 'DOMAIN=two.com');
    const key = await make('one,two');
    const codes = async () => [
      await site(key, 'one.com'),
      await site(key, 'two.com'),
      await site(key, 'x.com'),
    ];
    expect(await codes()).toEqual([0, 0, 10]);
    expect([await site(key, 'one.com', 'v-add-site'), await site(key, 'two.com', 'v-add-site')]).toEqual([
      0, 10,
    ]);
    // What is not said stays: leaving it out would widen.
    await service.ok('v-change-api', 'one', 'user', 'v-list-site');
    expect(await service.ok('v-list-api', 'one')).toMatch(/ONLY: +DOMAIN=one\.com/);
    expect(await codes()).toEqual([0, 0, 10]);
    await service.ok('v-change-api', 'one', 'user', 'v-list-site', '--only', 'none');
    expect(await codes()).toEqual([0, 0, 0]);
  });
});

describe('the API read-only', () => {
  it('has every command that only reads, for its own user, and follows the list of commands', async () => {
    const key = await make('read-only');
    panel.writeCommand('v-list-new-things', 'USER', 'echo new');
    await within(
      1000,
      'a new command',
      async () => (await service.call(key, 'v-list-new-things', ['alice'])).code === 0,
    );
    expect((await service.call(key, 'v-list-user', ['bob'])).code).toBe(10);
    expect(await site(key, 'example.com', 'v-add-site')).toBe(10);
    expect((await service.call(key, 'v-list-sys-info', [])).code).toBe(10);
    expect(await service.ok('v-list-api', 'read-only')).toContain('v-list-site');
    expect(await service.ok('v-list-apis')).not.toContain('read-only');
    expect(await service.ok('v-list-apis', '--built-in')).toContain('read-only');
  });

  it('has no file, and grants nothing as long as there is one of its name', async () => {
    const key = await make('read-only');
    expect((await service.run('v-add-api', 'read-only', 'user', 'v-add-site')).code).toBe(10);
    expect((await service.run('v-delete-api', 'read-only')).code).toBe(10);
    const file = join(panel.root, 'data/api/read-only');
    writeFileSync(file, "ROLE='user'\nCOMMANDS='v-list-user,v-add-site'\n");
    await within(1000, 'the file counts', async () => (await use(key)) === 10);
    expect(await service.ok('v-list-apis')).toContain(
      'grants nothing: has the name of an API that is built in',
    );
    expect(await site(key, 'example.com', 'v-add-site')).toBe(10);
    rmSync(file);
    const isMissed = async () => (await service.ok('v-list-apis')).includes('was removed by hand');
    await within(1000, 'it is missed', isMissed);
    expect(await use(key)).toBe(10);
    await service.ok('v-delete-api', 'read-only');
    expect(await use(key)).toBe(0);
  });
});
