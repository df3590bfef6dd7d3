/** A panel on the same machine: its users, commands and API role files count live. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HestiaUsers } from '../../src/users/hestia-users.js';
import type { Event, HttpAnswer, Key } from '../support/client.js';
import { temporaryFolder } from '../support/folders.js';
import { PanelTree } from '../support/panel-tree.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let tree: PanelTree;
let service: TestService;
let rootKey: Key;

beforeAll(async () => {
  tree = new PanelTree(['alice', 'bob', 'carol', 'dave']);
  service = await TestService.startOpen([], { HESTIA_ROOT: tree.root });
  rootKey = await service.makeKey('admin', '');
});

function list(key: Key, user: string): Promise<HttpAnswer> {
  return service.api({ hash: key.pair, cmd: 'v-list-web-domains', arg1: user });
}

async function changesOf(key: Key): Promise<Event[]> {
  const events = await service.events('--key', key.id);
  return events.filter(({ type }) => type === 'change');
}

/** The root user's key runs a command of the panel. */
async function panel(command: string, ...args: string[]): Promise<number> {
  const fields = Object.fromEntries(args.map((arg, index) => [`arg${String(index + 1)}`, arg]));
  return (await service.api({ hash: rootKey.pair, cmd: command, ...fields })).code;
}

describe('the users of a live panel', () => {
  it('own keys, and nobody else does', async () => {
    const key = await service.makeKey('alice', 'websites');
    expect(await list(key, 'alice')).toMatchObject({
      status: 200,
      body: `web of alice, panel at ${tree.root}`,
    });
    expect((await service.run('v-add-access-key', 'nobody', 'websites')).code).toBe(3);
  });

  it('are listed by the panel itself', async () => {
    expect(await service.ok('v-list-user', 'alice')).toContain("CONTACT='alice@example.com'");
  });

  it('are refused within a second once the panel itself suspended them, and heard again', async () => {
    const key = await service.makeKey('alice', 'websites');
    expect((await list(key, 'alice')).status).toBe(200);
    tree.writeUser('alice', 'yes');
    await within(1000, 'the suspension counts', async () => (await list(key, 'alice')).code === 9);
    tree.writeUser('alice', 'no');
    await within(10_000, 'the user is accepted', async () => (await list(key, 'alice')).status === 200);
  });

  it("are administrators while the panel has ROLE='admin' for them", async () => {
    tree.writeApi('hosting', "ROLE='admin'\nCOMMANDS='v-list-web-domains'\n");
    const add = async (): Promise<number> => (await service.run('v-add-access-key', 'dave', 'hosting')).code;
    // The file is there, and dave is none.
    await within(5000, 'the role file counts', async () => (await add()) === 2);
    tree.writeUser('dave', 'no', 'admin');
    await within(5000, 'dave is one', async () => (await add()) === 0);
    const key = await service.makeKey('dave', 'hosting');
    expect((await list(key, 'alice')).code).toBe(0);
    expect((await list(key, 'admin')).code).toBe(10);
    tree.writeUser('dave', 'no');
    await within(1000, 'dave is none any more', async () => (await list(key, 'alice')).code === 10);
  });

  it('are refused while their file says neither yes nor no, is cut short or is missing', async () => {
    const key = await service.makeKey('bob', 'websites');
    for (const text of [
      '',
      "NAME='bob'\nSUSPEN",
      "SUSPENDED='no'\nSUSPENDED='yes'\n",
      "SUSPENDED='maybe'\n",
    ]) {
      tree.writeUser('bob', 'no');
      await within(10_000, 'the user is accepted', async () => (await list(key, 'bob')).status === 200);
      writeFileSync(tree.userFile('bob'), text);
      await within(1000, 'the user is refused', async () => (await list(key, 'bob')).code === 9);
    }
    rmSync(tree.userFile('bob'));
    await within(1000, 'the user is refused', async () => (await list(key, 'bob')).code === 9);
    expect(service.log).toContain('a user counts as suspended');
    tree.writeUser('bob', 'no');
    await within(10_000, 'the user is accepted', async () => (await list(key, 'bob')).status === 200);
  });

  it('are refused from the moment on that a suspension through the API was answered', async () => {
    const key = await service.makeKey('alice', 'websites');
    for (let round = 0; round < 10; round++) {
      expect((await list(key, 'alice')).status).toBe(200);
      expect(await panel('v-suspend-user', 'alice')).toBe(0);
      expect(await list(key, 'alice')).toMatchObject({ status: 401, code: 9 });
      expect(await panel('v-suspend-user', 'alice')).toBe(5);
      expect(await panel('v-unsuspend-user', 'alice')).toBe(0);
    }
  });

  it('are suspended by the command line too, which runs the command of the panel', async () => {
    const key = await service.makeKey('alice', 'websites');
    await service.ok('v-suspend-user', 'alice');
    expect(readFileSync(tree.userFile('alice'), 'utf8')).toContain("SUSPENDED='yes'");
    expect((await list(key, 'alice')).code).toBe(9);
    await service.ok('v-unsuspend-user', 'alice');
    expect((await list(key, 'alice')).status).toBe(200);
  });

  it('lose their keys when the panel deletes them through the API', async () => {
    expect(await panel('v-add-user', 'erin', 'correct-horse-1', 'erin@example.com')).toBe(0);
    const key = await service.makeKey('erin', 'websites');
    expect((await list(key, 'erin')).status).toBe(200);
    expect(await panel('v-delete-user', 'erin')).toBe(0);
    expect((await list(key, 'erin')).code).toBe(9);
    expect((await service.run('v-list-access-key', key.id)).code).toBe(3);
    const [event] = await service.events('--command', 'v-delete-user', '--type', 'change');
    expect(event?.target).toMatchObject({ user: 'erin' });
  });

  it('keep their keys when the panel refuses to delete them', async () => {
    const key = await service.makeKey('alice', 'websites');
    const script = join(tree.root, 'bin/v-delete-user');
    const whole = readFileSync(script);
    writeFileSync(script, '#!/bin/sh\nexit 3\n');
    expect(await panel('v-delete-user', 'alice')).toBe(3);
    writeFileSync(script, whole);
    expect((await list(key, 'alice')).status).toBe(200);
  });

  it('are refused while their folder is away, and heard again when it is back', async () => {
    const key = await service.makeKey('dave', 'websites');
    expect((await list(key, 'dave')).status).toBe(200);
    const folder = join(tree.root, 'data/users/dave');
    // The watch has to have met him: a key that was just made may be older than its last look.
    await within(10_000, 'the user is known', () =>
      service.part<HestiaUsers>(HestiaUsers).isIdentified('dave'),
    );
    renameSync(folder, join(tree.root, 'dave'));
    await within(1000, 'the user is refused', async () => (await list(key, 'dave')).code === 9);
    renameSync(join(tree.root, 'dave'), folder);
    await within(10_000, 'the user is accepted', async () => (await list(key, 'dave')).status === 200);
    expect(await changesOf(key)).toHaveLength(1);
  });

  it('leave no living keys to another user of the same name, when the panel itself deleted them', async () => {
    const key = await service.makeKey('dave', 'websites');
    tree.removeUser('dave');
    await within(1000, 'the user is refused', async () => (await list(key, 'dave')).code === 9);
    tree.writeUser('dave', 'no');
    await within(10_000, 'the key is suspended', async () => (await changesOf(key)).length === 2);
    await within(
      10_000,
      'the user is back',
      async () => (await service.run('v-list-user', 'dave')).code === 0,
    );
    expect((await list(key, 'dave')).code).toBe(9);
    expect((await changesOf(key)).at(-1)).toMatchObject({
      actor: { kind: 'service' },
      command: 'v-suspend-access-key',
      target: {
        suspended: expect.stringMatching(/^the panel (no longer has this user|has another user of)/),
      },
    });
    await service.ok('v-unsuspend-access-key', key.id);
    expect((await list(key, 'dave')).status).toBe(200);
  });

  it('leave no living keys to another user of the same name whom Hearthkey adds within the grace', async () => {
    const add = () => panel('v-add-user', 'frank', 'correct-horse-1', 'frank@example.com');
    expect(await add()).toBe(0);
    const key = await service.makeKey('frank', 'websites');
    tree.removeUser('frank');
    expect(await add()).toBe(0);
    const next = await service.makeKey('frank', 'websites');
    expect([(await list(key, 'frank')).code, (await list(next, 'frank')).code]).toEqual([9, 0]);
  });

  it('are added by the panel: its code and its words come back', async () => {
    expect(await panel('v-add-user', 'alice', 'correct-horse-1', 'alice@example.com')).toBe(4);
  });
});

describe("the panel's root user", () => {
  it('logs in with the password that was changed through Hearthkey, from then on', async () => {
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    const login = (password: string) =>
      service.api({ user: 'admin', password, cmd: 'v-list-web-domains', arg1: 'alice' });
    expect((await login('a-new-password-1')).body).not.toContain('web of alice');
    await service.ok('v-change-user-password', 'admin', 'a-new-password-1');
    expect((await login('a-new-password-1')).body).toContain('web of alice');
    tree.writeUser('admin', 'yes');
    await within(
      1000,
      'the state of the root user counts',
      async () => !(await login('a-new-password-1')).body.includes('web of alice'),
    );
    tree.writeUser('admin', 'no');
    await within(1000, 'the state of the root user counts', async () =>
      (await login('a-new-password-1')).body.includes('web of alice'),
    );
  });

  it('does not get a new password from a key of limited permissions', async () => {
    tree.writeApi('passwords', "ROLE='admin'\nCOMMANDS='v-change-user-password'\n");
    const listed = async () => (await service.ok('v-list-apis')).includes('v-change-user-password');
    await within(10_000, 'the API is there', listed);
    const key = await service.makeKey('admin', 'passwords');
    const change = (user: string) =>
      service.api({ hash: key.pair, cmd: 'v-change-user-password', arg1: user, arg2: 'correct-horse-2' });
    expect((await change('admin')).code).toBe(10);
    expect((await change('alice')).code).toBe(0);
  });
});

describe('the files of a live panel', () => {
  it('say which commands there are, and where USER stands', async () => {
    const key = await service.makeKey('alice', 'websites');
    expect((await list(key, 'bob')).code).toBe(10);
    expect(await service.ok('v-list-commands', 'v-list-secrets')).toContain('v-list-secrets of the panel');
  });

  it('say which API grants what, within a second of an edit', async () => {
    const key = await service.makeKey('alice', 'websites');
    tree.writeApi('websites', "ROLE='user'\nCOMMANDS='v-list-user'\n");
    await within(1000, 'the edit counts', async () => (await list(key, 'alice')).code === 10);
    tree.writeApi('websites', "ROLE='user'\nCOMMANDS='v-list-web-domains'\n");
    await within(10_000, 'the user is accepted', async () => (await list(key, 'alice')).status === 200);
  });

  it('are where API role files are written by command', async () => {
    await service.ok('v-add-api', 'lists', 'user', 'v-list-user');
    expect(readFileSync(join(tree.root, 'data/api/lists'), 'utf8')).toContain("COMMANDS='v-list-user'");
  });

  it('get no shipped API role files laid among them', async () => {
    expect(await service.ok('v-list-apis')).not.toContain('billing');
  });

  it('are run with nothing of the environment of the service but where the panel is', async () => {
    const { body } = await service.api({ hash: rootKey.pair, cmd: 'v-list-secrets' });
    expect(body.split('\n').map((line) => line.split('=')[0])).toEqual(
      expect.arrayContaining(['HESTIA', 'LANG', 'PATH']),
    );
    expect(body).not.toContain('HEARTHKEY');
  });
});

describe('a tree that is none', () => {
  it.each([
    ['is missing', () => '/nonexistent/hestia', /HEARTHKEY_HESTIA_ROOT: .* can't be read/],
    [
      'has no root user',
      () => {
        const root = temporaryFolder();
        for (const folder of ['bin', 'data/users/alice', 'data/api'])
          mkdirSync(join(root, folder), { recursive: true });
        return root;
      },
      /HEARTHKEY_HESTIA_ROOT: .* has no user admin \(set HEARTHKEY_ROOT_USER/,
    ],
    [
      'has no API role files',
      () => {
        const { root } = new PanelTree([]);
        rmSync(join(root, 'data/api'), { recursive: true });
        return root;
      },
      /the API role files in .* can't be read/,
    ],
  ])('keeps the service from starting when it %s', async (_what, make, message) => {
    await expect(TestService.start({ HESTIA_ROOT: make() })).rejects.toThrow(message);
  });
});
