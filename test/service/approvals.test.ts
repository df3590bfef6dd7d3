/** Two persons for what widens the most (HEARTHKEY_APPROVALS=2): what waits, who approves, and what that counts for. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdministrationClient } from '../support/administration.js';
import { approvalIn, SudoUser } from '../support/approvers.js';
import type { Key } from '../support/client.js';
import { HestiaFolder, numbered } from '../support/hestia-tree.js';
import { Person } from '../support/person.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let root: SudoUser;
let alice: SudoUser;
let bob: SudoUser;
/** An administrator. */
let carol: Person;
let rootKey: Key;
const carolsPassword = 'carol-password-1';

beforeAll(async () => {
  service = await TestService.startOpen(['dave', 'frank'], { APPROVALS: '2' });
  root = new SudoUser(service, 'admin');
  alice = new SudoUser(service, 'alice');
  bob = new SudoUser(service, 'bob');
  // Nobody knows who is root without sudo.
  expect((await service.run('v-change-user-password', 'admin', 'root-password-1')).code).toBe(10);
  expect((await root.run('v-change-user-password', 'admin', 'root-password-1')).code).toBe(0);
  rootKey = await approved(() => root.run('v-add-access-key', 'admin', '', 'root', 'plain')).then(keyOf);
  for (const name of ['carol', 'erin'])
    await approved(() =>
      alice.run('v-add-user', name, carolsPassword, `${name}@example.com`, '--role', 'admin'),
    );
  carol = new Person(service);
  // What an administrator logs in with is never what somebody else chose alone.
  expect((await carol.logIn({ user: 'carol', password: carolsPassword })).status).toBe(401);
  for (const name of ['carol', 'erin'])
    await approved(() => alice.run('v-change-user-password', name, carolsPassword));
  expect((await carol.logIn({ user: 'carol', password: carolsPassword })).status).toBe(201);
});

/** Does it, has bob approve it, and does it again. */
async function approved(
  run: () => Promise<{ code: number; stdout: string }>,
  approve: (id: string) => Promise<{ code: number }> = (id) => bob.run('v-approve-change', id),
): Promise<string> {
  const refused = await run();
  expect(refused.code).toBe(10);
  const id = approvalIn(refused.stdout) ?? '';
  expect(await approve(id)).toMatchObject({ code: 0 });
  const made = await run();
  expect(made).toMatchObject({ code: 0 });
  return made.stdout;
}

function keyOf(pair: string): Key {
  const [id = '', secret = ''] = pair.trim().split(':');
  return { id, secret, pair: pair.trim() };
}

const waiting = async (): Promise<string[]> =>
  Object.keys(JSON.parse(await service.ok('v-list-approvals', 'json')) as object);

async function rejectAll(): Promise<void> {
  for (const id of await waiting()) await bob.run('v-reject-change', id);
}

describe('what waits', () => {
  const manyRanges = [
    '127.0.0.0/8',
    ...Array.from({ length: 200 }, (_, net) => `${String(net + 128)}.0.0.0/9`),
  ]
    .slice(0, 100)
    .join();
  const ways: [string, string[]][] = [
    ['an unrestricted key', ['v-add-access-key', 'admin', '', 'all']],
    ['a key with an admin role', ['v-add-access-key', 'admin', 'billing', 'shop']],
    ["the root user's key with a role for users", ['v-add-access-key', 'admin', 'purge-nginx-cache', 'site']],
    ['more for such a key', ['v-change-api', 'purge-nginx-cache', 'user', 'v-delete-user']],
    ['what is SAFE for users', ['v-add-api', 'safe', 'user', 'v-list-users', 'v-list-users']],
    ['a legacy key', ['v-generate-api-key']],
    ['an admin role', ['v-add-api', 'rooms', 'admin', 'v-list-users']],
    ['a ready-made admin role', ['v-add-api', 'shop', '--from', 'whmcs']],
    ['an administrator', ['v-add-user', 'eve', 'eve-password-1', 'eve@example.com', '--role', 'admin']],
    ['a new role', ['v-change-user-role', 'frank', 'admin']],
    ["an administrator's password", ['v-change-user-password', 'erin', 'stolen-password-1']],
    ["the root user's password", ['v-change-user-password', 'admin', 'stolen-password-1']],
    ['a login link', ['login-link', 'erin']],
    ['allow-all', ['v-add-sys-api-ip', 'allow-all']],
    ['any address', ['v-add-sys-api-ip', '0.0.0.0']],
    ['a vast range', ['v-add-sys-api-ip', '0.0.0.0/1']],
    ['many ranges', ['v-change-sys-config-value', 'API_ALLOWED_IP', manyRanges]],
    ['a whole list', ['v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.0/8,::/0']],
  ];
  it.each(ways)('%s', async (_what, [command = '', ...args]) => {
    const refused = await alice.run(command, ...args);
    expect(refused).toMatchObject({ code: 10, stdout: expect.stringContaining('a second person') });
    const id = approvalIn(refused.stdout) ?? '';
    expect(await waiting()).toEqual([id]);
    // The same again is the same.
    expect(approvalIn((await alice.run(command, ...args)).stdout)).toBe(id);
    // It is nobody else's, also where it is approved.
    expect((await bob.run('v-approve-change', id)).code).toBe(0);
    expect((await new SudoUser(service, 'mallory').run(command, ...args)).code).toBe(10);
    expect((await alice.run(command, ...args)).code).toBe(0);
    expect((await bob.run('v-reject-change', id)).code).toBe(3);
    // What lets everybody in would hide what is tried next.
    for (const entry of ['allow-all', '0.0.0.0', '0.0.0.0/1'])
      await service.run('v-delete-sys-api-ip', entry);
    await rejectAll();
  });

  it('does not wait: what is for users, what narrows, and what somebody has already', async () => {
    const added = [
      ['v-add-api', 'for-users', 'user', 'v-list-user'],
      ['v-add-access-key', 'dave', 'for-users'],
      ['v-change-user-password', 'dave', 'dave-password-2'],
      ['v-add-sys-api-ip', '198.51.100.0/24'],
      ['v-change-access-key', rootKey.id, '--expires', '90d'],
      ['v-delete-sys-api-ip', '0.0.0.0/1'],
      ['v-change-user-role', 'eve', 'user'],
    ];
    for (const [command = '', ...args] of added)
      expect({ command, ...(await alice.run(command, ...args)) }).toMatchObject({ command, code: 0 });
    // The root user's own, by whom that is.
    expect((await root.run('v-rotate-access-key', rootKey.id, 'plain')).code).toBe(0);
  });

  it('is what widens such a key again, and its secret for somebody else', async () => {
    const ways = [
      ['v-change-access-key', rootKey.id, '--expires', 'never'],
      ['v-rotate-access-key', rootKey.id, 'plain'],
      ['v-derive-access-key', rootKey.id, '15m', 'plain'],
    ];
    for (const [command = '', ...args] of ways)
      expect({ command, ...(await alice.run(command, ...args)) }).toMatchObject({ command, code: 10 });
    expect(await waiting()).toHaveLength(ways.length);
    await service.ok('v-suspend-access-key', rootKey.id);
    await approved(() => alice.run('v-unsuspend-access-key', rootKey.id));
    await rejectAll();
  });
});

describe('who approves', () => {
  const command = ['v-add-access-key', 'admin', '', 'two'] as const;
  const ask = async (): Promise<string> => approvalIn((await alice.run(...command)).stdout) ?? '';

  it('is nobody who asked, with whatever credential', async () => {
    const added = [
      'v-add-user',
      'alice',
      'alice-password-1',
      'alice@example.com',
      '--role',
      'admin',
    ] as const;
    await approved(
      () => bob.run(...added),
      (id) => root.run('v-approve-change', id),
    );
    expect((await alice.run('v-change-user-password', 'alice', 'alice-password-1')).code).toBe(0);
    const session = new Person(service);
    await session.logIn({ user: 'alice', password: 'alice-password-1' });
    const id = await ask();
    expect(await alice.run('v-approve-change', id)).toMatchObject({
      ...{ code: 10, stdout: expect.stringContaining('another person') },
    });
    expect(await session.post(`/v1/approvals/${id}/approve`)).toMatchObject({ status: 403 });
    await rejectAll();
  });

  it('is no key, and no user who is no administrator', async () => {
    const id = await ask();
    const key = keyOf((await root.run('v-rotate-access-key', rootKey.id, 'plain')).stdout);
    // Nor does a key ask.
    for (const [name, ...args] of [
      ['v-generate-api-key'],
      ['v-change-user-password', 'admin', 'root-password-2'],
      ['v-reject-change', id],
    ])
      expect(await service.call(key, name ?? '', args)).toMatchObject({ code: 10 });
    expect(await service.call(key, 'v-approve-change', [id])).toMatchObject({ code: 10 });
    const rest = await new AdministrationClient(service, key).post(`/v1/approvals/${id}/approve`);
    expect(rest).toMatchObject({ status: 403, json: { code: 10 } });
    const dave = new Person(service);
    expect((await dave.logIn({ user: 'dave', password: 'dave-password-2' })).status).toBe(201);
    expect(await dave.post(`/v1/approvals/${id}/approve`)).toMatchObject({ status: 403 });
    expect(await dave.get('/v1/approvals')).toMatchObject({ status: 403 });
    expect(await waiting()).toEqual([id]);
    await rejectAll();
  });

  it('is an administrator in a session, who sees the exact change', async () => {
    const id = await ask();
    expect((await carol.get('/v1/approvals')).json).toMatchObject({
      items: [
        {
          ...{ approvalId: id, kind: 'unrestricted_key', command: 'v-add-access-key', approvedBy: null },
          change: { user: 'admin', permissions: '', comment: 'two' },
          requestedBy: 'alice',
        },
      ],
    });
    expect(await carol.post(`/v1/approvals/${id}/approve`)).toMatchObject({ json: { approvedBy: 'carol' } });
    expect(await carol.post(`/v1/approvals/${id}/approve`)).toMatchObject({ status: 409 });
    expect((await alice.run(...command)).code).toBe(0);
    expect((await alice.run(...command)).code).toBe(10);
    await rejectAll();
  });

  it('counts no more where he has been made an ordinary user meanwhile, or has taken it back', async () => {
    const id = await ask();
    await carol.post(`/v1/approvals/${id}/approve`);
    await service.ok('v-change-user-role', 'carol', 'user');
    const refused = await alice.run(...command);
    expect(refused.code).toBe(10);
    const next = approvalIn(refused.stdout) ?? '';
    expect(next).not.toBe(id);
    expect((await bob.run('v-approve-change', next)).code).toBe(0);
    expect((await bob.run('v-reject-change', next)).code).toBe(0);
    expect((await alice.run(...command)).code).toBe(10);
    await rejectAll();
  });

  it('has nothing left of a login from before he was an administrator', async () => {
    await service.run('v-change-user-role', 'frank', 'user');
    await service.ok('v-change-user-password', 'frank', 'frank-password-2');
    const before = new Person(service);
    const frank = { user: 'frank', password: 'frank-password-2' };
    expect((await before.logIn(frank)).status).toBe(201);
    await approved(() => alice.run('v-change-user-role', 'frank', 'admin'));
    expect(await before.isIn()).toBe(false);
    expect((await new Person(service).logIn(frank)).status).toBe(401);
  });

  it('is not kept busy by one: 50 changes of a person wait, and others go on', async () => {
    for (let number = 0; number < 50; number++)
      expect(await alice.run('v-add-access-key', 'admin', '', `flood-${String(number)}`)).toMatchObject({
        code: 10,
      });
    expect(await alice.run('v-add-sys-api-ip', 'allow-all')).toMatchObject({ code: 8 });
    expect(approvalIn((await bob.run('v-add-sys-api-ip', 'allow-all')).stdout)).toBeDefined();
    await rejectAll();
  });
});

describe('an approval counts', () => {
  it('for exactly that change', async () => {
    await approved(() => alice.run('v-add-api', 'desk', 'admin', 'v-list-users'));
    const wanted = ['v-add-access-key', 'admin', 'desk', 'desk', '--expires', '90d'] as const;
    const id = approvalIn((await alice.run(...wanted)).stdout) ?? '';
    expect((await bob.run('v-approve-change', id)).code).toBe(0);
    for (const other of [
      ['v-add-access-key', 'admin', 'desk', 'another', '--expires', '90d'],
      ['v-add-access-key', 'admin', 'desk', 'desk', '--expires', '91d'],
      ['v-add-access-key', 'admin', 'desk', 'desk'],
      ['v-add-access-key', 'admin', 'desk,billing', 'desk', '--expires', '90d'],
    ])
      expect((await alice.run(other[0] ?? '', ...other.slice(1))).code).toBe(10);
    await rejectAll();
  });

  it('no more once the role of the key grants something else', async () => {
    const wanted = ['v-add-access-key', 'admin', 'desk', 'role'] as const;
    const id = approvalIn((await alice.run(...wanted)).stdout) ?? '';
    expect((await bob.run('v-approve-change', id)).code).toBe(0);
    const change = ['v-change-api', 'desk', 'admin', 'v-list-users,v-delete-user'] as const;
    await approved(() => alice.run(...change));
    expect((await alice.run(...wanted)).code).toBe(10);
    await rejectAll();
  });

  it('for a password that nobody can read in the store, and for no other one', async () => {
    const id = approvalIn((await alice.run('v-change-user-password', 'erin', 'word-of-erin-1')).stdout) ?? '';
    expect(await service.ok('v-list-approvals', 'plain')).not.toContain('word-of-erin');
    expect((await bob.run('v-approve-change', id)).code).toBe(0);
    expect((await alice.run('v-change-user-password', 'erin', 'word-of-erin-2')).code).toBe(10);
    await rejectAll();
  });

  it('over every adapter, for the same person', async () => {
    const session = new Person(service);
    expect((await root.run('v-change-user-password', 'admin', 'root-password-1')).code).toBe(0);
    expect((await session.logIn({ user: 'admin', password: 'root-password-1' })).status).toBe(201);
    const wanted = { user: 'admin', permissions: [], comment: 'rest allowedAddresses=10.0.0.7' };
    const asked = await session.post('/v1/access-keys', wanted);
    expect(asked).toMatchObject({ status: 403, json: { reason: 'approval_required', code: 10 } });
    const id = String(asked.json['id']);
    expect(await service.ok('v-list-approvals', 'plain')).toContain(
      'comment="rest allowedAddresses=10.0.0.7"',
    );
    // The same person at the command line.
    expect((await root.run('v-approve-change', id)).code).toBe(10);
    expect((await alice.run('v-approve-change', id)).code).toBe(0);
    const headers = { 'Idempotency-Key': 'once' };
    expect(await session.send('POST', '/v1/access-keys', wanted, headers)).toMatchObject({ status: 201 });
    // A repetition is told so, and waits for nobody.
    const again = await session.send('POST', '/v1/access-keys', wanted, headers);
    expect(again).toMatchObject({ status: 409, json: { reason: 'already_created' } });
  });

  it('for a restore of that copy, and for an import of that tree', async () => {
    const file = join(service.dataDir, 'copy.hkb');
    await service.ok('backup', file);
    await approved(() => alice.run('restore', file));
    writeFileSync(file, 'no copy any more');
    expect((await alice.run('restore', file)).code).toBe(12);
    const tree = new HestiaFolder();
    tree.key({ id: numbered.id(1), secret: numbered.secret(1), user: 'admin' });
    const run = () => alice.run('import', '--from', tree.root);
    const id = approvalIn((await run()).stdout) ?? '';
    // The second person looks at the tree himself, and compares.
    const looked = await bob.run('import', '--from', tree.root, '--dry-run');
    const [, content = 'no content'] = /^content: (\w{64}) /m.exec(looked.stdout) ?? [];
    expect((await bob.run('v-list-approvals', 'json')).stdout).toContain(content);
    await bob.run('v-approve-change', id);
    // The tree has changed since: what was approved was another one.
    tree.key({ id: numbered.id(2), secret: numbered.secret(2), user: 'admin' });
    expect(await run()).toMatchObject({ code: 10 });
    expect(await service.ok('v-list-access-keys', 'admin', 'plain')).not.toContain(numbered.id(1));
    const said = await approved(run);
    expect(said).toContain('access keys: 2 imported');
    await rejectAll();
  });

  it('is told in the record, with both persons', async () => {
    await service.run('v-delete-sys-api-ip', 'allow-all');
    await approved(() => alice.run('v-add-sys-api-ip', 'allow-all'));
    const told = (await service.events()).filter(({ target }) => target?.['kind'] === 'allow_list').slice(-3);
    expect(told.map(({ actor, target }) => [actor.sudoUser, target])).toMatchObject([
      ['alice', { requested: 'address=allow-all', requestedBy: 'alice' }],
      ['bob', { requestedBy: 'alice', approvedBy: 'bob' }],
      ['alice', { approvedBy: 'bob', done: 'yes' }],
    ]);
  });
});
