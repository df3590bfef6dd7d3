import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfError, creationTimeMs, parseConf, parseSettings, readSuspension, yesOrNo } from './conf-file.js';

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/);
const value = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\p{Cc}']/gu, ''));
const settings = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 10 })
  .map((entries) => new Map(entries));

function format(values: ReadonlyMap<string, string>): string {
  return [...values].map(([key, text]) => `${key}='${text}'\n`).join('');
}

function parsed(text: string): Map<string, string> | undefined {
  try {
    return parseConf(text);
  } catch (error) {
    if (error instanceof ConfError) return undefined;
    throw error;
  }
}

describe('a settings file of Hestia', () => {
  it('is read as it was written, whatever the values are', () => {
    fc.assert(
      fc.property(settings, (values) => {
        expect(parseConf(format(values))).toEqual(values);
      }),
    );
  });

  it('is understood or refused, whatever it holds, and what was understood is read as such again', () => {
    const pieces = fc.constantFrom(
      ...["A='b'", "USER='admin'", 'USER admin', "'", '"', '\n', '\r', '\uFEFF', '=', ' ', '\0', '#', 'x'],
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          const values = parsed(text);
          if (values === undefined) return;
          for (const key of values.keys()) expect(text).toMatch(new RegExp(`${key}[ ]*=`));
          const quoted = [...values].filter(([, read]) => !read.includes("'"));
          expect(parseConf(format(new Map(quoted)))).toEqual(new Map(quoted));
        },
      ),
    );
  });

  it('never has another USER or PERMISSIONS because of what somebody wrote into a comment', () => {
    const hostile = fc
      .array(
        fc.oneof(fc.string(), fc.constantFrom("'", '\n', "USER='admin'", "PERMISSIONS=''", 'USER admin')),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, (comment) => {
        const values = parsed(`USER='alice'\nPERMISSIONS='mail'\nCOMMENT='${comment}'\nTIME='01:02:03'\n`);
        if (values === undefined) return;
        expect([values.get('USER'), values.get('PERMISSIONS')]).toEqual(['alice', 'mail']);
      }),
    );
  });

  it.each([
    ["A='b'\nUSER alice\n", 'line 2: expected'],
    ["A='b'\nA='c'\n", 'line 2: A stands there twice'],
    ["A='it''s'\n", 'line 1: expected'],
    ["A='it's # x'\n", 'line 1: expected'],
    ["A='b'c\n", 'line 1: expected'],
    ["A='b\u0000'\n", 'line 1: expected'],
    ["A='b\rUSER=c'\n", 'line 1: expected'],
    ["A='open\n", 'line 1: expected'],
    ['A="open\n', 'line 1: expected'],
    ['A=$(id)\n', 'line 1: expected'],
    ['A=`id`\n', 'line 1: expected'],
    ['A=b;c\n', 'line 1: expected'],
    ['A=b"c"\n', 'line 1: expected'],
    ["export A='b'\n", 'line 1: expected'],
    ["='b'\n", 'line 1: expected'],
  ])('is refused with the line that is not in order: %j', (text, message) => {
    expect(() => parseConf(text)).toThrow(ConfError);
    expect(() => parseConf(text)).toThrow(message);
  });

  it('is refused without repeating what stands there', () => {
    expect(() => parseConf('SECRET_ACCESS_KEY=s3cret\n')).not.toThrow(/s3cret/);
  });

  it('may have blank lines and comments, and tabs in values', () => {
    expect(parseConf("# head\n\nA='b\tc'\n  \n\t# tail\n")).toEqual(new Map([['A', 'b\tc']]));
  });

  it('may name the same thing twice, if it says the same or does not count', () => {
    expect(parseConf('A=\'b\'\nA="b"\n')).toEqual(new Map([['A', 'b']]));
    expect(parseConf("A='b'\nX='1'\nX='2'\n", new Set(['A']))).toEqual(
      new Map([
        ['A', 'b'],
        ['X', '2'],
      ]),
    );
  });

  it('keeps a # that no blank stands before, and one in quotes', () => {
    expect(parseConf('A=b#c\nB=\'x # y\'\nC="#"\nD= # none\n')).toEqual(
      new Map([
        ['A', 'b#c'],
        ['B', 'x # y'],
        ['C', '#'],
        ['D', ''],
      ]),
    );
  });

  it('of which only some names count may have any value behind others, but no line that names nothing', () => {
    const text = "API='yes'\nWELCOME='it's'\nCODE=$(id)\nAPI=yes\nX='1'\nX='2'\n";
    expect(parseSettings(text, new Set(['API']))).toEqual(new Map([['API', 'yes']]));
    expect(() => parseSettings(text, new Set(['X']))).toThrow('line 6: X stands there twice');
    expect(() => parseSettings(text, new Set(['CODE']))).toThrow('line 3: expected');
    expect(() => parseSettings('nonsense\n', new Set(['API']))).toThrow('line 1: expected');
  });

  it('of many blanks and quotes takes no time that grows with their square', () => {
    const blanks = ' '.repeat(200_000);
    expect(parseConf(`A=${blanks}b${blanks}c${blanks}\n`).get('A')).toBe(`b${blanks}c`);
    expect(parsed(`A='${blanks}'${blanks}x`)).toBeUndefined();
  });
});

describe('a setting with ornaments', () => {
  const blanks = fc.constantFrom('', ' ', '\t', '  \t ');
  const comment = fc.constantFrom('', ' # x', "\t#SECRET='y'", ' #', ' # "');
  const plainValue = fc.stringMatching(/^[A-Za-z0-9_.,:@%^~+/-]{1,20}$/);
  const ornament = fc.record({
    ...{ before: blanks, left: blanks, right: blanks, after: blanks, comment },
    quote: fc.constantFrom("'", '"', ''),
  });
  const line = fc.tuple(name, plainValue, ornament);

  it('reads the same in every combination of quotes, blanks, comments, line ends and a byte order mark', () => {
    const file = fc.uniqueArray(line, { selector: ([key]) => key, maxLength: 8 });
    const lineEnd = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(file, lineEnd, fc.boolean(), fc.boolean(), (lines, end, hasMark, hasEnd) => {
        const texts = lines.map(
          ([key, text, { before, left, right, after, comment: behind, quote }]) =>
            `${before}${key}${left}=${right}${quote}${text}${quote}${behind}${after}`,
        );
        const text = `${hasMark ? '\uFEFF' : ''}# head${end}${end}${texts.join(end)}${hasEnd ? end : ''}`;
        expect(parseConf(text)).toEqual(new Map(lines.map(([key, plain]) => [key, plain])));
      }),
    );
  });

  it('says the same of a suspension in every combination', () => {
    fc.assert(
      fc.property(ornament, fc.constantFrom('yes', 'no', 'maybe', ''), (given, word) => {
        const { before, left, right, after, quote } = given;
        const text = `NAME='x'\n${before}SUSPENDED${left}=${right}${quote}${word}${quote}${given.comment}${after}`;
        const expected = word === 'yes' || word === 'no' ? word : 'unclear';
        expect(readSuspension(text)).toBe(expected);
        expect(readSuspension(`\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`)).toBe(expected);
        expect(readSuspension(`${text}\nSUSPENDED='yes'`)).toBe('yes');
        expect(readSuspension(`SUSPENDED=yes\n${text}`)).toBe('yes');
      }),
    );
  });

  it.each([
    ['', 'unclear'],
    ["WEB_SUSPENDED='yes'\nSUSPENDED='no'", 'yes'],
    ["# SUSPENDED='yes'\nSUSPENDED='no'", 'yes'],
    ["SUSPENDED='no'\nSUSPENDED='maybe'", 'unclear'],
    ["SUSPENDED='no'\nSUSPENDED='no", 'unclear'],
    ["SUSPENDED='no'\nSUSPENDED=no", 'no'],
    ["SUSPENDED_WEB='no'", 'unclear'],
    ["NAME='O'Brien'\nSUSPENDED='no'", 'no'],
    ["SUSPENDED='NO'", 'unclear'],
  ])('as in Hestia, SUSPENDED=yes anywhere counts, and only a clear no is a no: %j', (text, says) => {
    expect(readSuspension(text)).toBe(says);
  });
});

describe('values', () => {
  it('yes and no are the only ones where they are asked for; no line is no', () => {
    expect(yesOrNo(new Map([['X', 'yes']]), 'X')).toBe(true);
    expect(yesOrNo(new Map([['X', 'no']]), 'X')).toBe(false);
    expect(yesOrNo(new Map(), 'X')).toBe(false);
    for (const text of ['', 'YES', '1', 'true'])
      expect(() => yesOrNo(new Map([['X', text]]), 'X')).toThrow(ConfError);
  });

  it('DATE and TIME are a moment in the zone of the machine, or none', () => {
    const at = (DATE: string, TIME?: string) =>
      creationTimeMs(new Map(Object.entries({ DATE, ...(TIME === undefined ? {} : { TIME }) })));
    expect(at('2026-01-02', '03:04:05')).toBe(new Date(2026, 0, 2, 3, 4, 5).getTime());
    expect(at('2026-01-02')).toBe(new Date(2026, 0, 2).getTime());
    for (const [date, time] of [
      ['2026-02-31', '00:00:00'],
      ['2026-01-02', '24:00:00'],
      ['x', '00:00:00'],
      ['', ''],
    ]) {
      expect(at(date ?? '', time)).toBeUndefined();
    }
  });
});
