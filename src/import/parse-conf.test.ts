import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfError, creationTimeMs, parseConf, yesOrNo } from './parse-conf.js';

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

  it('is understood or refused, whatever it holds', () => {
    const pieces = fc.constantFrom(
      "A='b'",
      "USER='admin'",
      'USER admin',
      "'",
      '\n',
      '\r',
      '=',
      ' ',
      '\0',
      '#',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          const values = parsed(text);
          if (values === undefined) return;
          const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
          expect(format(values).trimEnd().split('\n').filter(Boolean)).toEqual(lines);
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
    ['USER=alice\n', 'line 1: expected'],
    ["A='b'\nUSER alice\n", 'line 2: expected'],
    ["A='b'\nA='c'\n", 'line 2: A stands there twice'],
    ["A='b' # tail\n", 'line 1: expected'],
    ["A='it''s'\n", 'line 1: expected'],
    ["a='b'\n", 'line 1: expected'],
    [" A='b'\n", 'line 1: expected'],
    ["A='b'\r\n", 'line 1: expected'],
    ["A='b\u0000'\n", 'line 1: expected'],
    ["A='open\n", 'line 1: expected'],
  ])('is refused with the line that is not in order: %j', (text, message) => {
    expect(() => parseConf(text)).toThrow(ConfError);
    expect(() => parseConf(text)).toThrow(message);
  });

  it('is refused without repeating what stands there', () => {
    expect(() => parseConf('SECRET_ACCESS_KEY=s3cret\n')).not.toThrow(/s3cret/);
  });

  it('may have blank lines and comments, and tabs in values', () => {
    expect(parseConf("# head\n\nA='b\tc'\n  \n")).toEqual(new Map([['A', 'b\tc']]));
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
