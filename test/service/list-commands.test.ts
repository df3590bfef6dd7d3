import { beforeAll, describe, expect, it } from '@jest/globals';
import { commandsDirectory } from '../support/folders.js';
import { TestService } from '../support/test-service.js';
import { cpuMs } from '../support/waiting.js';

const scripts = {
  'v-add-zebra': { options: 'USER STRIPES [COLOUR]', script: 'exit 0' },
  'v-list-zebras': { script: 'exit 0' },
};
let service: TestService;

beforeAll(async () => {
  service = await TestService.startOpen(['alice'], { COMMANDS_DIR: commandsDirectory(scripts) });
});

async function names(pattern: string): Promise<string[]> {
  const output = await service.ok('v-list-commands', pattern, 'plain');
  return output.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

describe('v-list-commands', () => {
  it('shows names, what they do and their options below each other', async () => {
    expect(await service.ok('v-list-commands', 'zebra')).toBe(
      [
        'HESTIA COMMAND  DESCRIPTION                 OPTIONS',
        '--------------  -----------                 -------',
        'v-add-zebra     v-add-zebra of the tests    USER STRIPES [COLOUR]',
        'v-list-zebras   v-list-zebras of the tests',
        '',
      ].join('\n'),
    );
  });

  it('shows the same as JSON and between tabs', async () => {
    expect(JSON.parse(await service.ok('v-list-commands', 'zebra', 'json'))).toEqual({
      'v-add-zebra': { DESCRIPTION: 'v-add-zebra of the tests', OPTIONS: 'USER STRIPES [COLOUR]' },
      'v-list-zebras': { DESCRIPTION: 'v-list-zebras of the tests', OPTIONS: '' },
    });
    expect(await service.ok('v-list-commands', 'zebra', 'plain')).toBe(
      'v-add-zebra\tv-add-zebra of the tests\tUSER STRIPES [COLOUR]\n' +
        'v-list-zebras\tv-list-zebras of the tests\t\n',
    );
    expect(await service.ok('v-list-commands', 'zebra', '')).toBe(
      await service.ok('v-list-commands', 'zebra'),
    );
  });

  it("knows the built-in commands, those of the commands directory and the panel's, in order, each once", async () => {
    const all = await names('');
    expect(all).toEqual(expect.arrayContaining(['v-add-access-key', 'v-add-zebra', 'v-add-web-domain']));
    expect(all).toEqual([...new Set(all)].sort());
    expect(all.length).toBeGreaterThan(500);
  });

  it('tells of a command what the one that would run says', async () => {
    const own = JSON.parse(await service.ok('v-list-commands', 'v-add-access-key', 'json')) as object;
    expect(own).toMatchObject({ 'v-add-access-key': { OPTIONS: 'USER [PERMISSIONS] [COMMENT] [FORMAT]' } });
  });

  it.each<[string, RegExp]>([
    ['v-change-mail', /^v-change-mail/],
    ['web-domain-ssl', /web-domain-ssl/],
    ['v-.*web', /^v-.*web/],
    ['.*mail', /mail/],
    ['v-*-user', /^v-.*-user/],
    ['v-list*zebra', /^v-list.*zebra/],
    ['dns*record', /dns.*record/],
  ])('%s matches what a person means by it, and nothing else', async (pattern, meant) => {
    const all = await names('');
    const expected = all.filter((name) => meant.test(name));
    expect(expected.length).toBeGreaterThan(0);
    expect(await names(pattern)).toEqual(expected);
  });

  it.each<[string, RegExp]>([
    ['^v-add-user', /^v-add-user/],
    ['v-add-user$', /v-add-user$/],
    ['^v-add-user$', /^v-add-user$/],
    ['^user', /^user/],
    ['^v-*-user$', /^v-.*-user$/],
    ['^.*-user-.*e$', /-user-.*e$/],
    ['user$', /user$/],
    ['^v-user-v$', /^v-user-v$/],
  ])('%s holds the pattern to the ends of the name', async (pattern, meant) => {
    const all = await names('');
    expect(await names(pattern)).toEqual(all.filter((name) => meant.test(name)));
  });

  it('prints only the head, or an empty object, where nothing matches', async () => {
    expect(await service.ok('v-list-commands', 'no-such-thing')).toBe(
      'HESTIA COMMAND  DESCRIPTION  OPTIONS\n--------------  -----------  -------\n',
    );
    expect(await service.ok('v-list-commands', 'no-such-thing', 'json')).toBe('{}\n');
    expect(await service.ok('v-list-commands', 'no-such-thing', 'plain')).toBe('');
  });

  it.each([
    ['(a+)+$'],
    ['a^b'],
    ['a$b'],
    ['[a-z]'],
    ['a|b'],
    ['v-list;id'],
    ['a b'],
    ['../x'],
    ['x'.repeat(101)],
  ])('refuses %s as a pattern with 2', async (pattern) => {
    expect((await service.run('v-list-commands', pattern)).code).toBe(2);
  });

  it('refuses another format with 2', async () => {
    expect((await service.run('v-list-commands', 'zebra', 'xml')).code).toBe(2);
  });

  it('takes no longer for the worst of patterns', async () => {
    const spentMs = await cpuMs(async () => {
      await service.run('v-list-commands', '*'.repeat(100));
      await service.run('v-list-commands', 'v*'.repeat(50));
    });
    expect(spentMs).toBeLessThan(10_000);
  });

  it('is for the keys that may run it: the unlimited ones of the root user, and those whose API is safe with it', async () => {
    const root = await service.makeKey('admin', '');
    expect((await service.call(root, 'v-list-commands', ['zebra', 'json'])).code).toBe(0);
    const billing = await service.makeKey('admin', 'billing');
    expect((await service.call(billing, 'v-list-commands', ['zebra'])).code).toBe(10);
    await service.ok('v-add-api', 'lists', 'user', 'v-list-commands', 'v-list-commands');
    const alice = await service.makeKey('alice', 'lists');
    expect((await service.call(alice, 'v-list-commands', ['zebra', 'plain'])).code).toBe(0);
  });
});
