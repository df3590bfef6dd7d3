/**
 * The root user can be neither deleted, suspended nor renamed: by no credential, through no adapter, at no backend, and
 * not by what a panel answers. What a panel answers of other users counts once its list says the same.
 */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UpstreamUsers } from '../../src/commands/upstream-users.js';
import type { Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { Panel, answerWith } from '../support/panel.js';
import { PanelTree } from '../support/panel-tree.js';
import { TestService } from '../support/test-service.js';
import { accessKeyId, secretAccessKey } from '../support/upstream-backend.js';

const password = 'root-password-1';

/** Commands that would end or shut out the root user, in the spellings that a careless executable might take for it. */
const attempts: [string, string[]][] = [
  ['v-delete-user', ['admin']],
  ['v-delete-user', ['admin', 'yes']],
  ['v-delete-user', ['Admin']],
  ['v-delete-user', ['admin ']],
  ['v-delete-user', [' admin']],
  ['v-delete-user', ['admin\n']],
  ['v-delete-user', ['yes', 'admin']],
  ['v-delete-user', ['bob,admin']],
  ['v-suspend-user', ['admin']],
  ['v-suspend-user', ['ADMIN', 'no']],
  ['v-change-user-config-value', ['admin', 'SUSPENDED', 'yes']],
  ['v-change-user-config-value', ['admin', 'suspended', 'yes']],
  ['v-change-user-config-value', ['admin', 'CONTACT', "x'\nSUSPENDED='yes"]],
  ['v-change-user-config-value', ['admin', 'ROLE', 'user']],
  ['v-change-user-role', ['admin', 'user']],
];
/** Those that a panel alone runs; all but the first are in no catalogue, so only a directory can have them. */
const atPanels: [string, string[]][] = [
  ['v-delete-users', ['bob', 'admin']],
  ['v-suspend-users', ['bob admin']],
  ['v-rename-user', ['admin', 'bob']],
];

interface Keys {
  billing: Key;
  everything: Key;
}

async function prepare(service: TestService): Promise<Keys> {
  const list = [...attempts, ...atPanels].map(([name]) => name).join(',');
  await service.ok('v-add-api', 'ending', 'admin', list, list);
  await service.ok('v-change-user-password', 'admin', password);
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  return {
    billing: await service.makeKey('admin', 'ending'),
    everything: await service.makeKey('admin', ''),
  };
}

/** By every credential there is: the code of each. */
async function tryAll(service: TestService, keys: Keys, cmd: string, args: string[]): Promise<number[]> {
  const named = Object.fromEntries(args.map((arg, index) => [`arg${String(index + 1)}`, arg]));
  const legacyKey = (await service.ok('v-generate-api-key')).trim();
  const fields = { cmd, ...named, returncode: 'yes' };
  const byKey = [await service.call(keys.billing, cmd, args), await service.call(keys.everything, cmd, args)];
  const byLegacy = [
    await service.api({ hash: legacyKey, ...fields }),
    await service.api({ user: 'admin', password, ...fields }),
  ];
  return [...byKey.map(({ code }) => code), ...byLegacy.map(({ body }) => Number(body))];
}

async function expectAlive(service: TestService, { everything }: Keys): Promise<void> {
  expect((await service.call(everything, 'v-list-apis')).code).toBe(0);
  const legacy = { user: 'admin', password, cmd: 'v-list-apis', returncode: 'yes' };
  expect((await service.api(legacy)).body).toBe('0');
}

describe('where Hearthkey keeps the users', () => {
  let service: TestService;
  let keys: Keys;
  beforeAll(async () => {
    service = await TestService.startOpen(['bob']);
    keys = await prepare(service);
  });

  it.each(attempts)('%s %j is refused with 10', async (cmd, args) => {
    expect(await tryAll(service, keys, cmd, args)).toEqual([10, 10, 10, 10]);
    expect((await service.run(cmd, ...args)).code).toBe(10);
    await expectAlive(service, keys);
    expect((await service.run('v-list-user', 'bob')).code).toBe(0);
  });

  it('the REST dialect refuses with 403', async () => {
    const rest = (method: string, path: string, key: Key) =>
      service.request(method, `/api${path}`, undefined, { headers: { Authorization: `Bearer ${key.pair}` } });
    for (const key of [keys.billing, keys.everything]) {
      for (const [method, path] of [
        ['POST', '/accounts/admin/suspend'],
        ['POST', '/accounts/Admin/suspend'],
        ['DELETE', '/accounts/admin'],
      ] as const) {
        expect({ path, status: (await rest(method, path, key)).status }).toEqual({ path, status: 403 });
      }
    }
    await expectAlive(service, keys);
  });

  it('a gateway that asks for a decision is told no', async () => {
    for (const key of [keys.billing, keys.everything]) {
      const question = { accessKeyId: key.id, secretAccessKey: key.secret, command: 'v-delete-user' };
      const ask = async (args: string[]) => {
        const body = JSON.stringify({ ...question, args, clientIp: '127.0.0.1' });
        const answer = await service.request('POST', '/v1/authorize', body, {
          headers: { 'Content-Type': 'application/json' },
        });
        return JSON.parse(answer.body) as unknown;
      };
      expect(await ask(['admin'])).toMatchObject({
        allowed: false,
        code: 10,
        reason: 'root_user_protected',
      });
      expect(await ask(['bob'])).toMatchObject({ allowed: true });
    }
  });

  it('its way in is changed by nobody who may not do everything', async () => {
    const list = 'v-change-user-password,v-change-user-contact,v-add-user-ssh-key,v-change-user-rkey';
    await service.ok('v-add-api', 'login', 'admin', list);
    const key = await service.makeKey('admin', 'login');
    for (const cmd of list.split(',')) {
      expect({ cmd, code: (await service.call(key, cmd, ['admin', 'x@example.com'])).code }).toEqual({
        cmd,
        code: 10,
      });
    }
  });
});

describe('in front of a directory of executables', () => {
  let service: TestService;
  let keys: Keys;
  beforeAll(async () => {
    const script = { options: 'USER', script: 'echo ran' };
    const directory = commandsDirectory(Object.fromEntries(atPanels.map(([name]) => [name, script])));
    service = await TestService.startOpen(['bob'], { COMMANDS_DIR: directory });
    keys = await prepare(service);
  });

  it.each(atPanels)('%s %j is refused with 10, and does not run', async (cmd, args) => {
    expect(await tryAll(service, keys, cmd, args)).toEqual([10, 10, 10, 10]);
    expect(await service.call(keys.everything, cmd, ['bob', 'admin-not'])).toMatchObject({ body: 'ran' });
  });
});

describe("in front of a panel's tree", () => {
  let tree: PanelTree;
  let service: TestService;
  let keys: Keys;
  beforeAll(async () => {
    tree = new PanelTree(['bob']);
    service = await TestService.startOpen([], { HESTIA_ROOT: tree.root });
    keys = await prepare(service);
  });

  it.each(attempts)('%s %j is refused with 10, and the panel is not asked', async (cmd, args) => {
    expect(await tryAll(service, keys, cmd, args)).toEqual([10, 10, 10, 10]);
    expect((await service.run(cmd, ...args)).code).toBe(10);
    await expectAlive(service, keys);
    expect((await service.run('v-list-user', 'bob')).code).toBe(0);
  });
});

describe('in front of a panel elsewhere', () => {
  let panel: Panel;
  let service: TestService;
  let keys: Keys;
  let users: Record<string, { SUSPENDED: string }>;
  /** What the panel answers to anything but a list, whatever it does. */
  let code = 0;
  const sent = () =>
    panel.forms.map((form) => form.get('cmd') ?? '').filter((cmd) => !cmd.includes('-list-'));

  beforeAll(async () => {
    users = { admin: { SUSPENDED: 'no' }, bob: { SUSPENDED: 'no' } };
    panel = await Panel.start((request, response, form) => {
      const cmd = form.get('cmd') ?? '';
      const name = form.get('arg1') ?? '';
      if (cmd === 'v-list-users') answerWith(0, JSON.stringify(users))(request, response, form);
      else if (cmd === 'v-list-user' && users[name] !== undefined)
        answerWith(0, JSON.stringify({ [name]: users[name] }))(request, response, form);
      else if (cmd === 'v-list-user') answerWith(3, '')(request, response, form);
      else answerWith(code, '')(request, response, form);
    });
    service = await TestService.startOpen([], {
      UPSTREAM_URL: panel.url.href,
      UPSTREAM_ACCESS_KEY: accessKeyId,
      UPSTREAM_SECRET_KEY: secretAccessKey,
    });
    await service.ok('v-add-api', 'webs', 'user', 'v-list-web-domains');
    keys = await prepare(service);
  });
  beforeEach(() => {
    users = { admin: { SUSPENDED: 'no' }, bob: { SUSPENDED: 'no' } };
    code = 0;
    panel.forms.length = 0;
  });

  it.each(attempts)('%s %j is refused with 10, and nothing reaches it', async (cmd, args) => {
    expect(await tryAll(service, keys, cmd, args)).toEqual([10, 10, 10, 10]);
    await expectAlive(service, keys);
    expect(sent()).toEqual([]);
  });

  it('its list suspends no root user, nor deletes it', async () => {
    const sync = () => service.part<UpstreamUsers>(UpstreamUsers).sync();
    users = { admin: { SUSPENDED: 'yes' }, bob: { SUSPENDED: 'no' } };
    await sync();
    await expectAlive(service, keys);
    users = { bob: { SUSPENDED: 'no' } };
    await sync();
    await expectAlive(service, keys);
  });

  it('a key with v-add-user gives the root user no password', async () => {
    await service.ok('v-add-api', 'adding', 'admin', 'v-add-user');
    const key = await service.makeKey('admin', 'adding');
    expect((await service.call(key, 'v-add-user', ['admin', 'my-own-word-1', 'a@example.com'])).code).toBe(4);
    expect(sent()).toEqual([]);
    await expectAlive(service, keys);
  });

  it('a user that it lists after it said 0 is neither deleted nor suspended here', async () => {
    const key = await service.makeKey('bob', 'webs');
    const use = async () => (await service.call(key, 'v-list-web-domains', ['bob'])).code;
    for (const cmd of ['v-delete-user', 'v-suspend-user']) {
      expect(await service.call(keys.everything, cmd, ['bob'])).toMatchObject({ code: 15 });
      expect(await use()).toBe(0);
    }
    code = 3;
    expect((await service.call(keys.everything, 'v-delete-user', ['bob'])).code).toBe(3);
    code = 0;
    expect(await use()).toBe(0);
  });

  it('a user that it lists as suspended is suspended here, until it lists it as active', async () => {
    const key = await service.makeKey('bob', 'webs');
    const use = async () => (await service.call(key, 'v-list-web-domains', ['bob'])).code;
    users = { ...users, bob: { SUSPENDED: 'yes' } };
    expect((await service.call(keys.everything, 'v-suspend-user', ['bob'])).code).toBe(0);
    expect(await use()).toBe(9);
    expect((await service.call(keys.everything, 'v-unsuspend-user', ['bob'])).code).toBe(15);
    expect(await use()).toBe(9);
    users = { ...users, bob: { SUSPENDED: 'no' } };
    expect((await service.call(keys.everything, 'v-unsuspend-user', ['bob'])).code).toBe(0);
    expect(await use()).toBe(0);
  });

  it('while it gives no list, a user whom it says it deleted is refused, and keeps its keys', async () => {
    const key = await service.makeKey('bob', 'webs');
    users = {};
    expect((await service.call(keys.everything, 'v-delete-user', ['bob'])).code).toBe(0);
    expect((await service.call(key, 'v-list-web-domains', ['bob'])).code).toBe(9);
    expect((await service.run('v-list-access-key', key.id)).code).toBe(0);
  });

  it('a user that it no longer lists is deleted here with its keys', async () => {
    const key = await service.makeKey('bob', 'webs');
    users = { admin: { SUSPENDED: 'no' } };
    expect((await service.call(keys.everything, 'v-delete-user', ['bob'])).code).toBe(0);
    expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
  });
});
