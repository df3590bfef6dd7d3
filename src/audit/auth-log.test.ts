import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAuthLogLine } from './auth-log.js';

const timeMs = new Date(2026, 0, 2, 3, 4, 5).getTime();
const who = 'InNqgp01kO3v0W22eg6Z';
const clientAddress = '203.0.113.9';

describe('a line of auth.log', () => {
  it('tells of a command that was let through as Hestia does', () => {
    expect(formatAuthLogLine({ who, clientAddress, launched: 'v-list-users' }, timeMs)).toBe(
      `2026-01-02 03:04:05 ${who} 203.0.113.9 v-list-users successfully launched\n`,
    );
  });

  it('tells of a refusal as Hestia does', () => {
    expect(formatAuthLogLine({ who, clientAddress, launched: undefined }, timeMs)).toBe(
      `2026-01-02 03:04:05 ${who} 203.0.113.9 failed to login\n`,
    );
  });

  it('of a legacy key that was right names no command', () => {
    expect(formatAuthLogLine({ who: 'api', clientAddress, launched: '' }, timeMs)).toBe(
      '2026-01-02 03:04:05 api 203.0.113.9 successfully launched\n',
    );
  });

  it('has a word for who, also when nothing was sent', () => {
    expect(formatAuthLogLine({ who: '', clientAddress, launched: undefined }, timeMs)).toContain(
      ' - 203.0.113.9 ',
    );
  });

  it('can not be forged: whatever is sent as an ID or a command stays one word of one line', () => {
    const sent = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'x 198.51.100.1 failed to login\n2026',
        'a\r\nb',
        'a\tb',
        'a\u2028b',
        'a\u0085b',
        '\u001b[2J',
      ),
    );
    fc.assert(
      fc.property(sent, fc.option(sent, { nil: undefined }), (id, launched) => {
        const line = formatAuthLogLine({ who: id, clientAddress, launched }, timeMs);
        expect(line).toMatch(
          /^2026-01-02 03:04:05 [\x21-\x7e]{1,64} 203\.0\.113\.9 (?:failed to login|(?:[\x21-\x7e]{1,64} )?successfully launched)\n$/,
        );
        expect(line.endsWith(' failed to login\n')).toBe(launched === undefined);
      }),
    );
  });
});
