import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskSecrets } from './mask-secrets.js';

describe('a text that repeats a secret', () => {
  it.each([
    ['e', 'Error: expected a better one', 'Error: expected a better one'],
    ['e', 'the letter e is short', 'the letter *** is short'],
    ['rot', 'rot, wrote and rotten: "rot"', '***, wrote and rotten: "***"'],
    ['p@ss!', 'p@ss!word is weak', '***word is weak'],
    ['.', 'a dot. And another .', 'a dot. And another ***'],
    [' ', 'a b', 'a b'],
    ['!!!', 'weak!!!', 'weak***'],
    ['expected', 'it was unexpectedly short', 'it was *** short'],
    ['Tell-Nobody-1', 'xTell-Nobody-12 and Tell-Nobody-1', '*** and ***'],
    ['long "quoted" one', '{"password":"long \\"quoted\\" one"}', '{"password":"***"}'],
    ['Sup3r Secret!', 'password=Sup3r%20Secret!&x', 'password=***&x'],
    ['\ud800-half-of-one', 'is \ud800-half-of-one', 'is ***'],
    ['abcdefgh', 'abcdefghabcdefgh', '***'],
  ])('(%j in %j) masks it, and cuts no word', (secret, text, masked) => {
    expect(maskSecrets(text, [secret])).toBe(masked);
  });

  it('masks each of several, the longer one first', () => {
    expect(maskSecrets('one-two-three one-two', ['one-two', 'one-two-three'])).toBe('*** ***');
  });

  it('never keeps one of eight characters or more', () => {
    const secrets = fc.string({ minLength: 8, maxLength: 20 }).filter((secret) => !/^\s*$|\*/.test(secret));
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        expect(maskSecrets(`${before}${secret}${after}`, [secret])).not.toContain(secret);
      }),
    );
  });

  it('takes a time that grows with the text alone', () => {
    const text = 'abcdefg'.repeat(1_000_000);
    expect(maskSecrets(text, ['gabcdefga', 'x'.repeat(8)])).toBe('***');
    expect(maskSecrets(text, ['ab'])).toBe(text);
  });
});
