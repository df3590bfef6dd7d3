import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatFields,
  formatPlain,
  formatTable,
  jsonBlock,
  jsonInline,
  jsonList,
  jsonRows,
  parseFormat,
} from './output-formats.js';

describe('FORMAT', () => {
  it.each([
    [undefined, 'shell'],
    ['', 'shell'],
    ['shell', 'shell'],
    ['json', 'json'],
    ['plain', 'plain'],
  ])('%p is %s', (text, format) => {
    expect(parseFormat(text)).toBe(format);
  });

  it.each(['csv', 'JSON', 'xml', ' ', 'json ', 'toString', '__proto__'])('%p is refused with 2', (text) => {
    expect(() => parseFormat(text)).toThrow(expect.objectContaining({ code: 2 }));
  });
});

describe('output for people', () => {
  it('has values below each other', () => {
    expect(
      formatFields(
        [
          ['USER', 'alice'],
          ['ROLE', ''],
        ],
        10,
      ),
    ).toBe('USER:     alice\nROLE:     \n');
  });

  it('has columns as wide as their widest cell, and no blanks at line ends', () => {
    expect(
      formatTable([
        ['ID', 'USER'],
        ['--', '----', '-'],
        ['long-id', 'a', ''],
      ]),
    ).toBe('ID       USER\n--       ----  -\nlong-id  a\n');
    expect(formatTable([])).toBe('');
  });
});

describe('output for programs', () => {
  it('is a line of cells between tabs', () => {
    expect(formatPlain([['a', 'b'], ['c']])).toBe('a\tb\nc\n');
  });

  it('is JSON in the layout that Hestia prints', () => {
    expect(jsonList(['a', 'b'])).toBe('["a", "b"]');
    expect(
      jsonInline([
        ['A', 'x'],
        ['N', 1],
        ['B', ['y']],
      ]),
    ).toBe('{"A": "x", "N": 1, "B": ["y"]}');
    expect(
      jsonBlock([
        ['A', 'x'],
        ['B', []],
      ]),
    ).toBe('{\n    "A": "x",\n    "B": []\n}\n');
    expect(jsonRows([{ key: 'k', fields: [['A', 'x']] }])).toBe('{\n    "k": {"A": "x"}\n}\n');
    expect(jsonRows([])).toBe('{}\n');
  });

  it('is JSON whatever the values are', () => {
    const field = fc.tuple(
      fc.string({ unit: 'binary' }),
      fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())),
    );
    const fields = fc.uniqueArray(field, { selector: ([name]) => name, maxLength: 5 });
    fc.assert(
      fc.property(fields, fc.string({ unit: 'binary' }), (some, key) => {
        fc.pre(!some.some(([name]) => name === '__proto__') && key !== '__proto__');
        const value = Object.fromEntries(some);
        expect(JSON.parse(jsonInline(some))).toEqual(value);
        expect(JSON.parse(jsonBlock(some))).toEqual(value);
        expect(JSON.parse(jsonRows([{ key, fields: some }]))).toEqual({ [key]: value });
      }),
    );
  });
});
