/** /v1/sessions: logging in, what a session may do and what ends it, and which requests its cookie is good for. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdministrationClient } from '../support/administration.js';
import type { Event } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { linkToken, Person, type ShownSession } from '../support/person.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

const password = 'correct-horse-1';
let service: TestService;

beforeAll(async () => {
  // As it is installed: API_SYSTEM is 1 and nobody is in API_ALLOWED_IP.
  service = await TestService.start({ FAILURE_LIMIT: '0' });
  for (const user of ['alice', 'bob']) await service.addUser(user);
  for (const user of ['admin', 'alice', 'bob']) await service.ok('v-change-user-password', user, password);
});

async function loggedIn(user: string): Promise<Person> {
  return new Person(service).logInByLink(user);
}

async function newestEvent(...filters: string[]): Promise<Event | undefined> {
  const text = await service.ok('v-list-audit-events', 'json', ...filters, '--limit', '1');
  return (JSON.parse(text) as Event[])[0];
}

describe('logging in', () => {
  it('with a password begins a session, on an installation that lets no program in', async () => {
    const person = new Person(service);
    const answer = await person.logIn({ user: 'admin', password });
    expect([answer.status, answer.json]).toMatchObject([
      201,
      { user: 'admin', method: 'password', isCurrent: true, isRootUser: true },
    ]);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^hearthkey=[\w-]{54}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(await person.isIn()).toBe(true);
    expect((await person.get('/v1/sessions/current')).json).toMatchObject({ csrfToken: person.csrfToken });
  });

  it('keeps nothing of its secrets: not in the store, the log, nor the record', async () => {
    const person = new Person(service);
    const token = await linkToken(service, 'alice');
    await person.logIn({ token });
    await person.delete('/v1/sessions/current');
    const files = readdirSync(service.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
    // The ID is there, so a secret would be found as well.
    expect(files.some((text) => text.includes(person.sessionId))).toBe(true);
    const secrets = [token, person.cookie.split('=')[1] ?? '', person.csrfToken];
    for (const text of [...files, service.log])
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });

  it.each([
    ['a wrong password', { user: 'alice', password: 'wrong-horse-1' }],
    ['a user that nobody is', { user: 'nobody', password }],
    ['what is no user name', { user: 'no/body', password }],
    ['an empty password', { user: 'alice', password: '' }],
    ['a made-up token', { token: 'x'.repeat(54) }],
    ['no token', { token: '' }],
  ])('is refused alike with %s', async (_what, credential) => {
    const answer = await new Person(service).logIn(credential);
    expect([answer.status, answer.json['reason'], answer.json['code']]).toEqual([
      401,
      'credentials_refused',
      9,
    ]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is refused to users who are suspended, or may not log in', async () => {
    await service.addUser('carol');
    await service.ok('v-change-user-password', 'carol', password);
    await service.ok('v-change-user-config-value', 'carol', 'LOGIN_DISABLED', 'yes');
    const carol = { user: 'carol', password };
    expect((await new Person(service).logIn(carol)).json['reason']).toBe('credentials_refused');
    expect((await service.run('login-link', 'carol')).code).toBe(10);
    await service.ok('v-change-user-config-value', 'carol', 'LOGIN_DISABLED', 'no');
    await service.ok('v-suspend-user', 'carol');
    expect((await new Person(service).logIn(carol)).json['reason']).toBe('user_suspended');
    expect((await service.run('login-link', 'carol')).code).toBe(5);
  });

  it('with a link works once', async () => {
    const token = await linkToken(service, 'alice');
    const [one, other] = await Promise.all([
      new Person(service).logIn({ token }),
      new Person(service).logIn({ token }),
    ]);
    expect([one.status, other.status].sort()).toEqual([201, 401]);
    expect((await new Person(service).logIn({ token })).status).toBe(401);
  });

  it('with a link names the page, the token behind the #', async () => {
    const text = await service.ok('login-link', 'alice', '--ttl', '1h');
    expect(text).toMatch(/^http:\/\/localhost:\d+\/console\/login#token=[\w-]{54}\n$/);
    expect((await service.run('login-link', 'alice', '--ttl', '2d')).code).toBe(2);
    expect((await service.run('login-link', 'nobody')).code).toBe(3);
  });

  it('is in the record, with who it is, how and from where', async () => {
    const person = await loggedIn('admin');
    const actor = { kind: 'session', user: 'admin', sessionId: person.sessionId, method: 'link' };
    expect(await newestEvent('--type', 'decision', '--user', 'admin')).toMatchObject({
      ...{ outcome: 'allow', command: 'log-in', actor, clientAddress: '127.0.0.1' },
    });
    await person.get('/v1/access-keys');
    expect(await newestEvent('--command', 'v-list-access-keys')).toMatchObject({ actor });
    await new Person(service).logIn({ user: 'hunter2-is-my-password', password });
    const [failed] = (
      JSON.parse(await service.ok('v-list-audit-events', 'json', '--reason', 'secret_mismatch')) as Event[]
    ).slice(-1);
    expect(failed?.actor.user).not.toContain('hunter2');
    expect(service.authLog.at(-1)).toMatch(/failed to login$/);
  });

  it('takes exactly one credential', async () => {
    const both = { user: 'alice', password, token: await linkToken(service, 'alice') };
    for (const body of [{}, { user: 'alice' }, { password }, both]) {
      const answer = await new Person(service).post('/v1/sessions', body);
      expect([answer.status, answer.json['reason']]).toEqual([400, 'invalid_input']);
    }
  });
});

describe('a session of the root user', () => {
  it('may do what an unrestricted key of his may', async () => {
    const person = await loggedIn('admin');
    const made = await person.post('/v1/access-keys', { user: 'admin', permissions: [] });
    expect([made.status, made.json['madeBy']]).toEqual([201, null]);
    const all = await person.get<{ items: ShownSession[] }>('/v1/sessions');
    expect(all.json.items.find(({ isCurrent }) => isCurrent)?.sessionId).toBe(person.sessionId);
  });

  it('lets programs in, and shuts them out, whatever its own address is', async () => {
    const person = await loggedIn('admin');
    expect((await person.send('PATCH', '/v1/settings', { isLegacyApiOn: true })).status).toBe(200);
    expect((await person.post('/v1/allowed-ips', { address: '192.0.2.1' })).status).toBe(201);
    expect((await person.delete('/v1/allowed-ips/192.0.2.1')).status).toBe(204);
    expect((await person.send('PATCH', '/v1/settings', { isLegacyApiOn: false })).status).toBe(200);
  });

  it("lists and ends others' sessions", async () => {
    const [admin, alice] = [await loggedIn('admin'), await loggedIn('alice')];
    const listed = await admin.get<{ items: ShownSession[] }>('/v1/sessions?user=alice');
    expect(listed.json.items.map(({ sessionId }) => sessionId)).toContain(alice.sessionId);
    expect(listed.json.items.every(({ user }) => user === 'alice')).toBe(true);
    expect((await admin.delete(`/v1/sessions/${alice.sessionId}`)).status).toBe(204);
    expect(await alice.isIn()).toBe(false);
    expect((await admin.delete(`/v1/sessions/${alice.sessionId}`)).status).toBe(404);
  });
});

describe("a user's session", () => {
  it('handles his own keys', async () => {
    const alice = await loggedIn('alice');
    const wanted = { user: 'alice', permissions: ['mail-accounts'] };
    const made = await alice.post<{ accessKeyId: string }>('/v1/access-keys', wanted);
    expect(made.status).toBe(201);
    const path = `/v1/access-keys/${made.json.accessKeyId}`;
    expect((await alice.get(path)).status).toBe(200);
    expect((await alice.send('PATCH', path, { comment: 'mine' })).status).toBe(200);
    expect((await alice.post(`${path}/rotate`)).status).toBe(200);
    expect((await alice.post(`${path}/suspend`)).status).toBe(204);
    expect((await alice.delete(path)).status).toBe(204);
    expect((await alice.get<{ items: unknown[] }>('/v1/access-keys')).json.items).toEqual([]);
  });

  it('does nothing to others, and sees nothing of theirs', async () => {
    const [alice, bob] = [await loggedIn('alice'), await loggedIn('bob')];
    const { id } = await service.makeKey('bob', 'mail-accounts');
    const wanted = { user: 'bob', permissions: ['mail-accounts'] };
    const reasons = async (answer: Promise<{ json: Record<string, unknown>; status: number }>) => {
      const { status, json } = await answer;
      return [status, json['reason']];
    };
    const mismatch = [403, 'user_argument_mismatch'];
    expect(await reasons(alice.post('/v1/access-keys', wanted))).toEqual(mismatch);
    expect(await reasons(alice.get('/v1/access-keys?user=bob'))).toEqual(mismatch);
    expect(await reasons(alice.get('/v1/sessions?user=bob'))).toEqual(mismatch);
    expect(await reasons(alice.get(`/v1/access-keys/${id}`))).toEqual([404, 'not_found']);
    expect(await reasons(alice.delete(`/v1/access-keys/${id}`))).toEqual([404, 'not_found']);
    expect(await reasons(alice.delete(`/v1/sessions/${bob.sessionId}`))).toEqual([404, 'not_found']);
    expect(await reasons(alice.post(`/v1/access-keys/${id}/unsuspend`))).toEqual([403, 'permission_missing']);
    const sessions = await alice.get<{ items: ShownSession[] }>('/v1/sessions');
    expect(new Set(sessions.json.items.map(({ user }) => user))).toEqual(new Set(['alice']));
  });

  it('makes no key with an API of the root user', async () => {
    const alice = await loggedIn('alice');
    const wanted = { user: 'alice', permissions: ['sync-dns-cluster'] };
    expect((await alice.post('/v1/access-keys', wanted)).status).toBe(400);
  });
});

describe('what ends a session', () => {
  const ends: [string, (user: string, person: Person) => Promise<unknown>][] = [
    ['logging out', (_user, person) => person.delete('/v1/sessions/current')],
    ['v-delete-session', (_user, { sessionId }) => service.ok('v-delete-session', sessionId)],
    ['v-delete-sessions', (user) => service.ok('v-delete-sessions', user)],
    ['another password', (user) => service.ok('v-change-user-password', user, 'another-horse-2')],
    ['LOGIN_DISABLED', (user) => service.ok('v-change-user-config-value', user, 'LOGIN_DISABLED', 'yes')],
    ['suspension', (user) => service.ok('v-suspend-user', user)],
    ['deletion', (user) => service.ok('v-delete-user', user)],
    [
      'another user of the name',
      async (user) => {
        await service.ok('v-delete-user', user);
        await service.addUser(user);
      },
    ],
  ];

  it.each(ends)('is %s', async (_what, end) => {
    const user = `u${String(Math.random()).slice(2, 12)}`;
    await service.addUser(user);
    const person = await loggedIn(user);
    const link = await linkToken(service, user);
    expect(await person.isIn()).toBe(true);
    await end(user, person);
    const { status, json } = await person.get('/v1/sessions/current');
    expect([status, json['reason']]).toEqual([401, 'session_ended']);
    if (!/log|v-delete-session$/.test(_what))
      expect((await new Person(service).logIn({ token: link })).status).toBe(401);
  });

  it('is a suspension also where it was taken back since', async () => {
    await service.addUser('dave');
    const dave = await loggedIn('dave');
    await service.ok('v-suspend-user', 'dave');
    await service.ok('v-unsuspend-user', 'dave');
    expect(await dave.isIn()).toBe(false);
  });

  it('is a restore: passwords may be others now', async () => {
    const file = join(temporaryFolder(), 'copy.hkb');
    await service.ok('backup', file);
    const alice = await loggedIn('alice');
    const token = await linkToken(service, 'alice');
    await service.ok('restore', file);
    expect(await alice.isIn()).toBe(false);
    expect((await new Person(service).logIn({ token })).status).toBe(401);
  });

  it('forgets the cookie at logging out', async () => {
    const alice = await loggedIn('alice');
    const { headers, status } = await alice.delete('/v1/sessions/current');
    expect([status, headers['set-cookie']]).toEqual([204, [expect.stringContaining('Max-Age=0')]]);
  });
});

describe('the cookie', () => {
  const rename = { permissions: ['mail-accounts'], user: 'alice' };

  it.each<[string, Record<string, string>, number]>([
    ['everything', {}, 201],
    ['Sec-Fetch-Site in place of Origin', { Origin: '', 'Sec-Fetch-Site': 'same-origin' }, 201],
    ['another origin', { Origin: 'https://evil.example' }, 403],
    ['the origin of another port', { Origin: 'http://127.0.0.1:1' }, 403],
    ['a request of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a request of a neighbour', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['no origin at all', { Origin: '' }, 403],
    ['no token', { 'X-CSRF-Token': '' }, 403],
    ['a wrong token', { 'X-CSRF-Token': 'x'.repeat(43) }, 403],
  ])('changes something only for pages of the service: %s', async (_what, headers, status) => {
    const alice = await loggedIn('alice');
    const answer = await alice.send('POST', '/v1/access-keys', rename, headers);
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(answer.json['reason']).toBe('cross_site_request');
      expect(await newestEvent('--reason', 'cross_site_request')).toMatchObject({ actor: { user: 'alice' } });
    }
  });

  it("is no good with another session's token", async () => {
    const [alice, bob] = [await loggedIn('alice'), await loggedIn('bob')];
    const answer = await alice.send('POST', '/v1/access-keys', rename, { 'X-CSRF-Token': bob.csrfToken });
    expect(answer.status).toBe(403);
  });

  it('of a page of another origin logs nobody in', async () => {
    const body = { user: 'alice', password };
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const answer = await new Person(service).send('POST', '/v1/sessions', body, headers);
      expect([answer.status, answer.json['reason']]).toEqual([403, 'cross_site_request']);
    }
    const form = await new Person(service).send('POST', '/v1/sessions', body, {
      'Content-Type': 'text/plain',
    });
    expect(form.status).toBe(415);
  });

  it('stands alone: with an access key beside it, or twice, nobody knows who it is', async () => {
    const alice = await loggedIn('alice');
    const both = await alice.send('GET', '/v1/access-keys', undefined, { Authorization: 'Bearer a:b' });
    expect([both.status, both.json['reason']]).toEqual([400, 'two_credentials']);
    const twice = await alice.send('GET', '/v1/sessions/current', undefined, {
      Cookie: `${alice.cookie}; ${alice.cookie}`,
    });
    expect(twice.status).toBe(401);
  });

  it('made up is refused', async () => {
    for (const value of ['', 'x', 'x'.repeat(54), 'é'.repeat(54)]) {
      const answer = await new Person(service).send('GET', '/v1/sessions/current', undefined, {
        Cookie: `hearthkey=${encodeURI(value)}`,
      });
      expect([answer.status, answer.json['reason']]).toEqual([401, 'session_ended']);
    }
  });

  it('is no way into the other adapters', async () => {
    const admin = await loggedIn('admin');
    const answer = await admin.send('POST', '/api/', { cmd: 'v-list-users' });
    expect(answer.status).toBe(405);
  });

  it('is what its own operations are about: an access key has none', async () => {
    const key = new AdministrationClient(service, await service.makeKey('admin', ''));
    const { status, json } = await key.get('/v1/sessions/current');
    expect([status, json['reason']]).toEqual([401, 'session_required']);
  });
});

describe('how the browser reaches the service', () => {
  it('has to be safe: plain HTTP only from this machine, by its own name', async () => {
    const alice = await loggedIn('alice');
    const body = { user: 'alice', password };
    for (const headers of [{ Host: 'panel.example.com' }, { 'X-Forwarded-For': '203.0.113.9' }]) {
      const login = await new Person(service).send('POST', '/v1/sessions', body, headers);
      expect([login.status, login.json['reason']]).toEqual([403, 'insecure_transport']);
      const use = await alice.send('GET', '/v1/sessions/current', undefined, headers);
      expect([use.status, use.json['reason']]).toEqual([401, 'session_required']);
    }
  });

  it('is TLS where a trusted proxy says so', async () => {
    const behind = await TestService.start({
      TRUSTED_PROXIES: '127.0.0.2',
      PUBLIC_URL: 'https://keys.example.com',
    });
    const headers = {
      ...{ Host: 'keys.example.com', Origin: 'https://keys.example.com' },
      ...{ 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.9' },
    };
    const person = await new Person(behind, { from: '127.0.0.2', headers }).logInByLink('admin');
    expect(person.cookie).toMatch(/^__Host-hearthkey=/);
    expect((await person.post('/v1/access-keys', { user: 'admin' })).status).toBe(201);
    expect((await person.get('/v1/sessions/current')).json).toMatchObject({ clientAddress: '203.0.113.9' });
    // The same from somebody who is no trusted proxy.
    const other = new Person(behind, { headers });
    other.cookie = person.cookie;
    expect(await other.isIn()).toBe(false);
    await behind.close();
  });
});

describe('the settings', () => {
  it('turn sessions off, and say where people may log in from', async () => {
    const off = await TestService.start({ SESSIONS: 'no' });
    const token = await linkToken(off, 'admin');
    const refused = await new Person(off).logIn({ token });
    expect([refused.status, refused.json['reason']]).toEqual([403, 'sessions_disabled']);
    await off.close();
    const narrow = await TestService.start({ SESSIONS_FROM: '127.0.0.3' });
    const elsewhere = await new Person(narrow).logIn({ token: await linkToken(narrow, 'admin') });
    expect([elsewhere.status, elsewhere.json['reason']]).toEqual([403, 'address_not_allowed']);
    const person = await new Person(narrow, { from: '127.0.0.3' }).logInByLink('admin');
    expect(await person.isIn()).toBe(true);
    const stolen = new Person(narrow);
    stolen.cookie = person.cookie;
    expect((await stolen.get('/v1/sessions/current')).json['reason']).toBe('address_not_allowed');
    await narrow.close();
  });
});

describe('too many wrong passwords', () => {
  it('are told so for every user, and a right one is let in all the same', async () => {
    const strict = await TestService.start({ FAILURE_LIMIT: '3' });
    await strict.ok('v-change-user-password', 'admin', password);
    const statuses = [];
    for (const user of ['admin', 'nobody', 'admin', 'nobody', 'admin'])
      statuses.push((await new Person(strict).logIn({ user, password: 'wrong-horse-1' })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await new Person(strict).logIn({ user: 'admin', password })).status).toBe(201);
    await strict.close();
  });
});

describe('read-only mode', () => {
  it('lets people in and out, and refuses changes', async () => {
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    try {
      const admin = await new Person(service).logIn({ user: 'admin', password });
      expect(admin.status).toBe(201);
      const person = new Person(service);
      await person.logIn({ user: 'admin', password });
      expect((await person.post('/v1/access-keys', { user: 'admin' })).json['reason']).toBe('read_only');
      expect((await person.delete('/v1/sessions/current')).status).toBe(204);
    } finally {
      await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
    }
  });
});

describe('what a user who has logged in sees', () => {
  it('is who he is, and what was done in his name', async () => {
    const [admin, alice] = [await loggedIn('admin'), await loggedIn('alice')];
    expect((await admin.get('/v1/whoami')).json).toMatchObject({
      ...{
        user: 'admin',
        accessKeyId: null,
        sessionId: admin.sessionId,
        mayRunEverything: true,
        commands: [],
      },
    });
    const { json } = await alice.get<{ commands: string[] }>('/v1/whoami');
    expect(json).toMatchObject({ user: 'alice', mayRunEverything: false, permissions: [] });
    expect(json.commands).toContain('v-add-access-key');
    await admin.get('/v1/access-keys?user=alice');
    type Events = { items: { actor: { user?: string }; command: string }[] };
    const events = (await alice.get<Events>('/v1/audit-events?limit=1000')).json.items;
    expect(events.slice(0, 2).map(({ command }) => command)).toEqual(['read-own-events', 'whoami']);
    expect(events.every(({ actor }) => actor.user === 'alice')).toBe(true);
    const others = await alice.get<Events>('/v1/audit-events?user=admin&limit=1000');
    expect(others.json.items.every(({ actor }) => actor.user === 'alice')).toBe(true);
    const counts = await alice.get<{ items: { value: string }[] }>('/v1/audit-events/counts?by=user');
    expect(counts.json.items.map(({ value }) => value)).toEqual(['alice']);
    expect((await admin.get<Events>('/v1/audit-events?user=bob')).status).toBe(200);
  });

  it.each([
    ...['/v1/users', '/v1/settings', '/v1/allowed-ips', '/v1/allowed-ips/refused', '/v1/legacy-keys'],
    ...['/v1/nodes', '/v1/findings', '/v1/commands', '/v1/users/bob', '/v1/apis/billing'],
  ])('is nothing of %s', async (path) => {
    const alice = await loggedIn('alice');
    expect((await alice.get(path)).status).toBe(403);
    const admin = await loggedIn('admin');
    expect((await admin.get(path)).status).toBe(200);
  });

  it('is the API roles that his keys can have, and how many of his own have each', async () => {
    await service.ok('v-add-access-key', 'alice', 'mail-accounts');
    await service.ok('v-add-access-key', 'bob', 'mail-accounts');
    writeFileSync(join(service.dataDir, 'api', 'broken-role'), "ROLE='user'\nCOMMANDS='v-list-user");
    type Apis = { items: { name: string; role: string | null; commands: string[]; keyCount?: number }[] };
    const [admin, alice] = [await loggedIn('admin'), await loggedIn('alice')];
    await within(1500, 'the broken file to be seen', async () => {
      const { items } = (await admin.get<Apis>('/v1/apis')).json;
      return items.some(({ name, role }) => name === 'broken-role' && role === null);
    });
    const all = (await admin.get<Apis>('/v1/apis?countKeys=true')).json.items;
    const own = (await alice.get<Apis>('/v1/apis?countKeys=true')).json.items;
    expect(all.map(({ name }) => name)).toContain('billing');
    expect(own.map(({ name }) => name)).toEqual(
      all.filter(({ role }) => role === 'user').map(({ name }) => name),
    );
    const count = ({ items }: Apis) => items.find(({ name }) => name === 'mail-accounts')?.keyCount;
    const keys = '/v1/access-keys?permission=mail-accounts&limit=1000';
    const listed = async (person: typeof alice) => (await person.get<{ items: unknown[] }>(keys)).json.items;
    expect(count({ items: own })).toBe((await listed(alice)).length);
    expect(count({ items: all })).toBe((await listed(admin)).length);
    expect(count({ items: all })).toBeGreaterThan(count({ items: own }) ?? 0);
    expect(own.find(({ name }) => name === 'mail-accounts')?.commands).toContain('v-list-mail-domains');
    expect((await alice.get<Apis>('/v1/apis')).json.items[0]?.keyCount).toBeUndefined();
    expect((await newestEvent('--command', 'read-own-apis'))?.actor).toMatchObject({
      kind: 'session',
      user: 'alice',
    });
  });

  it('changes his own password, and has to log in again', async () => {
    const alice = await loggedIn('alice');
    const put = (user: string) =>
      alice.send('PUT', `/v1/users/${user}/password`, { password: 'another-horse-2' });
    expect((await put('bob')).status).toBe(403);
    expect((await put('alice')).status).toBe(204);
    expect(await alice.isIn()).toBe(false);
    expect((await new Person(service).logIn({ user: 'alice', password })).status).toBe(401);
    expect((await new Person(service).logIn({ user: 'alice', password: 'another-horse-2' })).status).toBe(
      201,
    );
  });
});
