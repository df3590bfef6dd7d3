import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visible, visibleLines } from './visible-text.js';

const obeyed = [
  ...Array.from({ length: 0x20 }, (_, unit) => unit),
  ...Array.from({ length: 0x21 }, (_, unit) => 0x7f + unit),
  ...[0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x2060, 0xfeff],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0xd800, 0xdfff],
].map((unit) => String.fromCharCode(unit));

/** What was escaped, back again. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/g, (_, two?: string, four?: string) =>
    String.fromCharCode(parseInt(two ?? four ?? '', 16)),
  );

describe('a value that is shown', () => {
  it.each(obeyed)('has no character in it that a terminal obeys: %j', (character) => {
    expect(visible(`a${character}b`)).toMatch(/^a\\(?:x[01][0-9a-f]|u[0-9a-f]{4})b$/);
  });

  it.each([
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['one\ntwo\tthree', 'one\\x0atwo\\x09three'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u009b31m', '\\u009b31m'],
    ['\u{e0041}', '\\udb40\\udc41'],
  ])('%j is %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(['', 'a b', 'Müller & Söhne', '日本', '😀', 'C:\\new', '\\', '\\u12', 'a  b'])(
    '%s stays',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  it('never looks like another one', () => {
    const parts = fc.constantFrom(
      ...['\\', 'x', 'u', '0', '1', 'b', '5', 'c', '\u001b', '\u202e', '\n', 'ä'],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((list) => list.join('')),
    );
    fc.assert(fc.property(texts, (text) => unescaped(visible(text)) === text));
  });
});

describe('a text for a terminal', () => {
  it('keeps its line ends and tabs, and nothing else that a terminal obeys', () => {
    expect(visibleLines('a\tb\r\n\u001b[0m\u009b')).toBe('a\tb\\x0d\n\\x1b[0m\\u009b');
  });

  it('stays the same JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
        const value = [JSON.parse(json) as unknown, text, '\u009b\u202e\u007f\\u202e'];
        expect(JSON.parse(visibleLines(JSON.stringify(value, null, 4)))).toEqual(value);
      }),
    );
  });
});
