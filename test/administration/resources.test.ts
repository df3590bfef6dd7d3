/** REST v1 beside access keys: roles, addresses, users, legacy keys, switches, the record, and what is known. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/config/version.js';
import { AdministrationClient, type Answer } from '../support/administration.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let service: TestService;
let root: AdministrationClient;

const takeNewKey = async (): Promise<void> => {
  root = new AdministrationClient(service, await service.makeKey('admin', ''));
};

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  await takeNewKey();
});

const names = (list: { name: string }[]): string[] => list.map(({ name }) => name);

describe('/v1/apis', () => {
  const path = '/v1/apis';
  const file = { role: 'user', commands: ['v-list-user', 'v-list-mail-domains'] };

  it('makes, reads, replaces and deletes a role file', async () => {
    const made = await root.post(path, { name: 'own', ...file });
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/own` } });
    expect(made.json).toEqual({
      name: 'own',
      ...file,
      safe: [],
      only: null,
      isBuiltIn: false,
      problem: null,
    });
    expect(await root.post(path, { name: 'own', ...file })).toMatchObject({
      status: 409,
      json: { reason: 'already_exists' },
    });
    const { headers } = await root.get(`${path}/own`);
    const ifMatch = { 'If-Match': headers.etag ?? '' };
    const narrower = { role: 'user', commands: ['v-list-user'], safe: ['v-list-user'] };
    expect((await root.put(`${path}/own`, narrower, ifMatch)).json).toMatchObject(narrower);
    const only = ['DOMAIN=example.com'];
    expect((await root.put(`${path}/own`, { ...narrower, only })).json).toMatchObject({ only });
    expect((await root.put(`${path}/own`, narrower)).json).toMatchObject({ only });
    expect((await root.put(`${path}/own`, { ...narrower, only: null })).json).toMatchObject({ only: null });
    expect((await root.put(`${path}/own`, { ...narrower, only: ['DOMIAN=x'] })).status).toBe(400);
    expect((await root.put(`${path}/own`, file, ifMatch)).status).toBe(412);
    expect((await root.delete(`${path}/own`, ifMatch)).status).toBe(412);
    expect(await service.ok('v-list-api', 'own', 'plain')).toBe('own\tuser\tv-list-user\n');
    expect((await root.delete(`${path}/own`)).status).toBe(204);
    expect((await root.get(`${path}/own`)).status).toBe(404);
    expect((await root.delete(`${path}/own`)).status).toBe(404);
    expect((await root.put(`${path}/own`, file)).status).toBe(404);
  });

  it('has read-only, which has no file', async () => {
    const all = await root.get<{ items: { name: string; isBuiltIn: boolean }[] }>(path);
    expect(all.json.items.filter(({ isBuiltIn }) => isBuiltIn)).toMatchObject([{ name: 'read-only' }]);
    expect((await root.put(`${path}/read-only`, file)).status).toBe(403);
    expect((await root.delete(`${path}/read-only`)).status).toBe(403);
  });

  it('makes a ready-made role for a client', async () => {
    const made = await root.post<{ commands: string[] }>(path, { name: 'shop', from: 'fossbilling' });
    expect(made.status).toBe(201);
    expect(made.json.commands).toContain('v-add-user');
    expect((await root.post(path, { name: 'shop2', from: 'fossbilling', role: 'admin' })).status).toBe(400);
    expect((await root.post(path, { name: 'shop2' })).status).toBe(400);
  });

  it('tells which keys would lose or gain what, and changes nothing', async () => {
    await root.post(path, { name: 'tried', ...file });
    const key = await service.makeKey('alice', 'tried');
    const wanted = { role: 'user', commands: ['v-list-user', 'v-list-dns-domains'] };
    const effect = await root.put(`${path}/tried?dryRun=true`, wanted);
    const change = {
      accessKeyId: key.id,
      user: 'alice',
      loses: ['v-list-mail-domains'],
      gains: ['v-list-dns-domains'],
      ...{ losesForOthers: false, gainsForOthers: false },
    };
    expect(effect.json).toEqual({ keys: [change], isComplete: true });
    expect((await root.get(`${path}/tried`)).json).toMatchObject(file);
    expect((await root.put(`${path}/tried?dryRun=maybe`, wanted)).status).toBe(400);
    const tried = async (as: object) =>
      (await root.put(`${path}/tried?dryRun=true`, { ...file, ...as })).json;
    const effectIs = (loses: string[], gains: string[]) => ({ keys: [{ ...change, loses, gains }] });
    const commands = [...file.commands, 'v-list-sys-info'];
    expect(await tried({ commands })).toMatchObject({ keys: [] });
    expect(await tried({ commands, safe: ['v-list-sys-info'] })).toMatchObject(
      effectIs([], ['v-list-sys-info']),
    );
    expect(await tried({ only: ['USER=bob'] })).toMatchObject(effectIs([...file.commands].sort(), []));
    await root.put(`${path}/tried`, { ...file, only: ['FORMAT=json,plain'] });
    const both = [...file.commands].sort();
    expect(await tried({ only: ['FORMAT=json'] })).toMatchObject(effectIs(both, []));
    expect(await tried({ only: ['FORMAT=json,shell'], commands: ['v-list-user'] })).toMatchObject(
      effectIs(both, ['v-list-user']),
    );
    expect(await tried({ only: null })).toMatchObject(effectIs([], both));
    await root.put(`${path}/tried`, file);
  });

  it("tells which of an administrator's commands are for other users", async () => {
    await root.post(path, { name: 'hosting', ...file });
    await service.addUser('anna');
    await service.ok('v-change-user-role', 'anna', 'admin');
    const key = await service.makeKey('anna', 'hosting');
    const { commands } = file;
    const tried = async (as: object) =>
      (await root.put<{ keys: object[] }>(`${path}/hosting?dryRun=true`, { commands, ...as })).json.keys;
    const both = [...commands].sort();
    const ofAnna = { accessKeyId: key.id, user: 'anna' };
    expect(await tried({ role: 'admin' })).toEqual([
      { ...ofAnna, loses: [], gains: both, losesForOthers: false, gainsForOthers: true },
    ]);
    await root.put(`${path}/hosting`, { ...file, role: 'admin' });
    expect(await tried({ role: 'user' })).toEqual([
      { ...ofAnna, loses: both, gains: [], losesForOthers: true, gainsForOthers: false },
    ]);
    await service.ok('v-change-user-role', 'anna', 'user');
    expect(await tried({ role: 'user' })).toEqual([
      { ...ofAnna, loses: [], gains: both, losesForOthers: false, gainsForOthers: false },
    ]);
  });

  it('lists broken files with their line', async () => {
    writeFileSync(join(service.config.apisDir, 'broken'), "ROLE='user'\nCOMMANDS=v-list-user;rm\n");
    const problem = async (): Promise<string | null | undefined> => {
      const { json } = await root.get<{ items: { name: string; problem: string | null }[] }>(path);
      return json.items.find(({ name }) => name === 'broken')?.problem;
    };
    // Until it has kept still for a moment, it may still be written.
    await within(
      3000,
      'the broken file',
      async () => ![undefined, 'is being written'].includes((await problem()) ?? undefined),
    );
    expect(await problem()).toMatch(/^line 2: /);
    // What it held arguments to is unknown.
    expect((await root.put(`${path}/broken`, file)).json).toMatchObject({ reason: 'role_file_broken' });
    expect((await root.put(`${path}/broken`, { ...file, only: null })).status).toBe(200);
  });
});

describe('/v1/allowed-ips', () => {
  const path = '/v1/allowed-ips';

  it('lists entries, adds and deletes them, and tells where the request came from', async () => {
    expect(await root.post(path, { address: '198.51.100.7/24' })).toMatchObject({
      status: 201,
      json: { address: '198.51.100.0/24' },
    });
    const { json } = await root.get(path);
    expect(json).toEqual({ items: ['127.0.0.0/8', '198.51.100.0/24'], requestSeenFrom: '127.0.0.1' });
    expect((await root.delete(`${path}/198.51.100.0%2F24`)).status).toBe(204);
    expect((await root.delete(`${path}/198.51.100.0%2F24`)).status).toBe(404);
    expect((await root.delete(`${path}/nonsense`)).status).toBe(404);
    expect((await root.post(path, { address: '1.2.3' })).status).toBe(400);
  });

  it('refuses to shut out the caller', async () => {
    const answer = await root.delete(`${path}/127.0.0.0%2F8`);
    expect(answer).toMatchObject({ status: 403, json: { reason: 'forbidden' } });
    expect((await root.get(path)).status).toBe(200);
  });

  it('tells which addresses were refused lately', async () => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.1');
    await service.call(root.key, 'v-list-users', [], { from: '127.0.0.77' });
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.0/8');
    const refused = async () => (await root.get<{ items: unknown[] }>(`${path}/refused`)).json.items;
    await within(3000, 'the refused address', async () => (await refused()).length > 0);
    expect(await refused()).toMatchObject([{ address: '127.0.0.77', count: 1 }]);
  });
});

describe('/v1/users', () => {
  const path = '/v1/users';
  const carol = { name: 'carol', password: 'correct-horse-1', email: 'carol@example.com' };

  it('adds, lists, reads, suspends and deletes users', async () => {
    const made = await root.post(path, { ...carol, firstName: 'Carol', lastName: 'Smith' });
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/carol` } });
    const { json } = await root.get(`${path}/carol`);
    expect(json).toMatchObject({
      name: 'carol',
      fullName: 'Carol Smith',
      email: carol.email,
      isSuspended: false,
    });
    expect(Math.abs(Date.parse(String(json['createdAt'])) - Date.now())).toBeLessThan(600_000);
    const listed = await root.get<{ items: { name: string }[] }>(path);
    expect(names(listed.json.items)).toEqual(expect.arrayContaining(['admin', 'alice', 'bob', 'carol']));
    expect((await root.post(`${path}/carol/suspend`)).status).toBe(204);
    expect((await root.get(`${path}/carol`)).json).toMatchObject({ isSuspended: true });
    expect((await root.post(`${path}/carol/suspend`)).status).toBe(409);
    expect((await root.post(`${path}/carol/unsuspend`)).status).toBe(204);
    expect((await root.put(`${path}/carol/password`, { password: 'another-horse-2' })).status).toBe(204);
    expect((await root.put(`${path}/carol/login`, { isDisabled: true })).status).toBe(204);
    expect((await root.post(path, carol)).status).toBe(409);
    expect((await root.delete(`${path}/carol`)).status).toBe(204);
    expect((await root.get(`${path}/carol`)).status).toBe(404);
    expect((await root.delete(`${path}/admin`)).status).toBe(403);
  });

  it('keeps passwords out of errors and of the record', async () => {
    const answer = await root.post(path, { ...carol, email: 'none', password: 'secret-in-error' });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('secret-in-error');
    await root.put(`${path}/bob/password`, { password: 'secret-in-record' });
    const events = await service.events('--command', 'v-change-user-password');
    expect(events.length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain('secret-in-record');
  });
});

describe('/v1/legacy-keys', () => {
  const path = '/v1/legacy-keys';

  it('makes a key once, lists and revokes it', async () => {
    const headers = { 'Idempotency-Key': 'legacy-1' };
    const made = await root.post<{ id: string; key: string }>(path, {}, headers);
    expect(made.status).toBe(201);
    const again = await root.post(path, {}, headers);
    expect(again).toMatchObject({ status: 409, json: { reason: 'already_created', id: made.json.id } });
    expect(again.text).not.toContain(made.json.key);
    const { json } = await root.get<{ items: { id: string }[] }>(path);
    expect(json.items).toMatchObject([{ id: made.json.id, isWeak: false }]);
    expect((await root.delete(`${path}/${made.json.key}`)).status).toBe(404);
    expect((await root.delete(`${path}/${made.json.id}`)).status).toBe(204);
    expect((await root.get<{ items: unknown[] }>(path)).json.items).toEqual([]);
  });
});

describe('/v1/settings', () => {
  it('reads the switches, and changes several in one step or none', async () => {
    const path = '/v1/settings';
    const before = { isLegacyApiOn: false, accessKeyApi: 'all_users', isReadOnly: false, rootUser: 'admin' };
    expect((await root.get(path)).json).toEqual(before);
    expect((await root.patch(path, { isLegacyApiOn: true, accessKeyApi: 'root_user' })).json).toEqual({
      ...before,
      ...{ isLegacyApiOn: true, accessKeyApi: 'root_user' },
    });
    expect((await root.patch(path, { isLegacyApiOn: null })).status).toBe(400);
    expect((await root.patch(path, { accessKeyApi: 'some' })).status).toBe(400);
    expect((await root.patch(path, { isLegacyApiOn: false, accessKeyApi: 'all_users' })).json).toEqual(
      before,
    );
  });
});

interface EventPage {
  items: { number: number; type: string; command: string | null; reason: string | null }[];
  next: string | null;
}

describe('/v1/audit-events', () => {
  beforeAll(takeNewKey);

  const path = '/v1/audit-events';

  it('lists events in pages, each once, the newest first', async () => {
    const all: EventPage['items'] = [];
    const query = 'type=change&limit=5';
    for (let next: string | null = ''; next !== null;) {
      const answer: Answer<EventPage> = await root.get(
        `${path}?${query}${next === '' ? '' : `&cursor=${next}`}`,
      );
      expect(answer.status).toBe(200);
      all.push(...answer.json.items);
      next = answer.json.next;
    }
    const numbers = all.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => other - one));
    const listed = await service.events('--type', 'change');
    expect(all).toHaveLength(listed.length);
  });

  it('streams them as JSON lines and as CSV, without a limit', async () => {
    const ndjson = await root.get(`${path}?type=change`, { Accept: 'application/x-ndjson' });
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = ndjson.text.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as EventPage['items'][number]);
    expect(events).toHaveLength((await service.events('--type', 'change')).length);
    const csv = await root.get(`${path}?type=change`, { Accept: 'text/csv' });
    expect(csv.text.split('\r\n')[0]).toMatch(/^number,time,type,/);
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(events.length + 1);
  });

  it('counts decisions by what is asked, over time', async () => {
    for (let times = 0; times < 3; times++) await root.get('/v1/nodes');
    const { json } = await root.get<{ items: { value: string; count: number }[] }>(
      `${path}/counts?by=command&command=v-list-nodes`,
    );
    expect(json.items).toEqual([{ value: 'v-list-nodes', count: 3 }]);
    const byDay = await root.get<{ items: { from?: string; count: number }[] }>(
      `${path}/counts?by=outcome&interval=day&command=v-list-nodes`,
    );
    expect(byDay.json.items[0]?.from).toMatch(/T00:00:00\.000Z$/);
    expect((await root.get(`${path}/counts`)).status).toBe(400);
    expect((await root.get(`${path}/counts?by=secret`)).status).toBe(400);
  });

  it('verifies the record', async () => {
    const { status, json } = await root.post('/v1/audit-verifications');
    expect([status, json]).toMatchObject([200, { isWhole: true, findingCount: 0, findings: [] }]);
    const wrong = await root.post('/v1/audit-verifications', { expect: `1:${'0'.repeat(64)}` });
    expect(wrong.json).toMatchObject({ isWhole: false });
  });
});

describe('what is known', () => {
  it('explains a decision, also a past one by its number', async () => {
    const key = await service.makeKey('alice', 'mail-accounts');
    const asked = { accessKeyId: key.id, command: 'v-list-users' };
    const { json } = await root.post<{ steps: { state: string; remedy: string | null }[] }>(
      '/v1/explanations',
      asked,
    );
    expect(json).toMatchObject({ allowed: false, reason: 'permission_missing', code: 10 });
    expect(json.steps.filter(({ state }) => state === 'denied')[0]?.remedy).toContain('v-');
    await service.call(key, 'v-list-users');
    const page = await root.get<EventPage>(`/v1/audit-events?accessKeyId=${key.id}&outcome=deny`);
    const number = page.json.items[0]?.number;
    const past = await root.post('/v1/explanations', { auditEvent: number });
    expect(past.json).toMatchObject({ allowed: false, reason: 'permission_missing' });
    expect((await root.post('/v1/explanations', { auditEvent: number, command: 'v-list-user' })).status).toBe(
      400,
    );
    expect((await root.post('/v1/explanations', { auditEvent: 999_999_999 })).status).toBe(404);
    expect((await root.post('/v1/explanations', {})).status).toBe(400);
  });

  it('lists commands, nodes and findings as their commands do', async () => {
    const commands = await root.get<{ items: { name: string }[] }>('/v1/commands?text=Purge-Nginx');
    expect(names(commands.json.items)).toEqual(['v-purge-nginx-cache']);
    expect((await root.get('/v1/nodes')).json).toMatchObject({ items: [], version, leaseAgeMs: 0 });
    const findings = await root.get<{ items: { check: string }[] }>('/v1/findings');
    const printed = JSON.parse(await service.ok('v-list-findings', 'json')) as { CHECK: string }[];
    expect(findings.json.items.map(({ check }) => check)).toEqual(printed.map(({ CHECK }) => CHECK));
  });

  it('tells every key that may be used who it is and what it may do, and nobody else', async () => {
    expect((await root.get('/v1/whoami')).json).toEqual({
      ...{
        accessKeyId: root.key.id,
        sessionId: null,
        user: 'admin',
        isRootUser: true,
        permissions: [],
        mayRunEverything: true,
      },
      ...{ commands: [], clientAddress: '127.0.0.1' },
    });
    const alice = new AdministrationClient(service, await service.makeKey('alice', 'purge-nginx-cache'));
    const { json } = await alice.get('/v1/whoami');
    expect(json).toMatchObject({
      user: 'alice',
      mayRunEverything: false,
      commands: ['v-list-web-domain', 'v-list-web-domains', 'v-purge-nginx-cache'],
    });
    const [event] = (await service.events('--key', alice.key.id)).slice(-1);
    expect(event).toMatchObject({ type: 'decision', outcome: 'allow', command: 'whoami' });
    const held = (await service.ok('v-add-access-key', 'admin', '', '', 'plain', '--only', 'API=own')).trim();
    const holder = new AdministrationClient(service, { ...alice.key, pair: held });
    expect((await holder.get('/v1/whoami')).json).toMatchObject({
      mayRunEverything: false,
      commands: ['v-add-api', 'v-change-api', 'v-delete-api', 'v-list-api'],
    });
    const wrong = new AdministrationClient(service, {
      ...alice.key,
      pair: `${alice.key.id}:${'x'.repeat(40)}`,
    });
    expect((await wrong.get('/v1/whoami')).status).toBe(401);
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '1');
    expect(await alice.get('/v1/whoami')).toMatchObject({
      status: 403,
      json: { reason: 'api_disabled_for_user' },
    });
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-suspend-access-key', alice.key.id);
    expect((await alice.get('/v1/whoami')).status).toBe(401);
  });

  it('says that nothing is left of a key whose maker has lost its permissions, not that it may do everything', async () => {
    const maker = await service.makeKey('admin', 'billing');
    await service.ok('v-add-api', 'key-maker', 'admin', 'v-add-access-key');
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'key-maker,billing');
    const made = await new AdministrationClient(service, maker).post<Record<string, string>>(
      '/v1/access-keys',
      {
        ...{ user: 'admin', permissions: ['billing'] },
      },
    );
    const { accessKeyId: id = '', secretAccessKey: secret = '' } = made.json;
    const narrowed = new AdministrationClient(service, { id, secret, pair: `${id}:${secret}` });
    expect((await narrowed.get('/v1/whoami')).json).toMatchObject({
      permissions: ['billing'],
      mayRunEverything: false,
    });
    await service.ok('v-change-access-key', maker.id, 'PERMISSIONS', 'key-maker');
    expect((await narrowed.get('/v1/whoami')).json).toMatchObject({
      ...{ isRootUser: true, permissions: [], commands: [], mayRunEverything: false },
    });
  });
});
