/** The package `@hearthkey/client` with the real service. */
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createClient,
  HearthkeyError,
  SecretLostError,
  type Client,
  type ClientOptions,
} from '../../packages/client/src/client.js';
import { eventCsvHead } from '../../src/http/administration/audit/audit-event-view.js';
import { operationsOf, type OpenApiDocument } from '../../src/http/openapi/document.js';
import type { Key } from '../support/client.js';
import { installation, temporaryFolder } from '../support/folders.js';
import { linkToken, Person } from '../support/person.js';
import { runProcess } from '../support/processes.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let root: Key;
/** `GET /v1/…` of each request, with the path as it was sent. */
const sent: string[] = [];

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  root = await service.makeKey('admin', '');
});

function pathOf(url: URL | RequestInfo): string {
  return new URL(url instanceof Request ? url.url : url).pathname;
}

function clientOf({ id, secret }: Key = root, more: Partial<ClientOptions> = {}): Client {
  return createClient({
    url: service.url,
    ...{ accessKeyId: id, secretAccessKey: secret, timeoutMs: 300_000 },
    fetch: (url, init) => {
      sent.push(`${String(init?.method)} ${pathOf(url)}`);
      return fetch(url, init);
    },
    ...more,
  });
}

async function errorOf(call: Promise<unknown>): Promise<HearthkeyError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HearthkeyError)) throw new Error(`not rejected as it should be: ${String(error)}`);
  return error;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('the operations', () => {
  it('of approvals', async () => {
    const { approvals } = clientOf();
    expect(await approvals.list()).toEqual({ items: [] });
    const unknown = '0123456789abcdef';
    expect(await errorOf(approvals.approve(unknown))).toMatchObject({ status: 404, reason: 'not_found' });
    expect(await errorOf(approvals.reject(unknown))).toMatchObject({ status: 404, reason: 'not_found' });
  });

  it('of access keys', async () => {
    const { accessKeys } = clientOf();
    const made = await accessKeys.create({ user: 'alice', permissions: ['mail-accounts'], comment: 'CI' });
    const { accessKeyId, secretAccessKey } = made;
    expect(secretAccessKey).toHaveLength(40);
    const read = await accessKeys.read(accessKeyId);
    expect(read).toMatchObject({ accessKeyId, user: 'alice', comment: 'CI', etag: made.etag });

    const changed = await accessKeys.change(accessKeyId, { comment: 'new' }, { ifMatch: read.etag });
    expect(changed).toMatchObject({ comment: 'new' });
    expect(await errorOf(accessKeys.delete(accessKeyId, { ifMatch: read.etag }))).toMatchObject({
      ...{ status: 412, reason: 'changed_meanwhile' },
    });

    const question = { command: 'v-list-mail-accounts', secretAccessKey };
    expect(await accessKeys.check(accessKeyId, question)).toMatchObject({ allowed: true });
    await accessKeys.suspend(accessKeyId);
    expect(await accessKeys.check(accessKeyId, question)).toMatchObject({ reason: 'key_suspended' });
    await accessKeys.unsuspend(accessKeyId);
    // A program derives from its own key.
    const derived = await accessKeys.derive(root.id, { expiresIn: '15m' });
    expect(derived).toMatchObject({ madeBy: root.id, isDerived: true });
    await accessKeys.delete(derived.accessKeyId);
    await accessKeys.change(accessKeyId, { quota: '500/week' });
    const usage = await accessKeys.readUsage(accessKeyId, { since: '2026-01-01T00:00:00Z' });
    expect(usage).toMatchObject({ accessKeyId, quotas: [{ accessKeyId, quota: '500/week', used: 0 }] });
    await accessKeys.beginTrial(accessKeyId, { allowedAddresses: ['192.0.2.0/24'] });
    const trial = await accessKeys.readTrial(accessKeyId);
    expect(trial).toMatchObject({ tries: { allowedAddresses: ['192.0.2.0/24'] }, wouldDeny: 0 });
    const { items } = await clientOf().insight.listTrials({ user: 'alice' });
    expect(items).toEqual([expect.objectContaining({ accessKeyId, isReadable: true })]);
    await accessKeys.endTrial(accessKeyId);
    await accessKeys.beginTrial(accessKeyId, { rateLimit: '9/min' });
    expect(await accessKeys.enforceTrial(accessKeyId)).toMatchObject({ rateLimit: '9/min' });
    const rotated = await accessKeys.rotate(accessKeyId, { overlap: '1h' });
    expect(rotated.secretAccessKey).not.toBe(secretAccessKey);
    expect(await accessKeys.list({ user: 'alice' }).page()).toMatchObject({ items: [{ accessKeyId }] });
    expect(await accessKeys.delete(accessKeyId)).toBeUndefined();
    expect(await errorOf(accessKeys.read(accessKeyId))).toMatchObject({ status: 404, reason: 'not_found' });
  });

  it('of APIs', async () => {
    const { apis } = clientOf();
    const made = await apis.create({ name: 'dns', role: 'user', commands: ['v-list-dns-domains'] });
    expect(await apis.read('dns')).toEqual(made);
    const wanted = { role: 'admin' as const, commands: ['v-list-dns-records'] };
    const { etag } = await apis.previewReplacement('dns', wanted);
    expect(etag).toBe(made.etag);
    const replaced = await apis.replace('dns', wanted, { ifMatch: etag });
    expect(replaced).toMatchObject({ name: 'dns', role: 'admin', commands: ['v-list-dns-records'] });
    expect(await errorOf(apis.replace('dns', wanted, { ifMatch: etag }))).toMatchObject({ status: 412 });
    expect((await apis.list()).items.map(({ name }) => name)).toContain('dns');
    await apis.delete('dns', { ifMatch: replaced.etag });
    expect(await errorOf(apis.read('dns'))).toMatchObject({ status: 404 });
  });

  it('of allowed addresses', async () => {
    const { allowedIps } = clientOf();
    await allowedIps.add({ address: '2001:db8::/32' });
    const listed = await allowedIps.list();
    expect(listed.requestSeenFrom).toBe('127.0.0.1');
    expect(JSON.stringify(listed.items)).toContain('2001:db8::/32');
    await allowedIps.delete('2001:db8::/32');
    expect(JSON.stringify((await allowedIps.list()).items)).not.toContain('2001:db8');
    expect(await allowedIps.listRefused()).toEqual({ items: [] });
  });

  it('of users', async () => {
    const { users } = clientOf();
    const password = 'correct-horse-1';
    await users.create({ name: 'carol', password, email: 'carol@example.com' });
    await users.changePassword('carol', { password: 'correct-horse-2' });
    await users.changeLogin('carol', { isDisabled: true });
    await users.changeRole('carol', { role: 'admin' });
    expect(await users.read('carol')).toMatchObject({ role: 'admin' });
    await users.suspend('carol');
    expect(await users.read('carol')).toMatchObject({ isSuspended: true });
    await users.unsuspend('carol');
    expect((await users.list()).items.map(({ name }) => name)).toContain('carol');
    await users.delete('carol');
    expect(await errorOf(users.read('carol'))).toMatchObject({ status: 404 });
  });

  it('of leaked secrets', async () => {
    const { accessKeys, leakedSecrets } = clientOf();
    const { accessKeyId, secretAccessKey } = await accessKeys.create({
      user: 'alice',
      permissions: ['mail-accounts'],
    });
    const { items } = await leakedSecrets.revoke([secretAccessKey]);
    expect(items).toMatchObject([{ accessKeyId, state: 'live', isRevoked: true }]);
  });

  it('of legacy keys and settings', async () => {
    const { legacyKeys, settings } = clientOf();
    const { id } = await legacyKeys.create();
    expect((await legacyKeys.list()).items).toMatchObject([{ id }]);
    await legacyKeys.delete(id);
    expect(await settings.change({ isLegacyApiOn: true })).toMatchObject({ isLegacyApiOn: true });
    expect(await settings.read()).toMatchObject({ isLegacyApiOn: true, rootUser: 'admin' });
  });

  it('of the audit record', async () => {
    const { auditEvents } = clientOf();
    const filters = { type: 'change', user: 'alice' } as const;
    const paged = await collect(auditEvents.list({ ...filters, limit: 2 }));
    expect(paged.length).toBeGreaterThan(2);
    expect(await collect(auditEvents.stream(filters))).toEqual(paged);
    const csv = (await collect(auditEvents.streamCsv(filters))).join('');
    expect(csv.trimEnd().split('\n')).toHaveLength(paged.length + 1);
    expect((await auditEvents.count({ by: 'accessKeyId', interval: 'day' })).items[0]).toMatchObject({
      value: root.id,
    });
    const [newest] = paged;
    expect(await auditEvents.read(newest?.number ?? 0)).toEqual(newest);
    expect(await auditEvents.prove(newest?.number ?? 0)).toMatchObject({
      index: expect.anything() as unknown,
    });
    expect(await auditEvents.verify()).toMatchObject({ isWhole: true });
    expect((await auditEvents.lastVerification()).items).toMatchObject([{ isWhole: true }]);
  });

  it('that explain', async () => {
    const { insight } = clientOf();
    expect(await insight.whoAmI()).toMatchObject({ user: 'admin', accessKeyId: root.id });
    expect((await insight.listCommands({ text: 'v-list-access' })).items.length).toBeGreaterThan(0);
    expect(await insight.listNodes()).toMatchObject({ items: [], newestChange: expect.any(Number) });
    expect((await insight.listFindings()).items).toBeDefined();
    expect(await insight.listAlertReceivers()).toEqual({ items: [] });
    expect(await insight.testAlert()).toEqual({ items: [] });
    const question = { accessKeyId: root.id, command: 'v-list-users', clientAddress: '127.0.0.1' };
    expect(await insight.explainAccess(question)).toMatchObject({ allowed: true });
    const since = new Date(Date.now() - 60_000).toISOString();
    expect(await insight.suggestForKey(root.id, { since })).toMatchObject({
      kind: 'key',
      isUnrestricted: true,
    });
    expect(await insight.suggestForUser('alice')).toMatchObject({ kind: 'user', name: 'alice' });
    expect(await insight.suggestForApi('billing')).toMatchObject({ kind: 'api', role: 'admin' });
  });

  it('of sessions and passkeys, as a page calls them', async () => {
    // What a browser does by itself: it keeps the cookie, and says where a request comes from.
    let cookie = '';
    const session: { csrfToken?: string } = {};
    const { sessions, passkeys, insight } = createClient({
      url: service.url,
      timeoutMs: 300_000,
      csrfToken: () => session.csrfToken,
      fetch: async (url, init) => {
        sent.push(`${String(init?.method)} ${pathOf(url)}`);
        const headers = new Headers(init?.headers);
        headers.set('Origin', service.url);
        if (cookie !== '') headers.set('Cookie', cookie);
        const response = await fetch(url, { ...init, headers });
        cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
        return response;
      },
    });
    expect((await sessions.readLoginOptions()).publicKey).toBeDefined();
    const { csrfToken } = await sessions.logIn({ token: await linkToken(service, 'admin') });
    expect(await errorOf(passkeys.readOptions())).toMatchObject({
      status: 403,
      reason: 'cross_site_request',
    });
    session.csrfToken = csrfToken;
    expect(await sessions.readCurrent()).toMatchObject({ user: 'admin', csrfToken });
    expect(await insight.whoAmI()).toMatchObject({ user: 'admin' });

    expect((await passkeys.readOptions()).publicKey).toBeDefined();
    expect(await passkeys.list()).toEqual({ items: [] });
    expect(await errorOf(passkeys.create({ name: 'none', credential: {} }))).toMatchObject({ status: 400 });
    expect(await errorOf(passkeys.delete('A'.repeat(24)))).toMatchObject({ status: 404 });

    const other = await new Person(service).logInByLink('admin');
    expect(await collect(sessions.list({ limit: 1 }))).toHaveLength(2);
    await sessions.delete(other.sessionId);
    expect(await other.isIn()).toBe(false);
    await sessions.logOut();
    expect(await errorOf(sessions.readCurrent())).toMatchObject({ status: 401 });
  });

  it('are all that the document has of REST v1: each was called', async () => {
    const { body } = await service.request('GET', '/openapi.json', undefined);
    const { paths } = JSON.parse(body) as OpenApiDocument;
    // Each of these has its own clients: @hearthkey/gateway, Hestia's, the panel's, and monitoring.
    const others = ['Decisions', 'REST dialect', 'Hestia API', 'Operations'];
    const own = operationsOf(paths).filter(({ operation }) => !others.includes(operation.tags[0] ?? ''));
    // `/v1/allowed-ips/{address}` fits /v1/allowed-ips/refused as well: the one with fewer variables is meant.
    const byVariables = own
      .map(({ method, path, operation: { operationId } }) => ({
        ...{ operationId, variables: path.split('{').length },
        form: new RegExp(`^${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      }))
      .sort((one, other) => one.variables - other.variables);
    const called = new Set(sent.map((one) => byVariables.find(({ form }) => form.test(one))?.operationId));
    const uncalled = byVariables.map(({ operationId }) => operationId).filter((id) => !called.has(id));
    expect(own.length).toBeGreaterThan(30);
    expect(uncalled).toEqual([]);
  });
});

describe('a list', () => {
  const count = 250;

  beforeAll(async () => {
    for (let made = 0; made < count; made += 25)
      await Promise.all(Array.from({ length: 25 }, () => service.makeKey('bob', 'mail-accounts')));
  });

  it('gives each item once, over all pages, and from a page on', async () => {
    const { accessKeys } = clientOf();
    const before = sent.length;
    const keys = await collect(accessKeys.list({ user: 'bob', limit: 100 }));
    expect(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size).toBe(count);
    expect(keys).toHaveLength(count);
    expect(sent.length - before).toBe(3);

    const first = await accessKeys.list({ user: 'bob', limit: 100 }).page();
    const rest = await collect(accessKeys.list({ user: 'bob', limit: 100, cursor: first.next ?? '' }));
    expect([...first.items, ...rest]).toEqual(keys);
  });

  it('reads no more pages than are taken', async () => {
    const { accessKeys } = clientOf();
    const before = sent.length;
    let taken = 0;
    for await (const { items } of accessKeys.list({ user: 'bob', limit: 10 }).pages())
      if ((taken += items.length) >= 20) break;
    expect(sent.length - before).toBe(2);
  });
});

describe('an error', () => {
  it('has one entry for each wrong field, and the ID that the log has', async () => {
    const create = clientOf().accessKeys.create({ user: '', rateLimit: 'often' });
    const error = await errorOf(create);
    expect(error).toMatchObject({ status: 400, reason: 'invalid_input', attempts: 1 });
    expect(error.errors.map(({ field }) => field).sort()).toEqual(['rateLimit', 'user']);
    expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tells what is not allowed, by its reason', async () => {
    const bob = await service.makeKey('bob', 'mail-accounts');
    expect(await errorOf(clientOf(bob).users.list())).toMatchObject({
      ...{ status: 403, reason: 'permission_missing' },
    });
    const wrong = { ...root, secret: bob.secret };
    const error = await errorOf(clientOf(wrong).insight.whoAmI());
    expect(error).toMatchObject({ status: 401, reason: 'credentials_refused' });
  });
});

/** A proxy before the service, which loses the answer to the first request. */
async function losingProxy(): Promise<{ url: string; forwarded: IncomingMessage[] }> {
  const forwarded: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    forwarded.push(request);
    const isFirst = forwarded.length === 1;
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const { authorization = '', 'content-type': type, 'idempotency-key': idempotencyKey } = request.headers;
      const headers = {
        Authorization: authorization,
        ...(type !== undefined && { 'Content-Type': type }),
        ...(typeof idempotencyKey === 'string' && { 'Idempotency-Key': idempotencyKey }),
      };
      const text = body === '' ? undefined : body;
      void service.request(request.method ?? '', request.url ?? '', text, { headers }).then((answer) => {
        if (isFirst) response.destroy();
        else response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, forwarded };
}

describe('a lost answer', () => {
  it('to a creation makes no second key, and names the first', async () => {
    const { url, forwarded } = await losingProxy();
    const comment = 'made once';
    const error = await errorOf(clientOf(root, { url }).accessKeys.create({ user: 'admin', comment }));
    const made = await collect(clientOf().accessKeys.list({ text: comment }));
    expect(error).toBeInstanceOf(SecretLostError);
    expect(made.map(({ accessKeyId }) => accessKeyId)).toEqual([error.id]);
    expect(error).toMatchObject({ status: 409, reason: 'already_created', attempts: 2 });
    expect(forwarded).toHaveLength(2);
    const { secretAccessKey } = await clientOf().accessKeys.rotate(error.id ?? '');
    expect(secretAccessKey).toHaveLength(40);
  });

  it('to a reading is nothing that the program sees', async () => {
    const { url, forwarded } = await losingProxy();
    expect(await clientOf(root, { url }).insight.whoAmI()).toMatchObject({ user: 'admin' });
    expect(forwarded).toHaveLength(2);
  });

  it('to a rotation replaces the secret once, and names the key', async () => {
    const { accessKeyId } = await clientOf().accessKeys.create({ user: 'admin' });
    const { url, forwarded } = await losingProxy();
    const error = await errorOf(clientOf(root, { url }).accessKeys.rotate(accessKeyId));
    expect(error).toBeInstanceOf(SecretLostError);
    expect(error).toMatchObject({ status: 409, reason: 'already_created', attempts: 2, id: accessKeyId });
    expect(forwarded).toHaveLength(2);
  });
});

it('a call that is given up ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const stream = clientOf().auditEvents.stream({}, { signal: controller.signal });
  await stream.next();
  const reason = new Error('enough');
  controller.abort(reason);
  const read = async (): Promise<void> => {
    while (!(await stream.next()).done);
  };
  await expect(read()).rejects.toBe(reason);
});

describe('the package as it is built', () => {
  const folder = join(installation, 'packages/client');

  beforeAll(async () => {
    const { code, stderr } = await runProcess(process.execPath, [
      join(installation, 'scripts/build-packages.mjs'),
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  });

  it('runs the examples of its README', async () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
      ([, code = '']) => `{\n${code}}\n`,
    );
    expect(examples.length).toBeGreaterThan(4);
    // The first makes the client that the others use.
    const program = [examples[0]?.slice(2, -2), ...examples.slice(1)].join('');
    const project = temporaryFolder();
    mkdirSync(join(project, 'node_modules/@hearthkey'), { recursive: true });
    symlinkSync(folder, join(project, 'node_modules/@hearthkey/client'));
    const own = { 'http://127.0.0.1:8183': service.url, InNqgp01kO3v0W22eg6Z: root.id, SECRET: root.secret };
    const filled = Object.entries(own).reduce((text, [name, value]) => text.replaceAll(name, value), program);
    writeFileSync(join(project, 'example.mjs'), filled);
    const { code, stdout, stderr } = await runProcess(process.execPath, [join(project, 'example.mjs')]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('permission_missing');
    expect(stdout).toContain(eventCsvHead);
  });

  it('has no more in it than is used', async () => {
    const pack = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
    const env = { npm_config_cache: temporaryFolder() };
    const { stdout } = await runProcess('npm', pack, { cwd: folder, env });
    // A list, or an object with the name of each package: npm has had both.
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(
      expect.arrayContaining(['dist/client.js', 'dist/client.d.ts', 'LICENSE', 'README.md']),
    );
    const others = paths.filter((path) => !/^dist\/(resources\/)?[a-z-]+\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  });
});
