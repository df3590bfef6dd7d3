import { describe, expect, it } from '@jest/globals';
import { settingsIn, withSettings } from './env-settings.js';

describe('settings that are added to a file', () => {
  it('stand in a block at its end, and what is there stays as it is', () => {
    const text = withSettings(
      '# mine\nHEARTHKEY_LEASE=5s',
      { HEARTHKEY_LEASE: '5s', HEARTHKEY_A: 'b c#d' },
      'f',
    );
    expect(text.startsWith('# mine\nHEARTHKEY_LEASE=5s\n# Written by hearthkey setup')).toBe(true);
    expect(settingsIn(text, 'f')).toEqual({ HEARTHKEY_LEASE: '5s', HEARTHKEY_A: 'b c#d' });
  });

  it('are not added twice', () => {
    const wanted = { HEARTHKEY_A: "it's", HEARTHKEY_B: '"' };
    const text = withSettings('', wanted, 'f');
    expect(settingsIn(text, 'f')).toEqual(wanted);
    expect(withSettings(text, wanted, 'f')).toBe(text);
    expect(withSettings('', {}, 'f')).toBe('');
  });

  it('are refused where the file has another value, which is not repeated, or can not be read', () => {
    const refused = () => withSettings('HEARTHKEY_A=secret\n', { HEARTHKEY_A: 'b' }, 'f');
    expect(refused).toThrow('f sets HEARTHKEY_A already');
    expect(refused).not.toThrow('secret');
    expect(() => withSettings('nothing\n', {}, 'f')).toThrow('f, line 1');
    expect(() => withSettings('', { HEARTHKEY_A: `'"` }, 'f')).toThrow(/quotes/);
  });
});
