import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Key } from '../support/client.js';
import { TestService } from '../support/test-service.js';

let service: TestService;
let key: Key;

beforeAll(async () => {
  service = await TestService.startOpen(['alice', 'bob']);
  await service.ok('v-add-api', 'lists', 'user', 'v-list-user,v-list-access-keys');
  await service.ok('v-add-api', 'insight', 'user', 'v-explain-access', 'v-explain-access');
  await service.ok('v-add-api', 'insight-admin', 'admin', 'v-explain-access');
  key = await service.makeKey('alice', 'lists');
});

const verdict = async (...args: string[]): Promise<unknown> =>
  (JSON.parse(await service.ok('v-explain-access', ...args, '--format', 'json')) as { VERDICT: unknown })
    .VERDICT;

describe('v-explain-access', () => {
  it('prints each step and the verdict, in three formats', async () => {
    const args = [key.id, 'v-list-user', '127.0.0.1', 'alice'];
    const shell = await service.ok('v-explain-access', ...args);
    expect(shell).toMatch(/^STEP +RESULT +WHY +FROM\n/);
    expect(shell).toContain('\nVERDICT: allowed\n');
    expect(shell).toMatch(/permission +ok +lists lists v-list-user +\S+\/lists\n/);
    const plain = await service.ok('v-explain-access', ...args, '--format', 'plain');
    expect(plain.trimEnd().split('\n').at(-1)?.split('\t').slice(0, 2)).toEqual(['verdict', 'allow']);
    expect(await verdict(...args)).toBe('allow');
    expect((await service.run('v-explain-access', ...args, '--format', 'xml')).code).toBe(2);
  });

  it('a denial is over once the commands were run that it names', async () => {
    const args = [key.id, 'v-list-users', '192.0.2.7'];
    await service.ok('v-suspend-access-key', key.id);
    await service.ok('v-suspend-user', 'alice');
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '1');
    await service.ok('v-add-api', 'users', 'user', 'v-list-users', 'v-list-users');
    const shell = await service.ok('v-explain-access', ...args);
    expect(shell).toContain('VERDICT: denied, address_not_allowed (code 10)\n');
    const remedies = [...shell.matchAll(/^would allow: (v-.*)$/gm)].map(([, line = '']) => line.split(' '));
    expect(remedies.map(([name]) => name)).toEqual([
      'v-add-sys-api-ip',
      'v-unsuspend-access-key',
      'v-change-access-key',
      'v-unsuspend-user',
      'v-change-sys-config-value',
    ]);
    for (const [name = '', ...rest] of remedies.slice(0, 5)) await service.ok(name, ...rest);
    expect(await verdict(...args)).toBe('allow');
  });

  it('explains a key that does not exist, and refuses what is no key and no address', async () => {
    const gone = 'A'.repeat(20);
    expect(await service.ok('v-explain-access', gone, 'v-list-user')).toContain(
      'denied, key_unknown (code 9)',
    );
    expect((await service.run('v-explain-access', 'A;', 'v-list-user')).code).toBe(2);
    expect((await service.run('v-explain-access', gone, 'v-list-user', '1.2.3')).code).toBe(2);
  });

  it('tells nothing to a key that may not do everything, even where a role lists it in SAFE', async () => {
    const everything = await service.makeKey('admin', '');
    const asked = [key.id, 'v-list-user', '127.0.0.1', 'alice'];
    for (const [user, permissions] of [
      ['bob', 'insight'],
      ['admin', 'insight-admin'],
    ] as const) {
      const answer = await service.call(await service.makeKey(user, permissions), 'v-explain-access', asked);
      expect(answer.code).toBe(10);
      expect(answer.body).not.toMatch(/alice|lists|VERDICT/);
    }
    expect((await service.call(everything, 'v-explain-access', asked)).body).toContain('VERDICT: allowed');
  });

  it('records nothing, and neither does it use the key', async () => {
    const since = await service.events();
    await service.ok('v-explain-access', key.id, 'v-list-user', '198.51.100.9', 'alice');
    expect(await service.events()).toEqual(since);
    expect(await service.ok('v-list-access-key', key.id, 'json')).not.toContain('198.51.100.9');
  });

  it('keeps the arguments of the explained command out of the record', async () => {
    const everything = await service.makeKey('admin', '');
    await service.call(everything, 'v-explain-access', [
      key.id,
      'v-list-user',
      '',
      'hunter2-secret',
      'hunter3',
    ]);
    expect(JSON.stringify(await service.events())).not.toMatch(/hunter/);
  });
});
