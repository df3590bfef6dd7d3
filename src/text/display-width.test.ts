import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayWidth, fittingStart, padToWidth } from './display-width.js';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['alice', 5],
    ['Müller & Söhne', 14],
    ['日本語', 6],
    ['한국어', 6],
    ['ｆｕｌｌ', 8],
    ['🚀', 2],
    ['e\u0301', 1],
    ['ไทย', 3],
    ['…→', 2],
    ['𠮷', 2],
  ])('(%s) is %d cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
    expect(displayWidth(padToWidth(text, 20))).toBe(20);
  });

  it('of a start is never more than wanted, and the start is as long as can be', () => {
    const characters = fc.constantFrom('a', 'é', '日', '🚀', '\u0301');
    fc.assert(
      fc.property(
        fc.string({ unit: characters, minLength: 1 }),
        fc.integer({ min: 2, max: 30 }),
        (text, width) => {
          const start = fittingStart(text, width);
          expect(text.startsWith(start)).toBe(true);
          expect(displayWidth(start)).toBeLessThanOrEqual(width);
          const next = [...text.slice(start.length)][0];
          if (next !== undefined) expect(displayWidth(start + next)).toBeGreaterThan(width);
        },
      ),
    );
  });

  it('a start has at least one character, also where it does not fit', () => {
    expect(fittingStart('日', 1)).toBe('日');
  });
});
