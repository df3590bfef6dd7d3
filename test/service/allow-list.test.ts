import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpAnswer, Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

const proxy = '127.0.0.2';
let service: TestService;
let root: Key;
let user: Key;

beforeAll(async () => {
  service = await TestService.start({ TRUSTED_PROXIES: proxy });
  await service.addUser('alice');
  await service.ok('v-add-api', 'own', 'user', 'v-list-user');
  root = await service.makeKey('admin', '');
  user = await service.makeKey('alice', 'own');
});

beforeEach(async () => {
  await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'no');
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '');
});

/** A call that comes from this address, as the trusted proxy tells it. */
function callFrom(address: string, key = root): Promise<HttpAnswer> {
  const args = key === root ? [] : ['alice'];
  return service.call(key, key === root ? 'v-list-users' : 'v-list-user', args, {
    from: proxy,
    forwardedFor: address,
  });
}

async function expectIn(...addresses: string[]): Promise<void> {
  for (const address of addresses) {
    expect({ address, code: (await callFrom(address)).code }).toEqual({ address, code: 0 });
  }
}

async function expectOut(...addresses: string[]): Promise<void> {
  for (const address of addresses) {
    const { status, code } = await callFrom(address);
    expect({ address, status, code }).toEqual({ address, status: 401, code: 10 });
  }
}

async function list(): Promise<string[]> {
  return JSON.parse(await service.ok('v-list-sys-api-ips', 'json')) as string[];
}

async function add(...entries: string[]): Promise<void> {
  for (const entry of entries) await service.ok('v-add-sys-api-ip', entry);
}

describe('API_ALLOWED_IP', () => {
  it('empty means nobody', async () => {
    await expectOut('203.0.113.9', '127.0.0.1', '::1', '0.0.0.0');
  });

  it('lets an IPv4 address in and no other, in the very next request', async () => {
    await add('203.0.113.9');
    await expectIn('203.0.113.9');
    await expectOut('203.0.113.90', '203.0.113.8', '2001:db8::1');
    await service.ok('v-delete-sys-api-ip', '203.0.113.9');
    await expectOut('203.0.113.9');
  });

  it('knows an IPv6 address in all its spellings', async () => {
    await add('2001:DB8:0:0::0001');
    expect(await list()).toEqual(['2001:db8::1']);
    await expectIn('2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001');
    await expectOut('2001:db8::2');
    await service.ok('v-delete-sys-api-ip', '2001:db8:0::1');
    expect(await list()).toEqual([]);
  });

  it('takes ranges of both kinds, without their host bits', async () => {
    await add('10.1.2.3/8', '2001:db8:1::5/48', '198.51.100.7/32');
    expect(await list()).toEqual(['10.0.0.0/8', '2001:db8:1::/48', '198.51.100.7']);
    await expectIn('10.0.0.0', '10.255.255.255', '2001:db8:1:ffff::1', '198.51.100.7');
    await expectOut('11.0.0.0', '9.255.255.255', '2001:db8:2::1', '198.51.100.6');
  });

  it('holds an IPv4-mapped IPv6 address for the IPv4 address that it maps, both ways', async () => {
    await add('::ffff:192.0.2.1', '192.0.2.2', '::ffff:198.51.100.0/120');
    expect(await list()).toEqual(['192.0.2.1', '192.0.2.2', '198.51.100.0/24']);
    await expectIn('192.0.2.1', '::ffff:192.0.2.1', '::ffff:192.0.2.2', '::ffff:c000:202', '198.51.100.77');
    await expectOut('192.0.2.3', '::ffff:192.0.2.3', '::192.0.2.1');
  });

  it('has each entry once', async () => {
    await add(
      '192.0.2.1',
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '2001:db8::1',
      '2001:DB8::1',
      '10.0.0.0/8',
      '10.9.9.9/8',
    );
    expect(await list()).toEqual(['192.0.2.1', '2001:db8::1', '10.0.0.0/8']);
  });

  it('allow-all and 0.0.0.0 let everybody in', async () => {
    await add('allow-all');
    await expectIn('203.0.113.9', '2001:db8::1');
    await service.ok('v-delete-sys-api-ip', 'allow-all');
    await expectOut('203.0.113.9');
    await add('0.0.0.0');
    await expectIn('203.0.113.9', '2001:db8::1');
    await service.ok('v-delete-sys-api-ip', '0.0.0.0');
    await expectOut('203.0.113.9');
  });

  it('lets a client whose address is unknown in only by allow-all', async () => {
    await add('0.0.0.0', '0.0.0.0/0', '::/0');
    await expectOut('not-an-address');
    await add('allow-all');
    await expectIn('not-an-address');
  });

  it('can be set as a whole', async () => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', ' 192.0.2.1, 2001:DB8::1,,192.0.2.1 ');
    expect(await list()).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(
      (await service.run('v-change-sys-config-value', 'API_ALLOWED_IP', '192.0.2.5,nonsense')).code,
    ).toBe(2);
    expect(await list()).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it('deleting what is not there is no error', async () => {
    await add('192.0.2.1');
    await service.ok('v-delete-sys-api-ip', '192.0.2.99');
    expect(await list()).toEqual(['192.0.2.1']);
  });

  it.each([
    '',
    '-',
    '--help-me',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '010.0.0.1',
    '10.0.0.0/33',
    '::/129',
    'fe80::1%eth0',
    '192.0.2.1 192.0.2.2',
    '192.0.2.1\n192.0.2.2',
    'ALLOW-ALL',
  ])('%j is no entry: 1 or 2, and nothing changes', async (entry) => {
    await add('192.0.2.1');
    const answers = [
      await service.run('v-add-sys-api-ip', entry),
      await service.run('v-delete-sys-api-ip', entry),
    ];
    for (const { code, stdout } of answers) {
      expect([1, 2]).toContain(code);
      expect(stdout).toMatch(/^Error: \S/);
    }
    expect(await list()).toEqual(['192.0.2.1']);
  });

  it('200 additions at once lose none, and 200 deletions leave none', async () => {
    const entries = Array.from({ length: 200 }, (_, index) => `198.18.0.${String(index)}`);
    await Promise.all(entries.map((entry) => service.ok('v-add-sys-api-ip', entry)));
    expect((await list()).sort()).toEqual([...entries].sort());
    await expectIn('198.18.0.0', '198.18.0.199');
    await Promise.all(entries.map((entry) => service.ok('v-delete-sys-api-ip', entry)));
    expect(await list()).toEqual([]);
    await expectOut('198.18.0.0');
  });
});

describe('API_SYSTEM', () => {
  beforeEach(async () => add('203.0.113.9'));

  it('0 is off for everybody', async () => {
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '0');
    for (const key of [root, user]) {
      expect(await callFrom('203.0.113.9', key)).toMatchObject({ status: 400, code: 11 });
    }
  });

  it('1 is on for the root user alone; others get 21', async () => {
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '1');
    expect((await callFrom('203.0.113.9', root)).code).toBe(0);
    expect(await callFrom('203.0.113.9', user)).toMatchObject({ status: 401, code: 21 });
  });

  it('2 is on for all users', async () => {
    expect((await callFrom('203.0.113.9', root)).code).toBe(0);
    expect((await callFrom('203.0.113.9', user)).code).toBe(0);
  });

  it('is switched by v-change-sys-api, which empties the allow list when it disables', async () => {
    await service.ok('v-change-sys-api', 'disable');
    expect(await callFrom('203.0.113.9')).toMatchObject({ code: 11 });
    expect(await list()).toEqual([]);
    await service.ok('v-change-sys-api', 'enable', 'api');
    await expectOut('203.0.113.9');
    await add('203.0.113.9');
    await expectIn('203.0.113.9');
    expect((await callFrom('203.0.113.9', user)).code).toBe(21);
  });

  it.each([
    ['v-change-sys-config-value', 'API_SYSTEM', '3'],
    ['v-change-sys-config-value', 'API_SYSTEM', ''],
    ['v-change-sys-config-value', 'API', 'maybe'],
    ['v-change-sys-config-value', 'NO_SUCH_KEY', 'x'],
    ['v-change-sys-api', 'explode'],
    ['v-change-sys-api', 'enable', 'nothing'],
  ])('%s %s %s is refused with 2 and changes nothing', async (name, ...args) => {
    const before = await service.ok('v-list-sys-config', 'json');
    expect((await service.run(name, ...args)).code).toBe(2);
    expect(await service.ok('v-list-sys-config', 'json')).toBe(before);
  });
});

describe('read-only mode', () => {
  it('refuses every command that changes something with 1, here and over HTTP, and nothing is changed', async () => {
    await add('203.0.113.9');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    const changing: string[][] = [
      ['v-add-access-key', 'alice', 'own'],
      ['v-change-access-key', user.id, 'COMMENT', 'Other words'],
      ['v-suspend-access-key', user.id],
      ['v-unsuspend-access-key', user.id],
      ['v-delete-access-key', user.id],
      ['v-delete-access-keys', 'alice'],
      ['v-add-api', 'more', 'user', 'v-list-user'],
      ['v-change-api', 'own', 'user', 'v-list-users'],
      ['v-delete-api', 'own'],
      ['v-add-sys-api-ip', '192.0.2.1'],
      ['v-delete-sys-api-ip', '203.0.113.9'],
      ['v-change-sys-api', 'disable'],
      ['v-change-sys-config-value', 'API_SYSTEM', '0'],
      ['v-change-sys-config-value', 'API_ALLOWED_IP', ''],
      ['v-generate-api-key'],
      ['v-revoke-api-key', '12345678'],
      ['v-add-user', 'bob', 'password-1', 'b@example.com'],
      ['v-suspend-user', 'alice'],
      ['v-unsuspend-user', 'alice'],
      ['v-change-user-password', 'alice', 'password-2'],
      ['v-delete-user', 'alice'],
    ];
    const shown = [
      ['v-list-access-keys', '', 'json'],
      ['v-list-apis', 'json'],
      ['v-list-sys-config', 'json'],
      ['v-list-users', 'json'],
      ['v-list-api-keys', 'json'],
    ];
    // Refused requests are uses of the key, too.
    const withoutUses = (text: string) => text.replace(/, "LAST_USED[A-Z_]*": "[^"]*"/g, '');
    const state = () =>
      Promise.all(shown.map(async ([name = '', ...args]) => withoutUses(await service.ok(name, ...args))));
    const before = await state();
    for (const [name = '', ...args] of changing) {
      const answer = await service.run(name, ...args);
      expect({ name, code: answer.code }).toEqual({ name, code: 1 });
      expect(answer.stdout).toContain('security restrictions');
      const overHttp = await service.call(root, name, args, { from: proxy, forwardedFor: '203.0.113.9' });
      expect({ name, code: overHttp.code }).toEqual({ name, code: 1 });
    }
    expect(await state()).toEqual(before);
  });

  it('goes on deciding', async () => {
    await add('203.0.113.9');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    expect((await callFrom('203.0.113.9', user)).code).toBe(0);
    expect((await service.run('v-check-access-key', user.id, user.secret, 'v-list-user')).code).toBe(0);
    expect((await service.run('v-check-access-key', user.id, `${user.secret}x`, 'v-list-user')).code).toBe(9);
    await expectOut('203.0.113.10');
  });

  it("is left at the machine's own command line only, not over HTTP", async () => {
    await add('203.0.113.9');
    await service.ok('v-change-sys-config-value', 'DEMO_MODE', 'yes');
    const leave = ['DEMO_MODE', 'no'];
    const answer = await service.call(root, 'v-change-sys-config-value', leave, {
      from: proxy,
      forwardedFor: '203.0.113.9',
    });
    expect(answer.code).toBe(1);
    expect((await service.run('v-delete-user', 'alice')).code).toBe(1);
    await service.ok('v-change-sys-config-value', ...leave);
    await service.ok('v-change-access-key', user.id, 'COMMENT', 'Writable again');
  });
});
