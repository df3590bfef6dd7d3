/**
 * Addresses and switches: changed by who may do everything, or whose API lists the command in SAFE. Nobody shuts out
 * his own address, or switches off the API that he is using, from afar; the local command line may.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpAnswer, Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

const commands =
  'v-add-sys-api-ip,v-delete-sys-api-ip,v-change-sys-api,v-change-sys-config-value,v-list-sys-config';
const password = 'root-password-1';
let service: TestService;
let root: Key;

beforeEach(async () => {
  service = await TestService.startOpen(['alice'], {});
  await service.ok('v-add-sys-api-ip', '198.51.100.7');
  await service.ok('v-change-sys-config-value', 'API', 'yes');
  await service.ok('v-change-user-password', 'admin', password);
  root = await service.makeKey('admin', '');
});

const settings = (): Promise<string> => service.ok('v-list-sys-config', 'json');
const legacy = (cmd: string, args: string[]): Promise<HttpAnswer> =>
  service.api({
    ...{ user: 'admin', password, returncode: 'yes', cmd },
    ...Object.fromEntries(args.map((arg, index) => [`arg${String(index + 1)}`, arg])),
  });

const shutsOutKeys: [string, string[]][] = [
  ['v-delete-sys-api-ip', ['127.0.0.0/8']],
  ['v-delete-sys-api-ip', ['127.99.0.1/8']],
  ['v-change-sys-config-value', ['API_ALLOWED_IP', '']],
  ['v-change-sys-config-value', ['API_ALLOWED_IP', '198.51.100.7,127.0.0.2']],
  ['v-change-sys-config-value', ['API_SYSTEM', '0']],
  ['v-change-sys-api', ['disable', 'api']],
  ['v-change-sys-api', ['disable']],
  ['v-change-sys-api', ['remove']],
];

describe('who may do everything', () => {
  it.each(shutsOutKeys.slice(0, 4))("with a key doesn't shut himself out by %s %j", async (cmd, args) => {
    const before = await settings();
    expect(await service.call(root, cmd, args)).toMatchObject({
      code: 10,
      body: expect.stringContaining('the local command line may do so') as unknown,
    });
    expect(await settings()).toBe(before);
  });

  it.each<[string, string[]]>([...shutsOutKeys.slice(0, 4)])(
    "with the root user's password doesn't shut himself out by %s %j",
    async (cmd, args) => {
      const before = await settings();
      expect((await legacy(cmd, args)).body).toBe('10');
      expect(await settings()).toBe(before);
    },
  );

  it.each(shutsOutKeys.slice(4))(
    'switches the API off on purpose, as at a Hestia server: %s %j',
    async (cmd, args) => {
      expect((await service.call(root, cmd, args)).code).toBe(0);
      expect(await settings()).toContain('"API_SYSTEM": "0"');
    },
  );

  it('changes what leaves him in', async () => {
    const done: [string, string[]][] = [
      ['v-delete-sys-api-ip', ['198.51.100.7']],
      ['v-change-sys-config-value', ['API_ALLOWED_IP', '127.0.0.1']],
      ['v-add-sys-api-ip', ['127.0.0.0/8']],
      ['v-delete-sys-api-ip', ['127.0.0.1']],
      ['v-change-sys-config-value', ['API', 'no']],
      ['v-change-sys-config-value', ['API_SYSTEM', '1']],
    ];
    for (const [cmd, args] of done) expect((await service.call(root, cmd, args)).code).toBe(0);
    await service.ok('v-change-sys-config-value', 'API', 'yes');
    expect((await legacy('v-change-sys-config-value', ['API_SYSTEM', '0'])).body).toBe('0');
  });

  it('does anything at the local command line', async () => {
    await service.ok('v-delete-sys-api-ip', '127.0.0.0/8');
    expect((await service.call(root, 'v-list-apis')).code).toBe(10);
    await service.ok('v-change-sys-api', 'disable');
    expect(await settings()).toContain('"API_SYSTEM": "0"');
  });
});

describe('a restricted key', () => {
  it('of the root user may not, unless its API lists the command in SAFE; and never shuts itself out', async () => {
    await service.ok('v-add-api', 'switching', 'admin', commands);
    await service.ok('v-add-api', 'trusted', 'admin', commands, commands);
    const plain = await service.makeKey('admin', 'switching');
    const trusted = await service.makeKey('admin', 'trusted');
    for (const [cmd, args] of [
      ['v-add-sys-api-ip', ['203.0.113.9']],
      ['v-delete-sys-api-ip', ['203.0.113.9']],
      ['v-change-sys-config-value', ['API', 'no']],
      ['v-change-sys-api', ['enable', 'legacy']],
    ] as const) {
      expect((await service.call(plain, cmd, args)).code).toBe(10);
      expect((await service.call(trusted, cmd, args)).code).toBe(0);
    }
    for (const [cmd, args] of shutsOutKeys) expect((await service.call(trusted, cmd, args)).code).toBe(10);
  });

  it('of a user may only by SAFE, and does not switch off the keys of users', async () => {
    await service.ok('v-add-api', 'switching', 'user', commands);
    await service.ok('v-add-api', 'trusted', 'user', commands, commands);
    const plain = await service.makeKey('alice', 'switching');
    const trusted = await service.makeKey('alice', 'trusted');
    expect((await service.call(plain, 'v-delete-sys-api-ip', ['198.51.100.7'])).code).toBe(10);
    expect((await service.call(trusted, 'v-delete-sys-api-ip', ['198.51.100.7'])).code).toBe(0);
    expect((await service.call(trusted, 'v-change-sys-config-value', ['API_SYSTEM', '1'])).code).toBe(10);
  });
});
