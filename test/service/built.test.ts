/** The built service: what a bundle could lose (names of classes, packages that are loaded late) is there. */
import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/config/version.js';
import { AdministrationClient } from '../support/administration.js';
import { installation } from '../support/folders.js';
import { PostgresServer } from '../support/postgres.js';
import { Person } from '../support/person.js';
import { ServiceProcess } from '../support/processes.js';
import { TestRedis } from '../support/redis.js';

let service: ServiceProcess;
let root: AdministrationClient;

beforeAll(async () => {
  service = await ServiceProcess.start();
  await service.ok('v-add-sys-api-ip', '127.0.0.1');
  root = new AdministrationClient(service, await service.makeKey('admin', ''));
});

it('checks and answers requests', async () => {
  const made = await root.post('/v1/access-keys', {
    user: 'admin',
    permissions: ['billing'],
    rateLimit: '5/s',
  });
  expect(made).toMatchObject({ status: 201, json: { permissions: ['billing'], rateLimit: '5/s' } });
  const wrong = await root.post('/v1/access-keys', { user: '-', comment: 'a\nb', unknown: 1 });
  expect(wrong).toMatchObject({ status: 400, json: { reason: 'invalid_input' } });
  const page = await root.get<{ items: unknown[]; next: string | null }>(
    '/v1/access-keys?limit=1&sort=-createdAt',
  );
  expect(page.json.items).toHaveLength(1);
  expect(page.json.next).not.toBeNull();
  const patched = await root.patch(`/v1/access-keys/${String(made.json['accessKeyId'])}`, { comment: 'New' });
  expect(patched).toMatchObject({ status: 200, json: { comment: 'New' } });
});

it('lets people in, and has what passkeys need', async () => {
  const person = await new Person(service).logInByLink('admin');
  expect(await person.isIn()).toBe(true);
  const enrolment = await person.post<{ publicKey: object }>('/v1/passkeys/options');
  expect([enrolment.status, enrolment.json.publicKey]).toMatchObject([200, { rp: { id: 'localhost' } }]);
  expect((await new Person(service).post('/v1/sessions/options')).status).toBe(200);
});

it('has the same document as the sources', async () => {
  const { status, json } = await root.get('/openapi.json');
  const kept: unknown = JSON.parse(readFileSync(join(installation, 'docs/openapi.json'), 'utf8'));
  expect([status, json]).toEqual([200, kept]);
  expect((await service.request('GET', '/docs', undefined)).status).toBe(200);
});

it('runs on PostgreSQL and Redis', async () => {
  const [database, redis] = [await PostgresServer.start(), await TestRedis.start()];
  const node = await ServiceProcess.start({
    DATABASE_URL: await database.newDatabase(),
    REDIS_URL: redis.url,
  });
  await node.ok('v-add-sys-api-ip', '127.0.0.1');
  const key = await node.makeKey('admin', '');
  expect((await node.call(key, 'v-list-users')).code).toBe(0);
  expect((await new AdministrationClient(node, key).get('/v1/nodes')).json).toMatchObject({
    items: [{ version }],
  });
  expect((await node.request('GET', '/readyz', undefined)).status).toBe(200);
});
