/** /v1/access-keys of REST v1: the life of a key, pages, entity tags, repeated creations, who may do what. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/storage/database.js';
import { DATABASE } from '../../src/storage/storage.module.js';
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

interface ShownKey extends Record<string, unknown> {
  accessKeyId: string;
  user: string;
  comment: string;
  secretAccessKey?: string;
}

interface Page {
  items: ShownKey[];
  next: string | null;
}

const path = '/v1/access-keys';
let service: TestService;
let root: AdministrationClient;

const takeNewKey = async (): Promise<void> => {
  root = new AdministrationClient(service, await service.makeKey('admin', ''));
};

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  await takeNewKey();
});

async function make(input: Record<string, unknown>): Promise<{ id: string; key: Key; shown: ShownKey }> {
  const { status, json } = await root.post<ShownKey>(path, input);
  expect(status).toBe(201);
  const { accessKeyId: id, secretAccessKey: secret = '' } = json;
  return { id, key: { id, secret, pair: `${id}:${secret}` }, shown: json };
}

const mail = { user: 'alice', permissions: ['mail-accounts'] };

async function codeOf(key: Key): Promise<number> {
  return (await service.call(key, 'v-list-mail-domains', [mail.user])).code;
}

describe('the life of a key', () => {
  it('is made, and shows its secret in that answer alone', async () => {
    const limits = { allowedAddresses: ['127.0.0.0/8', '2001:db8::1'], rateLimit: '1000/h' };
    const made = await root.post<ShownKey>(path, {
      ...mail,
      comment: 'Mail script',
      ...limits,
      expiresIn: '90d',
    });
    expect(made.status).toBe(201);
    const { secretAccessKey = '', ...shown } = made.json;
    expect(secretAccessKey).toHaveLength(40);
    expect(shown).toMatchObject({ ...mail, ...limits, state: 'active', lastUse: null, madeBy: root.key.id });
    expect(made.headers).toMatchObject({
      location: `${path}/${shown.accessKeyId}`,
      'cache-control': 'no-store',
    });
    const read = await root.get<ShownKey>(`${path}/${shown.accessKeyId}`);
    expect([read.status, read.json]).toEqual([200, shown]);
    expect(read.headers.etag).toBe(made.headers.etag);
    expect(read.text).not.toContain(secretAccessKey);
    expect(await service.ok('v-list-access-key', shown.accessKeyId)).toContain('Mail script');
  });

  it('is changed by a merge patch: what is absent stays, null takes a limit away', async () => {
    const { id } = await make({
      ...mail,
      comment: 'before',
      rateLimit: '5/s',
      allowedAddresses: ['127.0.0.1'],
    });
    const changed = await root.patch<ShownKey>(`${path}/${id}`, { comment: 'after', rateLimit: null });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({
      comment: 'after',
      rateLimit: null,
      allowedAddresses: ['127.0.0.1'],
      ...mail,
    });
  });

  it('is suspended, unsuspended, rotated and deleted', async () => {
    const { id, key } = await make(mail);
    const post = async (verb: string, body = {}) => root.post<ShownKey>(`${path}/${id}/${verb}`, body);
    const isKnown = async (): Promise<boolean> => (await codeOf(key)) !== 9;
    expect(await isKnown()).toBe(true);
    expect((await post('suspend')).status).toBe(204);
    expect(await isKnown()).toBe(false);
    expect(await post('suspend')).toMatchObject({
      status: 409,
      json: { reason: 'already_suspended', code: 5 },
    });
    expect((await post('unsuspend')).status).toBe(204);
    expect(await isKnown()).toBe(true);
    const rotated = await post('rotate', { overlap: '1h' });
    expect(rotated).toMatchObject({ status: 200, json: { accessKeyId: id } });
    expect(rotated.json.secretAccessKey).not.toBe(key.secret);
    expect(rotated.json['oldSecretValidUntil']).not.toBeNull();
    expect(await isKnown()).toBe(true);
    expect((await post('rotate')).status).toBe(200);
    expect(await isKnown()).toBe(false);
    expect((await root.delete(`${path}/${id}`)).status).toBe(204);
    expect((await root.get(`${path}/${id}`)).status).toBe(404);
    expect((await root.delete(`${path}/${id}`)).status).toBe(404);
  });

  it('is checked as v-check-access-key does', async () => {
    const { id, key } = await make(mail);
    const check = (secretAccessKey: string) =>
      root.post(`${path}/${id}/check`, { secretAccessKey, command: 'v-list-mail-domains' });
    expect((await check(key.secret)).json).toMatchObject({
      allowed: true,
      code: 0,
      user: 'alice',
      userArgPosition: 1,
    });
    expect((await check('x'.repeat(40))).json).toEqual({
      allowed: false,
      code: 9,
      reason: 'credentials_refused',
    });
  });
});

describe('changes that rest on what the client saw', () => {
  it('are refused with 412 when the key was changed meanwhile, and change nothing', async () => {
    const { id } = await make({ ...mail, comment: 'one' });
    const { headers } = await root.get(`${path}/${id}`);
    const ifMatch = { 'If-Match': headers.etag ?? '' };
    expect((await root.patch(`${path}/${id}`, { comment: 'two' }, ifMatch)).status).toBe(200);
    const stale = await root.patch(`${path}/${id}`, { comment: 'three' }, ifMatch);
    expect(stale).toMatchObject({ status: 412, json: { reason: 'changed_meanwhile' } });
    expect((await root.delete(`${path}/${id}`, ifMatch)).status).toBe(412);
    expect((await root.get(`${path}/${id}`)).json).toMatchObject({ comment: 'two' });
    expect((await root.patch(`${path}/${id}`, { comment: 'four' }, { 'If-Match': '*' })).status).toBe(200);
    expect((await root.patch(`${path}/${id}`, { comment: 'five' }, { 'If-Match': 'no tag' })).status).toBe(
      400,
    );
  });
});

describe('a repeated creation', () => {
  it('makes one key, names it, and never shows the secret again', async () => {
    const headers = { 'Idempotency-Key': 'order-4711' };
    const input = { ...mail, comment: 'repeated' };
    const answers = await Promise.all([1, 2, 3].map(() => root.post<ShownKey>(path, input, headers)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    const id = made[0]?.json.accessKeyId ?? '';
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer).toMatchObject({ status: 409, json: { reason: 'already_created', id } });
      expect(answer.text).not.toContain(made[0]?.json.secretAccessKey);
    }
    expect((await list('text=repeated')).flatMap(({ items }) => items)).toHaveLength(1);
  });

  it('rotates a key once, and another key with the same Idempotency-Key too', async () => {
    const headers = { 'Idempotency-Key': 'rotation' };
    const [one, other] = [await make(mail), await make(mail)];
    const rotate = (id: string) => root.post<ShownKey>(`${path}/${id}/rotate`, {}, headers);
    const { secretAccessKey: secret = '' } = (await rotate(one.id)).json;
    expect(await rotate(one.id)).toMatchObject({
      ...{ status: 409, json: { reason: 'already_created', id: one.id } },
    });
    expect(await codeOf({ ...one.key, secret })).not.toBe(9);
    expect((await rotate(other.id)).status).toBe(200);
  });

  it('of another caller with the same key of his own is a creation of its own', async () => {
    const headers = { 'Idempotency-Key': 'same' };
    const other = new AdministrationClient(service, await service.makeKey('admin', ''));
    expect((await root.post(path, mail, headers)).status).toBe(201);
    expect((await other.post(path, mail, headers)).status).toBe(201);
    expect((await other.post(path, mail, { 'Idempotency-Key': 'with a blank' })).status).toBe(400);
  });
});

/** All pages of a list. */
async function list(query: string, client = root): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = ''; next !== null; next = pages.at(-1)?.next ?? null) {
    const answer = await client.get<Page>(`${path}?${query}${next === '' ? '' : `&cursor=${next}`}`);
    expect(answer.status).toBe(200);
    pages.push(answer.json);
  }
  return pages;
}

describe('pages', () => {
  it.each(['id', 'createdAt', '-createdAt', 'user'])(
    'sorted by %s have each key once, in order',
    async (sort) => {
      const pages = await list(`sort=${sort}&limit=3`);
      const keys = pages.flatMap(({ items }) => items);
      const ids = keys.map(({ accessKeyId }) => accessKeyId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set(await idsOfCommand()));
      expect(pages.slice(0, -1).every(({ items }) => items.length === 3)).toBe(true);
      const values = keys.map((key) => String(key[{ id: 'accessKeyId' }[sort] ?? sort.replace('-', '')]));
      const sorted = [...values].sort();
      expect(values).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted);
    },
  );

  it('are narrowed by every filter', async () => {
    const suspended = await make({
      user: 'bob',
      permissions: ['purge-nginx-cache'],
      comment: '100 Größe_X',
    });
    await root.post(`${path}/${suspended.id}/suspend`);
    const ending = await make({ user: 'bob', permissions: ['mail-accounts'], expiresIn: '1d' });
    expect((await found('user=bob')).sort()).toEqual([suspended.id, ending.id].sort());
    expect(await found('user=bob&state=suspended')).toEqual([suspended.id]);
    expect(await found('user=bob&state=active')).toEqual([ending.id]);
    expect(await found('state=expired')).toEqual([]);
    expect(await found('permission=purge-nginx-cache')).toEqual([suspended.id]);
    const inTwoDays = new Date(Date.now() + 2 * 86_400_000).toISOString();
    expect(await found(`user=bob&expiresBefore=${inTwoDays}`)).toEqual([ending.id]);
    expect(await found('user=bob&sort=expiresAt')).toEqual([ending.id]);
    expect(await found(`text=${encodeURIComponent('100 GR')}`)).toEqual([suspended.id]);
    expect(await found(`text=${encodeURIComponent('100_')}`)).toEqual([]);
    expect(await found(`text=${ending.id.slice(3, 15).toUpperCase()}`)).toEqual([ending.id]);
    expect(await found(`user=bob&unusedSince=2020-01-01T00:00:00Z`)).toHaveLength(2);
    expect(await found('user=bob&neverExpires=true')).toEqual([suspended.id]);
    expect(await found('user=bob&neverExpires=false')).toEqual([ending.id]);
    expect(await found('oldSecretValid=true')).toEqual([]);
    await root.post(`${path}/${ending.id}/rotate`, { overlap: '1h' });
    await root.post(`${path}/${suspended.id}/rotate`);
    for (const sort of ['id', 'createdAt', '-createdAt', 'expiresAt', 'user'])
      expect(await found(`oldSecretValid=true&sort=${sort}`)).toEqual([ending.id]);
    expect(await found('user=bob&oldSecretValid=false')).toEqual([suspended.id]);
    expect((await root.get(`${path}?neverExpires=yes`)).status).toBe(400);
    const derived = await service.ok('v-derive-access-key', ending.id, 'plain', '--for', '15m');
    expect(await found('user=bob&isDerived=true')).toEqual([derived.slice(0, 20)]);
    expect(await found('user=bob&isDerived=false&sort=expiresAt')).toEqual([ending.id]);
  });

  it('find the weak keys that the doctor finds, and show which they are', async () => {
    const { id } = await make(mail);
    expect(await found('isWeak=true')).toEqual([]);
    await makeWeak(id);
    for (const sort of ['id', 'createdAt', '-createdAt', 'user'])
      expect(await found(`isWeak=true&sort=${sort}`)).toEqual([id]);
    expect(await found('isWeak=false')).not.toContain(id);
    expect((await root.get(`${path}/${id}`)).json['isWeak']).toBe(true);
    const findings = (await root.get<{ items: { code: string; params: object }[] }>('/v1/findings')).json
      .items;
    const weak = findings.filter(({ code }) => code === 'weak_access_key');
    expect(weak.map(({ params }) => params)).toMatchObject([{ key: { id } }]);
    expect((await root.post(`${path}/${id}/rotate`)).json['isWeak']).toBe(false);
    expect(await found('isWeak=true')).toEqual([]);
  });

  it('refuse a cursor of another list, and one that is none', async () => {
    const [{ next } = { next: null }] = await list('sort=createdAt&limit=1');
    for (const query of [
      `sort=id&cursor=${String(next)}`,
      'cursor=abc',
      'cursor=%20',
      'limit=0',
      'limit=1001',
      'limit=x',
    ])
      expect(await root.get(`${path}?${query}`)).toMatchObject({
        status: 400,
        json: { reason: 'invalid_input' },
      });
  });
});

async function found(query: string): Promise<string[]> {
  return (await list(query)).flatMap(({ items }) => items.map(({ accessKeyId }) => accessKeyId));
}

/** As one that was taken over from the panel, whose random source can be guessed. */
async function makeWeak(id: string): Promise<void> {
  const db = service.part<Database>(DATABASE);
  await db.updateTable('access_keys').set({ is_weak: 1 }).where('id', '=', id).execute();
}

async function idsOfCommand(): Promise<string[]> {
  return Object.keys(JSON.parse(await service.ok('v-list-access-keys', '', 'json')) as object);
}

describe('bad input', () => {
  beforeAll(takeNewKey);

  it('gets one entry for each wrong field, and unknown fields by name', async () => {
    const input = {
      user: '-',
      permissions: ['a b'],
      comment: 'a\nb',
      rateLimit: 'often',
      expiresAt: 'soon',
      secret: 'x',
    };
    const answer = await root.post<{ errors: { field: string }[] }>(path, input);
    expect(answer).toMatchObject({
      status: 400,
      json: { type: 'about:blank', title: 'Bad Request', status: 400 },
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const fields = answer.json.errors.map(({ field }) => field).sort();
    expect([...new Set(fields)]).toEqual([
      'comment',
      'expiresAt',
      'permissions',
      'rateLimit',
      'secret',
      'user',
    ]);
  });

  it.each<[string, unknown, Record<string, string>, number]>([
    ['no JSON', '{', {}, 400],
    ['a list', [], {}, 400],
    ['a text', '"x"', {}, 400],
    ['another type', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['too long a body', { ...mail, comment: 'x'.repeat(70_000) }, {}, 413],
    ['an end that has passed', { ...mail, expiresAt: '2020-01-01T00:00:00Z' }, {}, 400],
    ['a day that is none', { ...mail, expiresAt: '2027-02-30T00:00:00Z' }, {}, 400],
    ['two ends', { ...mail, expiresAt: '2090-01-01T00:00:00Z', expiresIn: '1d' }, {}, 400],
    ['no permissions for a user', { user: 'alice' }, {}, 400],
    ['an unknown user', { user: 'nobody', permissions: ['billing'] }, {}, 404],
    ['an unknown API', { user: 'alice', permissions: ['nothing'] }, {}, 404],
  ])('%s', async (_name, body, headers, status) => {
    const before = await idsOfCommand();
    const answer = await root.send('POST', path, body, headers);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await idsOfCommand()).toEqual(before);
  });

  it('unknown paths are 404, and unknown methods 405 with what is there', async () => {
    expect((await root.get('/v1/nothing')).json).toMatchObject({ status: 404, reason: 'not_found' });
    const wrong = await root.send('PUT', path, {});
    expect(wrong).toMatchObject({
      status: 405,
      json: { reason: 'method_not_allowed' },
      headers: { allow: 'GET, POST' },
    });
  });
});

describe('who may do what', () => {
  beforeAll(takeNewKey);

  it('nobody without a key, whatever else is wrong, and without learning why', async () => {
    const { id } = await make(mail);
    for (const pair of ['', `${id}:${'x'.repeat(40)}`, `${'x'.repeat(20)}:${'x'.repeat(40)}`]) {
      const [keyId = '', secret = ''] = pair.split(':');
      const stranger = new AdministrationClient(service, { id: keyId, secret, pair });
      const answer = await stranger.post(path, { nonsense: 1 });
      expect(answer).toMatchObject({ status: 401, json: { reason: 'credentials_refused', code: 9 } });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it("a user's key sees and makes its own user's things only", async () => {
    const commands = ['v-list-access-keys', 'v-add-access-key'];
    await service.ok('v-add-api', 'own-keys', 'user', commands.join(','));
    const alice = new AdministrationClient(service, await service.makeKey('alice', 'own-keys,mail-accounts'));
    const pages = await list('limit=2', alice);
    expect(new Set(pages.flatMap(({ items }) => items.map(({ user }) => user)))).toEqual(new Set(['alice']));
    expect((await alice.get(`${path}?user=bob`)).status).toBe(403);
    expect((await alice.post(path, mail)).status).toBe(201);
    expect((await alice.post(path, { ...mail, user: 'bob' })).status).toBe(403);
    expect((await alice.post(path, { ...mail, permissions: ['purge-nginx-cache'] })).status).toBe(403);
    expect((await alice.delete(`${path}/${alice.key.id}`)).status).toBe(403);
  });

  it('each operation is recorded as its command is', async () => {
    const { id } = await make({ ...mail, comment: 'recorded' });
    const events = await service.events('--key', root.key.id, '--command', 'v-add-access-key');
    const [decision, change, result] = events.slice(-3);
    expect(decision).toMatchObject({
      type: 'decision',
      outcome: 'allow',
      args: ['alice', 'mail-accounts', 'recorded'],
    });
    expect(change).toMatchObject({ type: 'change', target: { accessKeyId: id } });
    expect(result).toMatchObject({ type: 'result', outcome: 'done', code: 0 });
  });

  it('read-only mode refuses changes, and answers what is only read', async () => {
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    expect((await root.post(path, mail)).status).toBe(403);
    expect((await root.get(path)).status).toBe(200);
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  });

  it('a rate limit is told, and holds', async () => {
    const { key } = await make({ user: 'admin', rateLimit: '2/min' });
    const limited = new AdministrationClient(service, key);
    expect((await limited.get(path)).headers).toMatchObject({
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
    });
    expect((await limited.get(path)).status).toBe(200);
    expect(await limited.get(path)).toMatchObject({ status: 429, json: { reason: 'rate_limited' } });
  });
});
