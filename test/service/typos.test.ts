/** What was mistyped is no success: where clients of Hestia need a 0, standard error says it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { TestService } from '../support/test-service.js';

let service: TestService;

beforeAll(async () => {
  service = await TestService.startOpen(['alice']);
});

const told = (name: string, ...args: string[]) => service.told(name, ...args);

describe('a user that does not exist', () => {
  it('is said where Hestia answers 0', async () => {
    const listed = await told('v-list-access-keys', 'alcie');
    expect(listed).toMatchObject({
      code: 0,
      stderr: 'Warning: there is no user alcie; did you mean alice?\n',
    });
    const format = await told('v-list-access-keys', 'json');
    expect(format).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("a FORMAT comes second: '' json"),
    });
    expect((await told('v-list-access-keys', 'alice', 'json')).stderr).toBe('');
    expect((await told('v-list-access-keys', '', 'json')).stderr).toBe('');
  });

  it.each(['v-list-sessions', 'v-list-passkeys', 'v-delete-sessions', 'v-delete-access-keys'])(
    'is refused by %s with 3',
    async (name) => {
      expect(await told(name, 'nobody')).toMatchObject({
        code: 3,
        stdout: "Error: user nobody doesn't exist\n",
      });
      expect(await told(name, 'alice')).toMatchObject({ code: 0 });
    },
  );

  it('is told from one who has nothing, and from one whose keys are deleted', async () => {
    await service.addUser('bob');
    expect(await told('v-list-access-keys', 'bob')).toMatchObject({ code: 0, stderr: '' });
    await service.makeKey('bob', 'mail-accounts');
    const deleted = await told('v-delete-access-keys', 'bob');
    expect(deleted).toMatchObject({ code: 0, stderr: '1 access keys of bob are deleted.\n' });
  });
});

describe('an address', () => {
  it('that is not in the list is not deleted in silence', async () => {
    const before = await service.ok('v-list-sys-api-ips', 'json');
    expect(await told('v-delete-sys-api-ip', '203.0.113.77')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Warning: 203.0.113.77 is not in the list, so nothing was deleted'),
    });
    expect(await service.ok('v-list-sys-api-ips', 'json')).toBe(before);
  });

  it('that is added or deleted is said, and so is one that was there', async () => {
    const said = async (name: string) => (await told(name, '203.0.113.78')).stderr;
    expect(await said('v-add-sys-api-ip')).toBe('203.0.113.78 is allowed now.\n');
    expect(await said('v-add-sys-api-ip')).toBe('203.0.113.78 was allowed already.\n');
    expect(await said('v-delete-sys-api-ip')).toBe('203.0.113.78 is not in the list any more.\n');
  });

  it('with host bits is said to be the network that it is taken for', async () => {
    const network = '198.51.100.7/24 is taken for the network 198.51.100.0/24.\n';
    expect((await told('v-add-sys-api-ip', '198.51.100.7/24')).stderr).toContain(network);
    expect((await told('v-delete-sys-api-ip', '198.51.100.7/24')).stderr).toContain(network);
    const made = await told(
      'v-add-access-key',
      'alice',
      'mail-accounts',
      '',
      'plain',
      '--allow-ip',
      '198.51.100.7/24',
    );
    expect(made.stderr).toContain(network);
    expect(made.stdout).toMatch(/^\w{20}:\S{40}\n$/);
  });
});

describe('a role that names a command which nobody knows', () => {
  it('is warned of when it is made and changed, and by doctor until it is corrected', async () => {
    const made = await told('v-add-api', 'typo', 'user', 'v-list-users,v-lst-user');
    expect(made).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'API typo has the role user and 2 commands.\nWarning: there is no command v-lst-user; did you mean v-list-user?\n',
    });
    expect((await service.run('doctor')).stdout).toContain('v-lst-user (v-list-user?)');
    const changed = await told('v-change-api', 'typo', 'user', 'v-frobnicate');
    expect(changed.stderr).toContain('Warning: there is no command v-frobnicate\n');
    await service.ok('v-change-api', 'typo', 'user', 'v-list-user');
    expect((await service.run('doctor', 'json')).stdout).not.toContain('role_command');
    await service.ok('v-delete-api', 'typo');
  });
});

describe('a setting', () => {
  it('that does not exist is refused with the one that was meant', async () => {
    expect(await told('v-change-sys-config-value', 'API_SYSTM', '2')).toMatchObject({
      code: 2,
      stdout: 'Error: there is no sysconfig value API_SYSTM here; did you mean API_SYSTEM?\n',
    });
  });

  it('is printed as it was and as it is', async () => {
    const set = (value: string) => told('v-change-sys-config-value', 'API', value);
    expect(await set('yes')).toMatchObject({ code: 0, stdout: '', stderr: 'API is yes (was no).\n' });
    expect((await set('yes')).stderr).toBe('API was yes already.\n');
    await set('no');
  });
});

describe('v-change-sys-api', () => {
  it('says what disable has emptied, and enable offers it back', async () => {
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.0/8,203.0.113.5');
    const refill = 'v-change-sys-config-value API_ALLOWED_IP 127.0.0.0/8,203.0.113.5\n';
    const disabled = await told('v-change-sys-api', 'disable');
    expect(disabled).toMatchObject({ code: 0, stdout: '' });
    expect(disabled.stderr).toContain('The list of allowed addresses was emptied.');
    expect(disabled.stderr).toContain(refill);
    // A second one has nothing to empty, and forgets nothing.
    expect((await told('v-change-sys-api', 'disable')).stderr).not.toContain('emptied');
    const enabled = await told('v-change-sys-api', 'enable', 'api');
    expect(enabled).toMatchObject({ code: 0, stdout: '' });
    expect(enabled.stderr).toContain('Warning: no address is allowed, so nobody is let in');
    expect(enabled.stderr).toContain(refill);
    await service.ok('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.0/8,203.0.113.5');
    expect((await told('v-change-sys-api', 'enable', 'api')).stderr).not.toContain('API_ALLOWED_IP');
  });

  it('says that enable alone has switched nothing on', async () => {
    expect(await told('v-change-sys-api', 'enable')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Warning: nothing was switched on: name legacy, api or all after enable.\n',
    });
  });
});

describe('what a change has done', () => {
  it('is said on standard error, and the output is as it was', async () => {
    const { id } = await service.makeKey('alice', 'mail-accounts');
    const said = async (name: string, ...args: string[]) => {
      const answer = await told(name, ...args);
      expect(answer).toMatchObject({ code: 0, stdout: '' });
      return answer.stderr;
    };
    expect(await said('v-suspend-access-key', id)).toBe(`Access key ${id} is suspended.\n`);
    expect(await said('v-unsuspend-access-key', id)).toBe(`Access key ${id} is not suspended any more.\n`);
    expect(await said('v-delete-access-key', id)).toBe(`Access key ${id} is deleted.\n`);
    expect(await said('v-change-user-package', 'alice', 'gold')).toBe('The package of alice is gold.\n');
    expect(await said('v-suspend-user', 'alice')).toBe('User alice is suspended.\n');
    expect(await said('v-unsuspend-user', 'alice')).toBe('User alice is not suspended any more.\n');
    expect(await said('v-delete-sessions', 'alice')).toBe('0 sessions of alice have ended.\n');
  });
});

it('a comment that Hestia refuses is refused in its words, and standard error says where it is taken', async () => {
  const refused = await told('v-add-access-key', 'alice', 'mail-accounts', 'a/b');
  expect(refused).toEqual({
    code: 2,
    stdout: 'Error: invalid comment format :: a/b\n',
    stderr: 'v-change-access-key ID COMMENT takes any text of one line, up to 200 characters.\n',
  });
  const { id } = await service.makeKey('alice', 'mail-accounts', 'Billing (WHMCS) #1');
  const changed = await told('v-change-access-key', id, 'COMMENT', 'a/b: "x" 🔑', 'json');
  expect(JSON.parse(changed.stdout)).toMatchObject({ COMMENT: 'a/b: "x" 🔑' });
});
