import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '../support/client.js';
import { ExamplePanel } from '../support/example-panel.js';
import { temporaryFolder } from '../support/folders.js';
import { HandClock } from '../support/hand-clock.js';
import { TestService } from '../support/test-service.js';

const roles = {
  user: 'v-list-web-domains,v-add-mail-account,v-suspend-user,v-add-user,v-delete-user,v-add-domain',
};
/** Routes of an operator, beside and in the place of those that there are. */
const routes = {
  names: { colours: { red: 'rot' } },
  remove: ['POST /accounts/{username}/unsuspend'],
  routes: [
    { route: 'GET /lacking', steps: [{ run: ['v-list-lacking-things'] }], answer: null },
    {
      route: 'POST /accounts/{username}/dns/{colour}',
      inputs: {
        username: { type: 'user' },
        colour: { type: 'choice', names: 'colours' },
        pin: { type: 'password', required: true },
        note: { type: 'text', default: 'of {username}' },
      },
      steps: [{ run: ['v-set-echo', '{username}', '{colour}', '{pin}', '{note}', 'x {colour} y'] }],
      status: 202,
      answer: { colour: '{colour|name_in:colours}', note: '{note}', list: ['{username}', 1, true] },
    },
    {
      route: 'GET /accounts',
      steps: [{ run: ['v-list-broken'], as: 'out', read: 'json' }],
      answer: '{out}',
    },
    {
      route: 'POST /two',
      steps: [{ run: ['v-set-one'], undo: ['v-set-no-one'] }, { run: ['v-list-cron-jobs', 'admin'] }],
      answer: {},
    },
    {
      route: 'POST /weak',
      inputs: { pin: { type: 'password', required: true } },
      steps: [{ run: ['v-set-weak', '{pin}'] }],
      answer: {},
    },
  ],
};

let panel: ExamplePanel;
let service: TestService;
let root: Key;
let alice: Key;

beforeAll(async () => {
  panel = new ExamplePanel();
  const file = join(temporaryFolder(), 'routes.json');
  writeFileSync(file, JSON.stringify(routes));
  // Its options don't say that PIN is a secret; the route does.
  panel.writeCommand(
    'v-set-echo',
    'USER COLOUR PIN NOTE MORE',
    'for a in "$@"; do echo "$a"; done > "$HESTIA/echo"',
  );
  panel.writeCommand('v-list-broken', 'NONE', 'echo "this is not JSON"');
  panel.writeCommand('v-set-weak', 'PIN', 'echo "Error: $1 is too weak"; exit 2');
  panel.writeCommand('v-set-one', 'NONE', 'touch "$HESTIA/one"');
  panel.writeCommand('v-set-no-one', 'NONE', 'rm "$HESTIA/one"');
  service = await TestService.start({ ...panel.settings, REST_ROUTES: file, TRUSTED_PROXIES: '127.0.0.2' });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  for (const [name, commands] of Object.entries(roles)) await service.ok('v-add-api', name, 'user', commands);
  for (const name of ['alice', 'bob']) await service.addUser(name);
  root = await service.makeKey('admin', '');
  alice = await service.makeKey('alice', 'user');
  await service.call(root, 'v-add-domain', ['alice', 'alice.example']);
});

interface Options {
  authorization?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  from?: string;
  forwardedFor?: string;
}

async function rest(method: string, path: string, body?: unknown, options: Options = {}) {
  const { authorization = `Bearer ${root.pair}`, headers, ...others } = options;
  const text =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await service.request(method, `/api${path}`, text, {
    ...others,
    headers: {
      ...(authorization === '' ? {} : { Authorization: authorization }),
      ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
  });
  return {
    status: answer.status,
    headers: answer.headers,
    json: JSON.parse(answer.body) as Record<string, unknown>,
  };
}

const ofAlice = '/accounts/alice/domains';
const mail = { address: 'hello@alice.example', password: 'MailPass456!' };

describe('credentials', () => {
  it('are read as clients write them', async () => {
    const { pair } = alice;
    const forms = [
      ...[`Bearer ${pair}`, `bearer ${pair}`, `BEARER   ${pair}`, `  Bearer ${pair}  `, pair],
      `Bearer\t${pair}`,
    ];
    for (const authorization of forms) {
      expect((await rest('GET', ofAlice, undefined, { authorization })).status).toBe(200);
    }
  });

  it('is 401 with two Authorization headers, also where both are right', async () => {
    for (const second of [`Bearer ${root.pair}`, 'Basic eDp5']) {
      const headers = { Authorization: [`Bearer ${root.pair}`, second] };
      const { status } = await service.request('GET', '/api/accounts/alice/domains', undefined, { headers });
      expect(status).toBe(401);
    }
  });

  it('that are missing, malformed or wrong are 401, whatever else is wrong with the request', async () => {
    const { id, secret } = alice;
    const forms = [
      ...[
        '',
        'Bearer',
        'Bearer :',
        `Bearer ${id}`,
        `Bearer ${id}:`,
        `Bearer :${secret}`,
        `Basic ${id}:${secret}`,
      ],
      ...[`Bearer ${id}:${'x'.repeat(40)}`, `Bearer ${'A'.repeat(20)}:${secret}`, `Bearer ${id}:${secret}:x`],
      ...[`Bearer ${id}:${secret}${' '.repeat(600)}x`, `Bearer ../${id}:${secret}`, `Token ${id}:${secret}`],
    ];
    for (const authorization of forms) {
      const answer = await rest('GET', ofAlice, undefined, { authorization });
      expect({ authorization, status: answer.status }).toEqual({ authorization, status: 401 });
      expect(answer.json).toEqual({
        error: 'unauthorized',
        message: 'Invalid access key or secret',
        code: 9,
      });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      for (const body of ['{', { nonsense: 1 }, { username: 'jane' }]) {
        expect((await rest('POST', '/accounts', body, { authorization })).status).toBe(401);
      }
    }
    expect(
      (await rest('GET', `${ofAlice}?access_key=${alice.id}`, undefined, { authorization: '' })).status,
    ).toBe(401);
  });

  it('count only while the key, its owner, the switches and the address do', async () => {
    const status = async (options?: Options) =>
      (await rest('GET', ofAlice, undefined, { authorization: alice.pair, ...options })).status;
    await service.ok('v-suspend-access-key', alice.id);
    expect(await status()).toBe(401);
    await service.ok('v-unsuspend-access-key', alice.id);
    await service.ok('v-suspend-user', 'alice');
    expect(await status()).toBe(401);
    await service.ok('v-unsuspend-user', 'alice');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '1');
    expect(await status()).toBe(403);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    expect(await status({ authorization: root.pair })).toBe(403);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    expect(await status({ from: '127.0.0.3' })).toBe(403);
    expect(await status({ from: '127.0.0.3', forwardedFor: '127.0.0.1' })).toBe(403);
    expect(await status({ from: '127.0.0.2', forwardedFor: '127.0.0.1' })).toBe(200);
    expect(await status({ from: '127.0.0.2', forwardedFor: '127.0.0.9' })).toBe(403);
    expect(await status()).toBe(200);
  });
});

describe("a user's key", () => {
  it('does with its own account what its roles grant, and nothing else', async () => {
    const authorization = `Bearer ${alice.pair}`;
    const as = (method: string, path: string, body?: unknown) => rest(method, path, body, { authorization });
    expect((await as('GET', ofAlice)).json).toEqual([{ domain: 'alice.example', type: 'main', ssl: false }]);
    expect((await as('POST', '/accounts/alice/email', mail)).status).toBe(201);
    const denied = [
      await as('GET', '/accounts/bob/domains'),
      await as('POST', '/accounts/bob/email', mail),
      await as('POST', '/accounts/bob/suspend'),
      await as('DELETE', '/accounts/bob'),
      await as('POST', '/accounts', { username: 'carol', domain: 'c.example', password: 'SecurePass123!' }),
      await as('GET', '/server/stats'),
      await as('POST', '/server/services/nginx/stop'),
    ];
    for (const { status, json } of denied) {
      expect(status).toBe(403);
      expect(json).toMatchObject({ error: 'forbidden', code: 10 });
    }
    expect(panel.has('data/users/carol')).toBe(false);
    expect(panel.has('data/users/bob/user.conf')).toBe(true);
  });
});

describe('a request that is wrong', () => {
  it('names the field, and never repeats what stood in it', async () => {
    const good = { username: 'jane', domain: 'jane.example', password: 'SecurePass123!' };
    const wrong: [string, object][] = [
      ['username', { username: undefined }],
      ['username', { username: 'no user' }],
      ['username', { username: '../etc' }],
      ['username', { username: 'x'.repeat(31) }],
      ['username', { username: ['jane'] }],
      ['username', { username: null }],
      ['domain', { domain: 'nodots' }],
      ['domain', { domain: 'a..b' }],
      ['domain', { domain: '-x.example' }],
      ['domain', { domain: '1.2.3.4' }],
      ['domain', { domain: `${'a.'.repeat(130)}de` }],
      ['domain', { domain: 'bücher.example' }],
      ['domain', { domain: 'x.example\n' }],
      ['password', { password: '' }],
      ['password', { password: 'x'.repeat(257) }],
      ['password', { password: 'line\nend' }],
      ['password', { password: 123456 }],
      ['package', { package: '../gold' }],
      ['email', { email: 'nobody' }],
      ['disk_mb', { disk_mb: -1 }],
      ['disk_mb', { disk_mb: 1.5 }],
      ['disk_mb', { disk_mb: '1e3' }],
      ['disk_mb', { disk_mb: 1e12 }],
      ['role', { role: 'admin' }],
      ['__proto__', JSON.parse('{"__proto__": {"admin": true}}') as object],
    ];
    for (const [field, more] of wrong) {
      const body = JSON.stringify({ ...good, ...more }).replace(
        /^\{/,
        field === '__proto__' ? '{"__proto__":{},' : '{',
      );
      const { status, json } = await rest('POST', '/accounts', body);
      expect({ field: json['field'], status, body }).toEqual({ field, status: 400, body });
      expect(json).toMatchObject({ error: 'bad_request' });
      for (const value of ['SecurePass123!', 'no user', '../gold', 'line\nend']) {
        expect(JSON.stringify(json)).not.toContain(value);
      }
    }
    expect(panel.has('data/users/jane')).toBe(false);
  });

  it('is 400 where its body, its query or a part of its path can not be read', async () => {
    for (const body of ['{', '[]', 'null', '"x"', '{"a":1}x', Buffer.from([0x7b, 0xff, 0x7d])]) {
      expect(await rest('POST', '/accounts', body)).toMatchObject({
        status: 400,
        json: { error: 'bad_request' },
      });
    }
    expect((await rest('GET', `${ofAlice}?page=2`)).status).toBe(400);
    expect(await rest('GET', '/accounts/%ff')).toMatchObject({ status: 400, json: { error: 'bad_request' } });
    expect((await rest('GET', `/accounts/${'x'.repeat(5000)}/domains`)).status).toBe(404);
    expect((await rest('GET', `/accounts/${'x'.repeat(200)}/domains`)).json).toMatchObject({
      field: 'username',
    });
    expect((await rest('POST', '/accounts/alice/suspend', { reason: 'x' })).json).toMatchObject({
      field: 'reason',
    });
    expect((await rest('GET', '/accounts/%2e%2e%2fetc/domains')).json).toMatchObject({ field: 'username' });
    expect((await rest('GET', '/accounts/a%00b/domains')).json).toMatchObject({ field: 'username' });
  });

  it('is 404 where there is no such route, and 405 with Allow where there is, by another method', async () => {
    for (const path of [
      '/nothing',
      '/accounts/alice/nothing',
      '/accounts//domains',
      '/a/b/c/d/e/f/g/h/i/j',
    ]) {
      const { status, json } = await rest('GET', path, undefined, { authorization: '' });
      expect({ path, status, json }).toEqual({
        path,
        status: 404,
        json: { error: 'not_found', message: 'there is no such route' },
      });
    }
    for (const [method, path, allowed] of [
      ['PUT', '/accounts', 'GET, POST'],
      ['GET', '/accounts/alice', 'DELETE'],
      ['POST', '/server/stats', 'GET'],
      ['OPTIONS', '/server/services/nginx/stop', 'POST'],
    ] as const) {
      const { status, headers, json } = await rest(method, path);
      expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: allowed });
      expect(json).toMatchObject({ error: 'method_not_allowed' });
    }
    expect((await rest('GET', '/accounts/alice/domains/')).status).toBe(200);
  });

  it('answers HEAD as GET, without the body', async () => {
    const path = '/api/accounts/alice/domains';
    for (const authorization of [`Bearer ${root.pair}`, `Bearer ${'A'.repeat(20)}:x`, '']) {
      const ask = (method: string) =>
        service.request(method, path, undefined, { headers: { authorization } });
      const [head, get] = [await ask('HEAD'), await ask('GET')];
      expect({ ...head, headers: 0 }).toEqual({ ...get, body: '', headers: 0 });
      const { 'content-length': length, 'content-type': type } = head.headers;
      expect([length, type]).toEqual([get.headers['content-length'], get.headers['content-type']]);
    }
    const { status, headers } = await service.request('HEAD', '/api/accounts/alice', undefined);
    expect([status, headers.allow]).toEqual([405, 'DELETE']);
  });

  it('is 413 where its body is too long, and 415 where it is no JSON by its own word', async () => {
    const long = JSON.stringify({ ...mail, password: 'x'.repeat(70_000) });
    expect(await rest('POST', '/accounts/alice/email', long)).toMatchObject({
      status: 413,
      json: { error: 'too_large' },
    });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await rest('POST', '/accounts/alice/email', 'address=x', { headers });
    expect(answer).toMatchObject({ status: 415, json: { error: 'unsupported_media_type' } });
  });
});

describe('what the panel does', () => {
  it('is 501 where it has no such command, and nothing was begun', async () => {
    expect(await rest('GET', '/lacking')).toMatchObject({ status: 501, json: { error: 'not_implemented' } });
    expect(await rest('POST', '/two')).toMatchObject({ status: 501, json: { error: 'not_implemented' } });
    expect(panel.has('one')).toBe(false);
  });

  it('is 500 where it prints something else than the route expects, and the log is told', async () => {
    const message = 'v-list-broken printed something else than expected';
    expect(await rest('GET', '/accounts')).toMatchObject({
      status: 500,
      json: { error: 'server_error', message },
    });
    expect(service.log).toContain(message);
  });
});

describe("an operator's routes", () => {
  it('are there beside the others, in their place, and take some away', async () => {
    const body = { pin: 'pin-of-alice', note: "it's $(id)" };
    const { status, json } = await rest('POST', '/accounts/alice/dns/red', body);
    expect({ status, json }).toEqual({
      status: 202,
      json: { colour: 'red', note: body.note, list: ['alice', 1, true] },
    });
    expect(panel.file('echo')).toBe("alice\nrot\npin-of-alice\nit's $(id)\nx rot y\n");
    await rest('POST', '/accounts/alice/dns/red', { pin: 'pin-of-alice' });
    expect(panel.file('echo').split('\n')[3]).toBe('of alice');
    expect((await rest('POST', '/accounts/alice/unsuspend')).status).toBe(404);
  });
});

describe('secrets', () => {
  it('are in no list of processes, where the command takes them from standard input', async () => {
    const head = '# secrets: stdin';
    const show = `tr '\\0' ' ' < /proc/$$/cmdline > "$HESTIA/seen"; cat > "$HESTIA/input"`;
    panel.writeCommand('v-change-user-password', 'USER PASSWORD', `${head}\n${show}`);
    expect((await service.call(root, 'v-change-user-password', ['alice', 'Other Pass 9'])).code).toBe(0);
    expect(panel.file('seen')).toMatch(/ alice - $/);
    expect(panel.file('input')).toBe('Other Pass 9\n');
  });

  it('are neither in the audit record, nor in a log, nor in an answer that repeats them', async () => {
    const password = 'Tell-Nobody-1';
    const answer = await rest('POST', '/weak', { pin: password });
    expect(answer.json).toEqual({ error: 'bad_request', message: '*** is too weak', code: 2 });
    await rest('POST', '/accounts/alice/dns/red', { pin: password });
    await rest('POST', '/accounts/alice/dns/red', { pin: password }, { authorization: alice.pair });
    const events = await service.events('--key', root.id);
    const echoed = events
      .filter(({ type, command }) => type === 'decision' && command === 'v-set-echo')
      .at(-1);
    expect(echoed?.args).toEqual(['alice', 'rot', '***', 'of alice', 'x rot y']);
    const kept = ['audit/events.jsonl', 'auth.log'].map((name) =>
      readFileSync(join(service.dataDir, name), 'utf8'),
    );
    for (const secret of [password, 'MailPass456!', 'pin-of-alice', root.secret, alice.secret]) {
      expect(kept.join('') + service.log).not.toContain(secret);
    }
  });
});

describe('the audit record', () => {
  it('has an event before each command runs, and one with its result', async () => {
    const before = (await service.events()).length;
    await rest('POST', '/two');
    await rest('GET', '/server/stats', undefined, { authorization: root.pair });
    // Failed attempts of the tests before are summed, and come late.
    const events = (await service.events()).slice(before).filter(({ outcome }) => outcome !== 'deny');
    const shown = events.map(({ type, outcome, command, clientAddress }) => [
      type,
      outcome,
      command,
      clientAddress,
    ]);
    const ran = (command: string, result: string) => [
      ['decision', 'allow', command, '127.0.0.1'],
      ['result', result, command, '127.0.0.1'],
    ];
    expect(shown).toEqual([
      ...ran('v-list-cron-jobs', 'failed'),
      ...ran('v-list-sys-info', 'done'),
      ...ran('v-list-sys-php', 'done'),
      ...ran('v-list-sys-disk-status', 'done'),
      ...ran('v-list-sys-memory-status', 'done'),
    ]);
  });
});

describe('without a panel', () => {
  it('accounts are not begun where domains can not be made: 501, and no user', async () => {
    const bare = await TestService.startOpen([]);
    const key = await bare.makeKey('admin', '');
    const body = JSON.stringify({ username: 'jane', domain: 'jane.example', password: 'SecurePass123!' });
    const headers = { Authorization: `Bearer ${key.pair}`, 'Content-Type': 'application/json' };
    const answer = await bare.request('POST', '/api/accounts', body, { headers });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      501,
      { error: 'not_implemented', message: 'v-add-domain is not available on this server', code: 3 },
    ]);
    expect((await bare.run('v-list-user', 'jane')).code).toBe(3);
  });

  it('a file of routes that is wrong stops the start', async () => {
    const file = join(temporaryFolder(), 'routes.json');
    writeFileSync(file, '{\n  "routes": [}\n');
    await expect(TestService.start({ REST_ROUTES: file })).rejects.toThrow(`${file}, line 2: `);
    await expect(TestService.start({ PANEL_URL: 'javascript:alert(1)' })).rejects.toThrow(
      'HEARTHKEY_PANEL_URL',
    );
  });
});

describe('the rate of requests', () => {
  it('is 120 a minute for each key; then 429 says when to come again', async () => {
    const key = await service.makeKey('alice', 'user');
    const clock = new HandClock();
    clock.holds(service);
    const ask = () => rest('GET', ofAlice, undefined, { authorization: `Bearer ${key.pair}` });
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    // Fewer at a time than there may be commands under way.
    while (answers.length < 125) answers.push(...(await Promise.all(Array.from({ length: 25 }, ask))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(120);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    for (const { headers, json } of refused) {
      expect(json).toMatchObject({ error: 'too_many_requests', code: 14 });
      expect(headers).toMatchObject({ 'ratelimit-limit': '120', 'ratelimit-remaining': '0' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    expect((await rest('GET', ofAlice)).status).toBe(200); // another key's
  });

  it('is the own of the key where it has one, counted once for all commands of a request, and passes again', async () => {
    const key = await service.makeKey('admin', '');
    await service.ok('v-change-access-key', key.id, '--rate-limit', '2/s');
    const authorization = `Bearer ${key.pair}`;
    const two = () => rest('POST', '/two', {}, { authorization });
    const clock = new HandClock();
    clock.holds(service);
    const first = await two();
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
    expect((await two()).status).not.toBe(429);
    expect(await two()).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', 'ratelimit-limit': '2' },
    });
    clock.advance(999);
    expect((await two()).status).toBe(429);
    clock.advance(1);
    expect((await two()).status).not.toBe(429);
  });
});
