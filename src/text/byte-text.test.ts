import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOfText, loneSurrogatePattern, textOfBytes } from './byte-text.js';

describe('bytes as a text', () => {
  it('are those bytes again, whatever they are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      // The bytes at the limits of UTF-8, which random ones seldom meet.
      fc
        .array(
          fc.constantFrom(
            ...[0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x8f, 0x90],
          ),
        )
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (sent) => {
        expect(bytesOfText(textOfBytes(Buffer.from(sent)))).toEqual(Buffer.from(sent));
      }),
      { numRuns: 500 },
    );
  });

  it('are the text itself where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textOfBytes(Buffer.from(text))).toBe(text);
        expect(loneSurrogatePattern.test(text)).toBe(false);
      }),
    );
  });

  it('are two texts where they are two', () => {
    expect(textOfBytes(Buffer.from('p\xe4ss', 'latin1'))).toBe('p\udce4ss');
    expect(textOfBytes(Buffer.from('p\xf6ss', 'latin1'))).toBe('p\udcf6ss');
    expect(textOfBytes(Buffer.from('ed9fbfeda080f48fbfbff4908080', 'hex'))).toBe(
      '\ud7ff\udced\udca0\udc80\u{10ffff}\udcf4\udc90\udc80\udc80',
    );
  });

  it('do not come of a surrogate that stands for no byte', () => {
    for (const text of ['\ud800', 'a\udfff', '\udc7f\udce4', '\udd00'])
      expect(bytesOfText(text)).toBeUndefined();
  });
});
