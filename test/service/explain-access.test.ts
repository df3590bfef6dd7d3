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

  it('is never allowed as long as an address or an argument is left open that decides', async () => {
    await service.ok('v-add-api', 'open', 'user', 'v-list-user,v-delete-user');
    const bound = await service.makeKey('alice', 'open');
    await service.ok('v-change-access-key', bound.id, '--allow-ip', '192.0.2.0/24');
    const json = async (...args: string[]): Promise<unknown> => {
      const told = JSON.parse(await service.ok('v-explain-access', ...args, '--format', 'json')) as object;
      return 'DEPENDS_ON' in told && 'VERDICT' in told ? [told.VERDICT, told.DEPENDS_ON] : told;
    };
    expect(await json(bound.id, 'v-list-user')).toEqual(['depends', ['address', 'arguments']]);
    expect(await json(bound.id, 'v-list-user', 'alice')).toEqual(['depends', ['address']]);
    expect(await json(bound.id, 'v-list-user', '--ip', 'any', 'alice')).toEqual(['depends', ['address']]);
    expect(await json(bound.id, 'v-list-user', '192.0.2.7')).toEqual(['depends', ['arguments']]);
    expect(await json(bound.id, 'v-list-user', 'alice', '--ip', '192.0.2.7')).toEqual(['allow', []]);
    expect(await json(bound.id, 'v-list-user', '192.0.2.7', 'alice')).toEqual(['allow', []]);
    expect(await json(bound.id, 'v-list-user', 'bob')).toEqual(['deny', []]);
    const everything = await service.makeKey('admin', '');
    expect(await json(everything.id, 'v-delete-user', '--ip', '127.0.0.1')).toEqual([
      'depends',
      ['arguments'],
    ]);
    expect(await json(everything.id, 'v-delete-user', 'admin', '--ip', '127.0.0.1')).toEqual(['deny', []]);
    expect(await json(everything.id, 'v-list-users', '--ip', '127.0.0.1')).toEqual(['allow', []]);
    const shell = await service.ok('v-explain-access', bound.id, 'v-list-user');
    expect(shell).toContain(
      'VERDICT: depends on the address (--ip) and the arguments of the command: nothing else denies\n',
    );
    expect(shell).toMatch(
      /key addresses +not asked +only from 192.0.2.0\/24, and no address was given: the verdict/,
    );
    expect(shell).toMatch(
      /user named +not asked +argument 1 must be alice, and none was given: the verdict depends/,
    );
  });

  it('at a terminal marks what denies, and fits', async () => {
    const command = 'v-explain-access';
    const { stdout } = await service.ask({ command, args: [key.id, 'v-delete-user', 'bob'], columns: 80 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('> '))).toEqual([
      expect.stringMatching(/^> permission +denied /),
      expect.stringMatching(/^> user named +denied /),
    ]);
    for (const line of lines)
      if (!line.startsWith('would allow: ')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('explains a key that does not exist, and refuses what is no key and no address', async () => {
    const gone = 'A'.repeat(20);
    expect(await service.ok('v-explain-access', gone, 'v-list-user')).toContain(
      'denied, key_unknown (code 9)',
    );
    expect((await service.run('v-explain-access', 'A;', 'v-list-user')).code).toBe(2);
    for (const typo of [['1.2.3'], ['203.0.113.9.'], ['--ip', 'here']]) {
      const { code, stdout } = await service.run('v-explain-access', gone, 'v-list-user', ...typo);
      expect([code, stdout]).toEqual([2, expect.stringContaining('--ip ADDRESS, or --ip any\n')]);
    }
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
