/** The users of a panel elsewhere: known here as far as they are needed, and what is done to them from here counts here. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASE } from '../../src/storage/storage.module.js';
import type { Database } from '../../src/storage/database.js';
import { PanelUserList } from '../../src/commands/panel-user-list.js';
import { UpstreamUsers } from '../../src/commands/upstream-users.js';
import { PanelUsers } from '../../src/users/panel-users.js';
import { Users } from '../../src/users/users.js';
import type { HttpAnswer, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';

const commands = commandsDirectory({
  'v-list-web-domains': { options: 'USER', script: 'echo "web of $1"' },
});
let panel: TestService;
let front: TestService;
let root: Key;

beforeAll(async () => {
  panel = await TestService.startOpen(['alice', 'bob', 'carol', 'dave'], { COMMANDS_DIR: commands });
  const own = await panel.makeKey('admin', '');
  front = await TestService.startOpen([], {
    UPSTREAM_URL: panel.url,
    UPSTREAM_ACCESS_KEY: own.id,
    UPSTREAM_SECRET_KEY: own.secret,
  });
  await front.ok('v-add-api', 'webs', 'user', 'v-list-web-domains');
  root = await front.makeKey('admin', '');
});

const list = (key: Key, user: string): Promise<HttpAnswer> => front.call(key, 'v-list-web-domains', [user]);
const sync = () => front.part<UpstreamUsers>(UpstreamUsers).sync();

/** A look at lists that a panel might give, with a clock of its own. */
function sayings(): { say: (states: object) => Promise<void>; pass: (ms: number) => void } {
  let nowMs = 0;
  let output = '';
  const users = new UpstreamUsers({
    list: new PanelUserList({
      backend: { has: () => true, run: () => Promise.resolve({ code: 0, output }) },
      rootUser: 'admin',
      onProblem: () => undefined,
    }),
    users: front.part<Users>(Users),
    panelUsers: front.part<PanelUsers>(PanelUsers),
    rootUser: 'admin',
    monotonicMs: () => nowMs,
  });
  const others = Object.fromEntries(['bob', 'carol', 'dave'].map((name) => [name, { SUSPENDED: 'no' }]));
  return {
    say: async (states) => {
      output = JSON.stringify({ admin: { SUSPENDED: 'no' }, ...others, ...states });
      await users.sync();
    },
    pass: (ms) => (nowMs += ms),
  };
}

describe('a user of the panel elsewhere', () => {
  it('are administrators as its list has it', async () => {
    await front.ok('v-add-api', 'hosting', 'admin', 'v-list-web-domains');
    await panel.ok('v-change-user-role', 'carol', 'admin');
    await sync();
    await front.run('v-add-access-key', 'carol', 'webs');
    await sync();
    const key = await front.makeKey('carol', 'hosting');
    expect((await list(key, 'alice')).code).toBe(0);
    expect((await list(key, 'admin')).code).toBe(10);
    expect((await front.call(root, 'v-change-user-role', ['carol', 'user'])).code).toBe(0);
    expect((await list(key, 'alice')).code).toBe(10);
  });

  it('are none beside a node that protects none, with an event for each change of the facts alone', async () => {
    const nodes = front.part<Database>(DATABASE);
    await nodes
      .insertInto('nodes')
      .values({
        ...{ id: 'old', lease_ms: 600_000, version: '0.1.0' },
        ...{ applied_number: 0, applied_mark: '', renewals: 0 },
      })
      .execute();
    const { say } = sayings();
    const isAdministrator = async () => (await front.part<Users>(Users).find('dave'))?.role === 'admin';
    const events = async (): Promise<number> =>
      (await front.events('--type', 'change')).filter(({ target }) => target?.['user'] === 'dave').length;
    const told = { SUSPENDED: 'no', ROLE: 'admin' };
    await front.part<UpstreamUsers>(UpstreamUsers).lookUp('dave');
    const before = await events();
    for (let round = 0; round < 3; round++) await say({ dave: told });
    expect([await isAdministrator(), await events()]).toEqual([false, before]);
    for (let round = 0; round < 3; round++) await say({ dave: { ...told, SUSPENDED: 'yes' } });
    expect([await isAdministrator(), await events()]).toEqual([false, before + 1]);
    await nodes.deleteFrom('nodes').where('id', '=', 'old').execute();
    for (let round = 0; round < 3; round++) await say({ dave: told });
    expect([await isAdministrator(), await events()]).toEqual([true, before + 2]);
    for (let round = 0; round < 3; round++) await say({ dave: { SUSPENDED: 'no', ROLE: 'user' } });
    expect([await isAdministrator(), await events()]).toEqual([false, before + 3]);
  });

  it('can own keys here without ever having been named here', async () => {
    const key = await front.makeKey('alice', 'webs');
    expect(await list(key, 'alice')).toMatchObject({ status: 200, body: 'web of alice' });
    for (const name of ['nobody', 'constructor', 'toString'])
      expect((await front.run('v-add-access-key', name, 'webs')).code).toBe(3);
  });

  it('is suspended at the panel, and here before the answer', async () => {
    const key = await front.makeKey('bob', 'webs');
    for (let round = 0; round < 3; round++) {
      expect((await front.call(root, 'v-suspend-user', ['bob'])).code).toBe(0);
      expect((await list(key, 'bob')).code).toBe(9);
      expect((await front.call(root, 'v-suspend-user', ['bob'])).code).toBe(5);
      expect(JSON.parse(await panel.ok('v-list-user', 'bob', 'json'))).toMatchObject({
        bob: { SUSPENDED: 'yes' },
      });
      expect((await front.call(root, 'v-unsuspend-user', ['bob'])).code).toBe(0);
      expect((await list(key, 'bob')).code).toBe(0);
    }
  });

  it('is added at the panel, listed by it, and deleted there with its keys here', async () => {
    expect(
      (await front.call(root, 'v-add-user', ['erin', 'correct-horse-1', 'erin@example.com', 'gold'])).code,
    ).toBe(0);
    expect(await front.ok('v-list-user', 'erin', 'json')).toContain('"gold"');
    const key = await front.makeKey('erin', 'webs');
    expect((await list(key, 'erin')).code).toBe(0);
    expect((await front.call(root, 'v-delete-user', ['erin'])).code).toBe(0);
    expect((await list(key, 'erin')).code).toBe(9);
    expect((await front.run('v-list-access-key', key.id)).code).toBe(3);
    expect((await panel.run('v-list-user', 'erin')).code).toBe(3);
  });

  it('is suspended here at the next look once the panel itself suspended it', async () => {
    const key = await front.makeKey('carol', 'webs');
    await panel.ok('v-suspend-user', 'carol');
    await sync();
    expect(await list(key, 'carol')).toMatchObject({ code: 9, body: 'Error: user carol is suspended' });
    await panel.ok('v-unsuspend-user', 'carol');
    await sync();
    expect((await list(key, 'carol')).code).toBe(0);
  });

  it('leaves its keys suspended when it has vanished from the panel, also for the next of its name', async () => {
    const key = await front.makeKey('dave', 'webs');
    await panel.ok('v-delete-user', 'dave');
    await sync();
    expect((await list(key, 'dave')).code).toBe(9);
    await panel.addUser('dave');
    const next = await front.makeKey('dave', 'webs');
    expect((await list(next, 'dave')).code).toBe(0);
    expect((await list(key, 'dave')).code).toBe(9);
  });

  it('is left as it was while the panel gives no list', async () => {
    const key = await front.makeKey('alice', 'webs');
    await panel.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    await sync();
    await sync();
    await panel.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    expect((await list(key, 'alice')).code).toBe(0);
    expect(front.log.match(/v-list-users at the panel ended with 15/g)).toHaveLength(1);
  });

  it('counts as suspended, and alone, when the panel does not say that it is not', async () => {
    const [alice, bob, carol] = [
      await front.makeKey('alice', 'webs'),
      await front.makeKey('bob', 'webs'),
      await front.makeKey('carol', 'webs'),
    ];
    const say = async (states: object): Promise<void> => {
      const output = JSON.stringify({ admin: { SUSPENDED: 'no' }, ...states });
      const backend = { has: () => true, run: () => Promise.resolve({ code: 0, output }) };
      const users = front.part<Users>(Users);
      const panelUsers = front.part<PanelUsers>(PanelUsers);
      const onProblem = (problem: string) => problems.push(problem);
      const list = new PanelUserList({ backend, rootUser: 'admin', onProblem });
      await new UpstreamUsers({ list, users, panelUsers, rootUser: 'admin' }).sync();
    };
    const problems: string[] = [];
    await say({ alice: { SUSPENDED: 'no' }, bob: { SUSPENDED: 'No' }, carol: null });
    expect([(await list(alice, 'alice')).code, (await list(bob, 'bob')).code]).toEqual([0, 9]);
    expect((await list(carol, 'carol')).code).toBe(9);
    expect(problems).toEqual([
      "the panel doesn't say whether these users are suspended, so they count as such: bob, carol",
    ]);
    await say({ alice: { SUSPENDED: 'yes' }, bob: { SUSPENDED: 'no' }, carol: { SUSPENDED: 'no' } });
    expect([(await list(alice, 'alice')).code, (await list(bob, 'bob')).code]).toEqual([9, 0]);
    await sync();
    expect([(await list(alice, 'alice')).code, (await list(carol, 'carol')).code]).toEqual([0, 0]);
  });

  it('goes on with its keys when a list missed it within the grace, and is refused meanwhile', async () => {
    const { say, pass } = sayings();
    const made = { SUSPENDED: 'no', DATE: '2026-01-01', TIME: '10:00:00' };
    await say({ alice: made });
    const key = await front.makeKey('alice', 'webs');
    await say({});
    expect((await list(key, 'alice')).code).toBe(9);
    pass(59_999);
    await say({});
    await say({ alice: made });
    expect((await list(key, 'alice')).code).toBe(0);
    await say({});
    pass(60_000);
    await say({});
    await say({ alice: made });
    expect((await list(key, 'alice')).code).toBe(9);
    await front.ok('v-unsuspend-access-key', key.id);
    expect((await list(key, 'alice')).code).toBe(0);
  });

  it.each<[string, object[]]>([
    ['after an absence', [{}]],
    ['between two lists', []],
  ])('leaves no key to another user of its name who was made %s', async (_when, between) => {
    const { say } = sayings();
    await say({ alice: { SUSPENDED: 'no', DATE: '2026-01-01', TIME: '10:00:00' } });
    const key = await front.makeKey('alice', 'webs');
    for (const states of between) await say(states);
    const another = { SUSPENDED: 'no', DATE: '2026-06-01', TIME: '10:00:00' };
    await say({ alice: another });
    expect((await list(key, 'alice')).code).toBe(9);
    const next = await front.makeKey('alice', 'webs');
    await say({ alice: another });
    expect([(await list(key, 'alice')).code, (await list(next, 'alice')).code]).toEqual([9, 0]);
  });

  it('leaves no key to another user of its name who was added from here, and none of that one is touched', async () => {
    const add = ['frank', 'correct-horse-1', 'frank@example.com'];
    expect((await front.call(root, 'v-add-user', add)).code).toBe(0);
    const key = await front.makeKey('frank', 'webs');
    const { say } = sayings();
    await say({ frank: { SUSPENDED: 'no', DATE: '2026-01-01', TIME: '10:00:00' } });
    await panel.ok('v-delete-user', 'frank');
    expect((await front.call(root, 'v-add-user', add)).code).toBe(0);
    const next = await front.makeKey('frank', 'webs');
    expect([(await list(key, 'frank')).code, (await list(next, 'frank')).code]).toEqual([9, 0]);
    await say({ frank: { SUSPENDED: 'no', DATE: '2026-06-01', TIME: '10:00:00' } });
    expect([(await list(key, 'frank')).code, (await list(next, 'frank')).code]).toEqual([9, 0]);
  });

  it('changes nothing and records nothing where all is as it was', async () => {
    const before = (await front.events('--type', 'change')).length;
    await sync();
    expect(await front.events('--type', 'change')).toHaveLength(before);
  });
});

describe('the root user', () => {
  it('logs in here with the password that was changed from here', async () => {
    await front.ok('v-change-sys-config-value', 'API', 'yes');
    await front.ok('v-change-user-password', 'admin', 'a-new-password-1');
    const fields = { user: 'admin', password: 'a-new-password-1', cmd: 'v-list-web-domains', arg1: 'alice' };
    expect((await front.api(fields)).body).toContain('web of alice');
  });
});
