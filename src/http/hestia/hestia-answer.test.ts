import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerDenial, answerNotARequest, answerResult } from './hestia-answer.js';

/** As JSON, and more than nothing. */
function tellsSomething(body: string): boolean {
  try {
    const value = JSON.parse(body) as unknown;
    if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
    return Boolean(value) && value !== '0';
  } catch {
    return false;
  }
}

const text = 'text/plain; charset=utf-8';
const json = 'application/json; charset=utf-8';

describe('the answer to a command that ran', () => {
  it.each([
    ['text', 'hello\n', 200, text, 'hello'],
    ['JSON', '{\n    "a": 1\n}\n', 200, json, '{\n    "a": 1\n}'],
    ['a JSON list', '["a"]', 200, json, '["a"]'],
    ['a number', '5', 200, json, '5'],
    ['nothing', ' \n', 204, text, ''],
    ['an empty object', '{}', 200, text, '{}'],
    ['an empty list', '[]', 200, text, '[]'],
    ['null', 'null', 200, text, 'null'],
    ['zero', '0\n', 204, text, ''],
    ['two zeros', '00', 200, text, '00'],
    ['false', 'false', 200, text, 'false'],
    ['a broken object', '{"a":', 200, text, '{"a":'],
    ['blanks at line ends', '\n a  \n  b\t\n\n', 200, text, 'a\n  b'],
  ])('with %s', (_what, output, status, contentType, body) => {
    expect(answerResult({ code: 0, output }, false)).toEqual({ status, exitCode: 0, contentType, body });
  });

  it.each([
    [1, 400],
    [2, 422],
    [3, 400],
    [4, 400],
    [5, 401],
    [6, 401],
    [9, 401],
    [10, 401],
    [11, 400],
    [21, 401],
    [124, 400],
  ])('that failed with %d has status %d, and never says 200', (code, status) => {
    expect(answerResult({ code, output: 'Error: no\n' }, false)).toEqual({
      status,
      exitCode: code,
      contentType: text,
      body: 'Error: no',
    });
  });

  it('is each line without the blanks at its end, whatever was printed', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '{}',
      '[1]',
      '"0"',
      '1',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const output = pieces.join('');
        const body = output
          .split('\n')
          .map((line) => line.trimEnd())
          .join('\n')
          .trim();
        const answer = answerResult({ code: 0, output }, false);
        expect([answer.status, answer.body]).toEqual([body === '' ? 204 : 200, body]);
        expect(answer.contentType).toBe(tellsSomething(body) ? json : text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the code alone with status 200 where only that is wanted', () => {
    for (const code of [0, 3, 10]) {
      expect(answerResult({ code, output: 'output' }, true)).toEqual({
        status: 200,
        exitCode: code,
        contentType: text,
        body: String(code),
      });
    }
  });

  it('is of the type that it is said to be, whatever it looks like', () => {
    for (const code of [0, 3]) {
      expect(answerResult({ code, output: '{}', outputType: 'json' }, false).contentType).toBe(json);
      expect(answerResult({ code, output: '{"a":1}', outputType: 'text' }, false).contentType).toBe(text);
    }
    expect(answerResult({ code: 0, output: '', outputType: 'json' }, false)).toMatchObject({
      status: 204,
      contentType: text,
    });
    expect(answerResult({ code: 3, output: '{}', outputType: 'json' }, true)).toMatchObject({
      contentType: text,
      body: '3',
    });
  });

  it('is never HTML, whatever the command printed', () => {
    expect(answerResult({ code: 0, output: '<script>alert(1)</script>' }, false).contentType).toBe(text);
    expect(answerResult({ code: 0, output: '"<script>alert(1)</script>"' }, false).contentType).toBe(json);
  });
});

describe('the answer to what was refused', () => {
  it('keeps its status also where only the code is wanted', () => {
    expect(answerDenial('permission_missing', 10, 'no', true)).toMatchObject({
      status: 401,
      exitCode: 10,
      body: '10',
    });
    expect(answerDenial('permission_missing', 10, 'no', false)).toMatchObject({
      status: 401,
      body: 'Error: no',
    });
    expect(answerDenial('api_disabled', 11, 'off', false)).toMatchObject({ status: 400, exitCode: 11 });
    expect(answerDenial('command_malformed', 2, 'x', false)).toMatchObject({ status: 422, exitCode: 2 });
  });

  it.each([
    ['overloaded', 14],
    ['store_unavailable', 17],
    ['audit_unavailable', 13],
  ] as const)('because of %s is 503: try again', (reason, code) => {
    expect(answerDenial(reason, code, 'later', true)).toMatchObject({ status: 503, exitCode: code });
  });

  it('because it is no request is 405', () => {
    expect(answerNotARequest('words')).toMatchObject({ status: 405, exitCode: 405, contentType: text });
  });
});
