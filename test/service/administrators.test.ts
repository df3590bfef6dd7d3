/** Administrators beside the root user: what their keys reach, over the adapters, and who may make them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { AdministrationClient } from '../support/administration.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const script = (options: string) => ({ options, script: 'echo "ran $*"' });
let service: TestService;
let root: AdministrationClient;
let key: Key;

beforeAll(async () => {
  const directory = commandsDirectory({
    'v-list-web-domains': script('USER'),
    'v-restart-web': script(''),
    'v-change-domain-owner': script('DOMAIN USER'),
  });
  service = await TestService.startOpen(['alice', 'bob'], { COMMANDS_DIR: directory });
  root = new AdministrationClient(service, await service.makeKey('admin', ''));
  const commands = 'v-list-web-domains,v-restart-web,v-change-domain-owner,v-change-user-password,v-add-user';
  await service.ok('v-add-api', 'hosting', 'admin', commands);
  await service.ok('v-add-api', 'web', 'user', 'v-list-web-domains');
  await service.ok('v-add-user', 'carol', 'carol-password-1', 'carol@example.com', '--role', 'admin');
  key = await service.makeKey('carol', 'hosting');
});

const call = async (of: Key, command: string, ...args: string[]): Promise<number> =>
  (await service.call(of, command, args)).code;

async function ask(of: Key, command: string, args?: string[]): Promise<unknown> {
  const question = { accessKeyId: of.id, secretAccessKey: of.secret, command, args, clientIp: '127.0.0.1' };
  const { body } = await service.request('POST', '/v1/authorize', JSON.stringify(question), {
    headers: { 'Content-Type': 'application/json' },
  });
  return JSON.parse(body);
}

describe('an administrator', () => {
  it('is listed with the role, on the command line and over REST v1', async () => {
    const listed = JSON.parse(await service.ok('v-list-users', 'json')) as Record<string, { ROLE: string }>;
    expect(Object.entries(listed).map(([name, { ROLE }]) => `${name} ${ROLE}`)).toEqual([
      ...['admin admin', 'alice user', 'bob user', 'carol admin'],
    ]);
    expect((await root.get('/v1/users/carol')).json).toMatchObject({ role: 'admin', isRootUser: false });
    expect((await root.get('/v1/users/admin')).json).toMatchObject({ role: 'admin', isRootUser: true });
  });

  it('has keys that may use admin roles, and none without a list', async () => {
    expect((await service.run('v-add-access-key', 'alice', 'hosting')).code).toBe(2);
    expect((await service.run('v-add-access-key', 'carol', '')).code).toBe(2);
    expect((await service.run('v-change-access-key', key.id, 'PERMISSIONS', '')).code).toBe(2);
  });

  it('has keys that reach every user but the root user', async () => {
    expect(await service.call(key, 'v-list-web-domains', ['bob'])).toMatchObject({ body: 'ran bob' });
    expect(await call(key, 'v-restart-web')).toBe(0);
    expect(await call(key, 'v-change-domain-owner', 'x.example', 'bob')).toBe(0);
    for (const args of [['admin'], ['ADMIN'], ['bob,admin'], [' admin']])
      expect(await call(key, 'v-list-web-domains', ...args)).toBe(10);
    expect(await call(key, 'v-change-domain-owner', 'x.example', 'admin')).toBe(10);
    expect(await ask(key, 'v-list-web-domains', ['bob'])).toMatchObject({
      ...{ allowed: true, user: 'carol', isRootUser: false, userArgPosition: 0, userArgPositions: [] },
    });
    expect(await ask(key, 'v-list-web-domains', ['admin'])).toMatchObject({ reason: 'root_user_protected' });
  });

  it('is held to itself where a caller keeps the arguments to itself, and by a role for users', async () => {
    expect(await ask(key, 'v-list-web-domains')).toMatchObject({ userArgPosition: 1, userArgPositions: [1] });
    expect(await ask(key, 'v-restart-web')).toMatchObject({ reason: 'user_argument_undefined' });
    const narrow = await service.makeKey('carol', 'web');
    expect(await call(narrow, 'v-list-web-domains', 'carol')).toBe(0);
    expect(await call(narrow, 'v-list-web-domains', 'bob')).toBe(10);
  });

  it('is made, and changed, by nobody who may not do everything', async () => {
    expect(await call(key, 'v-change-user-password', 'bob', 'bob-password-2')).toBe(0);
    for (const user of ['carol', 'Carol', 'admin'])
      expect(await call(key, 'v-change-user-password', user, 'stolen-password')).toBe(10);
    await service.ok('v-add-api', 'roles', 'admin', 'v-change-user-role,v-delete-user,v-suspend-user');
    const restricted = await service.makeKey('admin', 'roles');
    expect(await call(restricted, 'v-change-user-role', 'bob', 'admin')).toBe(10);
    expect(await call(restricted, 'v-change-user-role', 'carol', 'user')).toBe(10);
    expect(await call(restricted, 'v-delete-user', 'carol')).toBe(10);
    expect(await call(restricted, 'v-suspend-user', 'carol')).toBe(10);
    expect(await call(restricted, 'v-change-user-role', 'admin', 'user')).toBe(10);
  });

  it('makes keys for itself alone', async () => {
    await service.ok('v-add-api', 'makers', 'admin', 'v-add-access-key');
    const maker = await service.makeKey('carol', 'makers,hosting');
    expect(await call(maker, 'v-add-access-key', 'carol', 'hosting')).toBe(0);
    expect(await call(maker, 'v-add-access-key', 'bob', 'web')).toBe(10);
  });

  it('is none any more when the command has returned, and again', async () => {
    expect((await root.put('/v1/users/carol/role', { role: 'user' })).status).toBe(204);
    expect(await call(key, 'v-list-web-domains', 'bob')).toBe(10);
    expect(await call(key, 'v-list-web-domains', 'carol')).toBe(10);
    const { json } = await root.post('/v1/explanations', {
      ...{ accessKeyId: key.id, command: 'v-list-web-domains', args: ['bob'] },
    });
    expect(json).toMatchObject({ allowed: false, reason: 'permission_missing' });
    expect(JSON.stringify(json)).toContain('only for the root user and administrators');
    const findings = await service.ok('v-list-findings', 'plain');
    expect(findings).toContain(key.id);
    await service.ok('v-change-user-role', 'carol', 'admin');
    expect(await call(key, 'v-list-web-domains', 'bob')).toBe(0);
    expect(await service.ok('v-list-findings', 'plain')).not.toContain(key.id);
    expect((await service.run('v-change-user-role', 'admin', 'user')).code).toBe(10);
    expect((await service.run('v-change-user-role', 'carol', 'root')).code).toBe(2);
    expect((await service.run('v-change-user-role', 'nobody', 'admin')).code).toBe(3);
  });
});
