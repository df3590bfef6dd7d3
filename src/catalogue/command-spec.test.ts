import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeCommand, maskArguments } from './command-spec.js';

const userPositions = (options: string): readonly number[] =>
  describeCommand('v-x', '', options).userPositions;

describe('the places of USER', () => {
  it.each([
    ['USER', [1]],
    ['USER DOMAIN', [1]],
    ['DOMAIN USER', [2]],
    ['[USER]', [1]],
    ['TYPE HOST [USER] [PATH]', [3]],
    ['USER DOMAIN USER', [1, 3]],
    ['  USER\tDOMAIN ', [1]],
    ['user', [1]],
    ['', []],
    ['DBUSER USERNAME FTP_USER AUTH_USER [DNS_USER] USERS', []],
  ])('in %p are %p', (options, places) => {
    expect(userPositions(options)).toEqual(places);
  });
});

it('a USER who only receives something is no place of USER', () => {
  expect(describeCommand('v-change-domain-owner', '', 'DOMAIN USER').userPositions).toEqual([]);
  expect(describeCommand('v-change-database-owner', '', 'DATABASE USER').userPositions).toEqual([]);
});

describe('a command that only looks', () => {
  it.each([
    'v-list-users',
    'v-check-access-key',
    'v-get-user-value',
    'v-search-object',
    'v-explain-access',
    'v-verify-audit',
  ])('is %s', (name) => {
    expect(describeCommand(name, '', '').onlyReads).toBe(true);
  });

  it.each([
    'v-add-user',
    'v-delete-user',
    'v-change-sys-api',
    'v-listen',
    'v-restart-web',
    'v-x-list-users',
    'list-users',
  ])('is not %s', (name) => {
    expect(describeCommand(name, '', '').onlyReads).toBe(false);
  });
});

describe('the arguments in a log', () => {
  it.each([
    ['USER PASSWORD EMAIL', ['alice', 'hunter2', 'a@example.com'], ['alice', '***', 'a@example.com']],
    ['USER DATABASE DBUSER DBPASS', ['alice', 'db', 'dbu', 'hunter2'], ['alice', 'db', 'dbu', '***']],
    ['USER DOMAIN FTP_USER FTP_PASSWORD', ['alice', 'd', 'f', 'hunter2'], ['alice', 'd', 'f', '***']],
    ['SECRET [FORMAT]', ['hunter2', 'xK3mZ9pQ2LwR'], ['***', '***']],
    ['SECRET [FORMAT]', ['hunter2', 'json'], ['***', 'json']],
    ['ACCESS_KEY_ID SECRET_ACCESS_KEY COMMAND', ['id', 'hunter2', 'v-a'], ['id', '***', 'v-a']],
    ['USER TOKEN', ['alice', 'hunter2'], ['alice', '***']],
    ['USER HASH', ['alice', 'hunter2'], ['alice', '***']],
    ['USER [PASSWORD]', ['alice', ''], ['alice', '']],
    ['USER', ['alice', 'hunter2', 'more'], ['alice', '***', '***']],
    ['KEY VALUE', ['SERVER_SMTP_PASSWD', 'hunter2'], ['SERVER_SMTP_PASSWD', '***']],
    ['USER [KEY] [VALUE]', ['alice', 'TOKEN', 'hunter2'], ['alice', 'TOKEN', '***']],
    ['USER KEY', ['alice', 'hunter2'], ['alice', '***']],
    ['USER CMD [ARG...]', ['alice', 'wp', 'hunter2', 'more'], ['alice', 'wp', '***', '***']],
  ])('of %p: what may be secret, and what no option names, is masked', (options, args, masked) => {
    expect(maskArguments(describeCommand('v-x', '', options), args)).toEqual(masked);
  });

  it.each([
    [
      ['alice', undefined, 'info', 'hunter2'],
      ['alice', 'info', '***'],
    ],
    [
      ['alice', 'example.com', undefined, 'info', 'hunter2'],
      ['alice', 'example.com', '***', '***'],
    ],
    [[undefined, undefined, undefined, 'hunter2'], ['***']],
    [
      ['alice', undefined, undefined, undefined, undefined, 'hunter2'],
      ['alice', '***'],
    ],
  ])(
    'with places left out, %j, are masked by where they were sent and by where they end up',
    (args, masked) => {
      const spec = describeCommand('v-add-mail-account', '', 'USER DOMAIN ACCOUNT PASSWORD [QUOTA]');
      expect(maskArguments(spec, args)).toEqual(masked);
    },
  );

  it('are masked where the adapter says so, by the place that it sent them at', () => {
    const spec = describeCommand('v-x', '', 'USER DOMAIN ALIAS');
    expect(maskArguments(spec, ['alice', undefined, 'hunter2'], [3])).toEqual(['alice', '***']);
  });

  it('of an unknown command are all masked', () => {
    expect(maskArguments(undefined, ['a', '', 'b'])).toEqual(['***', '', '***']);
  });

  it('are cut when they are long', () => {
    const [shown = ''] = maskArguments(describeCommand('v-x', '', 'DOMAIN'), ['x'.repeat(5000)]);
    expect(shown).toHaveLength(101);
  });

  it('never hold what stands where a password is expected, whatever stands round it', () => {
    const word = fc.constantFrom('USER', 'DOMAIN', '[FORMAT]', 'PASSWORD', '[DBPASS]', 'SECRET_ACCESS_KEY');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.nat(8), (words, count) => {
        const args = Array.from({ length: count }, (_, index) => `secret${String(index)}`);
        const shown = maskArguments(describeCommand('v-x', '', words.join(' ')), args);
        expect(shown).toHaveLength(count);
        shown.forEach((text, index) => {
          const isOpen = ['USER', 'DOMAIN', '[FORMAT]'].includes(words[index] ?? '');
          expect(text).toBe(isOpen ? args[index] : '***');
        });
      }),
    );
  });
});
