/**
 * No sequence of commands makes a key stronger than the one that ran them, or ends a stronger one. The roles here list
 * every command that might do so, also in SAFE, so that nothing but the rule itself stands in the way. The commands of
 * the addresses and switches are the exception: there SAFE is how an operator allows them.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { tryEscalation } from '../escalation/random-escalation.js';
import { Stage } from '../escalation/stage.js';
import { Random } from '../faults/random.js';
import type { Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

const tempting = [
  'v-add-access-key',
  'v-derive-access-key',
  'v-change-access-key',
  'v-suspend-access-key',
  'v-unsuspend-access-key',
  'v-rotate-access-key',
  'v-list-access-key',
  'v-add-api',
  'v-change-api',
  'v-delete-api',
  'v-generate-api-key',
  'v-change-user-password',
  'v-delete-access-key',
  'v-delete-access-keys',
  'v-revoke-api-key',
  'v-add-user',
  'v-suspend-user',
  'v-unsuspend-user',
  'v-delete-user',
];
const switches = ['v-change-sys-config-value', 'v-change-sys-api', 'v-add-sys-api-ip', 'v-delete-sys-api-ip'];
let service: TestService;
let strong: Key;
let legacyKeyId: string;

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  const safe = tempting.join(',');
  const list = [...tempting, ...switches].join(',');
  await service.ok('v-add-api', 'tempting', 'user', list, safe);
  await service.ok('v-add-api', 'tempting-admin', 'admin', list, safe);
  await service.ok('v-add-api', 'stronger', 'user', 'v-list-users,v-list-user', 'v-list-users');
  strong = await service.makeKey('admin', '', 'Everything');
  await service.ok('v-generate-api-key');
  [legacyKeyId = ''] = (await service.ok('v-list-api-keys', 'plain')).split('\t');
});

/** What a stronger key could be seen by: keys, roles, switches, addresses, legacy keys. */
async function state(): Promise<unknown> {
  const keys = await service.ok('v-list-access-keys', '', 'plain');
  const shown = ['v-list-apis', 'v-list-sys-config', 'v-list-api-keys', 'v-list-users'];
  return [keys, ...(await Promise.all(shown.map((name) => service.ok(name, 'json'))))];
}

async function expectRefused(key: Key, cmd: string, args: string[], codes = [10]): Promise<void> {
  const before = await state();
  const answer = await service.call(key, cmd, args);
  expect({ cmd, args, isRefused: codes.includes(answer.code), code: answer.code }).toMatchObject({
    isRefused: true,
  });
  expect(answer.body).not.toMatch(/[0-9A-Za-z]{20}:[0-9A-Za-z_-]{40}/);
  expect(await state()).toEqual(before);
}

const waysForEverybody: [string, string[]][] = [
  ['v-add-access-key', ['admin']],
  ['v-add-access-key', ['admin', '']],
  ['v-add-access-key', ['admin', 'stronger']],
  ['v-add-access-key', ['admin', 'tempting-admin,stronger']],
  ['v-add-access-key', ['bob', 'stronger']],
  ['v-add-api', ['mine', 'user', 'v-delete-user']],
  ['v-change-api', ['tempting', 'user', 'v-list-users']],
  ['v-change-api', ['tempting-admin', 'admin', 'v-list-users']],
  ['v-delete-api', ['tempting']],
  ['v-generate-api-key', []],
  ['v-change-user-password', ['admin', 'new-password-1']],
  ['v-change-sys-config-value', ['API_SYSTEM', '2']],
  ['v-change-sys-config-value', ['API', 'yes']],
  ['v-change-sys-config-value', ['API_ALLOWED_IP', 'allow-all']],
  ['v-change-sys-config-value', ['DEMO_MODE', 'no']],
  ['v-change-sys-config-value', ['ROOT_USER', 'alice']],
  ['v-change-sys-api', ['enable', 'all']],
  ['v-add-sys-api-ip', ['allow-all']],
  ['v-delete-sys-api-ip', ['127.0.0.0/8']],
  ['v-delete-sys-api-ip', ['198.51.100.7']],
  ['v-change-sys-api', ['disable']],
];

describe("a user's key", () => {
  let weak: Key;
  let sibling: Key;
  beforeAll(async () => {
    weak = await service.makeKey('alice', 'tempting');
    sibling = await service.makeKey('alice', 'stronger');
  });

  it.each(waysForEverybody)('gets no more by %s %j', async (cmd, args) => {
    await expectRefused(weak, cmd, args);
  });

  it("can't make a key for its own user with a permission that it lacks", async () => {
    await expectRefused(weak, 'v-add-access-key', ['alice', 'stronger']);
    await expectRefused(weak, 'v-add-access-key', ['alice', 'tempting,stronger']);
    await expectRefused(weak, 'v-add-access-key', ['alice', 'tempting-admin'], [2, 10]);
    await expectRefused(weak, 'v-add-access-key', ['alice', ''], [2, 10]);
  });

  it('can make one as strong as itself, and no stronger', async () => {
    const answer = await service.call(weak, 'v-add-access-key', ['alice', 'tempting', 'Child', 'plain']);
    expect(answer.code).toBe(0);
    const [id = '', secret = ''] = answer.body.split(':');
    const child = { id, secret, pair: answer.body };
    await expectRefused(child, 'v-add-access-key', ['alice', 'stronger']);
    await expectRefused(child, 'v-change-access-key', [id, 'PERMISSIONS', 'stronger']);
  });

  it("can't strengthen itself, revive a stronger key, or touch another user's", async () => {
    await expectRefused(weak, 'v-change-access-key', [weak.id, 'PERMISSIONS', 'tempting,stronger']);
    await expectRefused(weak, 'v-change-access-key', [sibling.id, 'PERMISSIONS', 'tempting']);
    await expectRefused(weak, 'v-change-access-key', [sibling.id, 'COMMENT', 'Taken over']);
    await expectRefused(weak, 'v-change-access-key', [strong.id, 'COMMENT', 'Taken over']);
    await expectRefused(weak, 'v-rotate-access-key', [sibling.id, 'plain']);
    await expectRefused(weak, 'v-rotate-access-key', [strong.id, 'plain'], [3, 10]);
    await expectRefused(weak, 'v-rotate-access-key', ['--weak', 'plain'], [2, 10]);
    await expectRefused(weak, 'v-suspend-access-key', [strong.id], [3, 10]);
    await expectRefused(weak, 'v-suspend-access-key', [sibling.id]);
    await expectRefused(weak, 'v-delete-access-key', [sibling.id]);
    await expectRefused(weak, 'v-delete-access-key', [strong.id], [3, 10]);
    await expectRefused(weak, 'v-list-access-key', [strong.id], [3, 10]);
    await service.ok('v-suspend-access-key', sibling.id);
    await expectRefused(weak, 'v-unsuspend-access-key', [sibling.id]);
    await service.ok('v-unsuspend-access-key', sibling.id);
  });

  it("can't end a stronger key of its own user with all of its keys, or with the user itself", async () => {
    await expectRefused(weak, 'v-delete-access-keys', ['alice']);
    await expectRefused(weak, 'v-delete-user', ['alice']);
    await expectRefused(weak, 'v-suspend-user', ['alice']);
    await expectRefused(weak, 'v-revoke-api-key', [legacyKeyId]);
  });

  it("can't change the password of another user, nor suspend or delete one", async () => {
    await expectRefused(weak, 'v-change-user-password', ['bob', 'new-password-1']);
    await expectRefused(weak, 'v-suspend-user', ['bob']);
    await expectRefused(weak, 'v-delete-user', ['bob']);
    await expectRefused(weak, 'v-add-user', ['mallory', 'password-1', 'm@example.com']);
  });
});

describe("a root user's key with limited permissions", () => {
  let limited: Key;
  beforeAll(async () => {
    limited = await service.makeKey('admin', 'tempting-admin');
  });

  it.each(waysForEverybody)('gets no more by %s %j', async (cmd, args) => {
    await expectRefused(limited, cmd, args);
  });

  it("can't strengthen itself, nor change or revive a stronger key", async () => {
    await expectRefused(limited, 'v-change-access-key', [limited.id, 'PERMISSIONS', '']);
    await expectRefused(limited, 'v-change-access-key', [
      limited.id,
      'PERMISSIONS',
      'tempting-admin,stronger',
    ]);
    await expectRefused(limited, 'v-change-access-key', [strong.id, 'PERMISSIONS', 'tempting-admin']);
    await expectRefused(limited, 'v-change-access-key', [strong.id, 'COMMENT', 'Taken over']);
    await expectRefused(limited, 'v-rotate-access-key', [strong.id, 'plain']);
    await service.ok('v-suspend-access-key', strong.id);
    await expectRefused(limited, 'v-unsuspend-access-key', [strong.id]);
    await service.ok('v-unsuspend-access-key', strong.id);
  });

  it("can't end a stronger key, of the root user or of another", async () => {
    const ofAlice = await service.makeKey('alice', 'stronger');
    for (const { id } of [strong, ofAlice]) {
      await expectRefused(limited, 'v-suspend-access-key', [id]);
      await expectRefused(limited, 'v-delete-access-key', [id]);
    }
    await expectRefused(limited, 'v-delete-access-keys', ['admin']);
    await expectRefused(limited, 'v-delete-access-keys', ['alice']);
    await expectRefused(limited, 'v-revoke-api-key', [legacyKeyId]);
  });

  it('can end a key that is no stronger than itself, and itself', async () => {
    const equal = await service.makeKey('admin', 'tempting-admin');
    for (const cmd of ['v-suspend-access-key', 'v-unsuspend-access-key', 'v-delete-access-key'])
      expect((await service.call(limited, cmd, [equal.id])).code).toBe(0);
    const itself = await service.makeKey('admin', 'tempting-admin');
    expect((await service.call(itself, 'v-delete-access-key', [itself.id])).code).toBe(0);
  });

  it('ends a user as its API says, whatever keys that user has', async () => {
    await service.addUser('dora');
    const key = await service.makeKey('dora', 'stronger');
    expect((await service.call(limited, 'v-suspend-user', ['dora'])).code).toBe(0);
    expect((await service.call(key, 'v-list-user', ['dora'])).code).toBe(9);
    expect((await service.call(limited, 'v-delete-user', ['dora'])).code).toBe(0);
  });

  it('can make keys as strong as itself, also for a user of its role', async () => {
    const answer = await service.call(limited, 'v-add-access-key', ['admin', 'tempting-admin', '', 'plain']);
    expect(answer.code).toBe(0);
  });

  it("can't delete the root user, or take its name again", async () => {
    await expectRefused(limited, 'v-delete-user', ['admin']);
    await expectRefused(limited, 'v-add-user', ['admin', 'password-1', 'a@example.com'], [4, 10]);
  });
});

/** `npm run faults -- escalation` tries more. */
it('gets no more by a random sequence of commands, over any adapter, with whatever it obtains', async () => {
  const seed = Date.now() % 1_000_000;
  const ownService = await TestService.start(Stage.settings());
  const { problems, obtained, allowed } = await tryEscalation(ownService, 8, new Random(seed));
  await ownService.close();
  expect({ seed, problems }).toEqual({ seed, problems: [] });
  // Else everything was refused, and nothing was tried.
  expect({ seed, isTried: obtained > 0 && allowed > 0 }).toEqual({ seed, isTried: true });
});
