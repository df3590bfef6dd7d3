import { describe, expect, it } from '@jest/globals';
import type { CliAnswer, HttpAnswer } from './compare.js';
import type { CliCase, HttpCase, Label } from './corpus.js';
import { judge } from './labels.js';
import { Bindings } from './placeholders.js';

const id = 'A1b2C3d4E5f6G7h8I9j0';
const otherId = 'Z1b2C3d4E5f6G7h8I9j0';

function cliCase(stdout: string, exitCode = 0): CliCase {
  return {
    adapter: 'cli',
    id: 'x',
    group: 'g',
    state: {},
    effects: {},
    setup: [],
    argv: ['v-x'],
    exit_code: exitCode,
    stdout,
  };
}

function cliAnswer(stdout: string, exitCode = 0): CliAnswer {
  return { adapter: 'cli', exitCode, stdout: Buffer.from(stdout), stderr: 'noise' };
}

function httpCase(
  body: string,
  type = 'text/html; charset=UTF-8',
  code: string | null = '0',
  status = 200,
): HttpCase {
  const request = { method: 'POST', path: '/api/', content_type: null, headers: {}, body: '' };
  const headers = { 'Hestia-Exit-Code': code, 'Content-Type': type };
  return {
    adapter: 'http',
    id: 'x',
    group: 'g',
    state: {},
    effects: {},
    request,
    response: { status, headers, body },
  };
}

function httpAnswer(body: string, type = 'text/plain', code: number | null = 0, status = 200): HttpAnswer {
  return {
    adapter: 'http',
    status,
    code,
    headers: new Map([['content-type', type]]),
    body: Buffer.from(body),
  };
}

function verdict(
  one: CliCase | HttpCase,
  answer: CliAnswer | HttpAnswer,
  label: Partial<Label> = {},
): string {
  return judge(one, { expect: 'same', ...label }, answer, new Bindings()).verdict;
}

describe('a label "same"', () => {
  it('takes the recorded answer', () => {
    expect(verdict(cliCase('a\nb\n'), cliAnswer('a\nb\n'))).toBe('same');
  });

  it('refuses another exit code, also where the text is the same', () => {
    expect(verdict(cliCase('a\n'), cliAnswer('a\n', 1))).toBe('wrong');
    expect(verdict(cliCase('a\n'), { ...cliAnswer('a\n'), exitCode: null })).toBe('wrong');
  });

  it('refuses a missing blank inside a text, another indentation and another order', () => {
    expect(verdict(cliCase('USER:      a\n'), cliAnswer('USER:     a\n'))).toBe('wrong');
    expect(verdict(cliCase('    "a"\n'), cliAnswer('   "a"\n'))).toBe('wrong');
    expect(verdict(cliCase('a\nb\n'), cliAnswer('b\na\n'))).toBe('wrong');
    expect(verdict(cliCase('a\n\nb\n'), cliAnswer('a\nb\n'))).toBe('wrong');
  });

  it('lets blanks at line ends and line ends at the end be', () => {
    expect(verdict(cliCase('a  \nb\n'), cliAnswer('a\nb  \n\n \n'))).toBe('same');
    expect(verdict(cliCase('\na\n'), cliAnswer('a\n'))).toBe('wrong');
  });

  it('refuses another value for the same placeholder', () => {
    expect(verdict(cliCase('{ACCESS_KEY_ID}\n{ACCESS_KEY_ID}\n'), cliAnswer(`${id}\n${otherId}\n`))).toBe(
      'wrong',
    );
  });

  it('compares only the named parts', () => {
    expect(verdict(cliCase('a\n'), cliAnswer('b\n'), { compare: ['exit_code'] })).toBe('same');
    expect(verdict(cliCase('a\n'), cliAnswer('b\n', 2), { compare: ['exit_code'] })).toBe('wrong');
    const answer = httpAnswer('b', 'text/plain', 0, 204);
    expect(verdict(httpCase('a'), answer, { compare: ['code'] })).toBe('same');
    expect(verdict(httpCase('a'), answer, { compare: ['status', 'code'] })).toBe('wrong');
  });

  it('tells a missing exit-code header from 0', () => {
    expect(verdict(httpCase('a'), httpAnswer('a', 'text/plain', null))).toBe('wrong');
    expect(verdict(httpCase('a', 'text/html', null), httpAnswer('a', 'text/plain', 0))).toBe('wrong');
    expect(verdict(httpCase('a', 'text/html', null), httpAnswer('a', 'text/plain', null))).toBe('same');
  });

  it('wants application/json again where it was recorded, with any parameters, and only where the body counts', () => {
    const recorded = httpCase('{}', 'application/json; charset=utf-8');
    expect(verdict(recorded, httpAnswer('{}', 'application/json'))).toBe('same');
    expect(verdict(recorded, httpAnswer('{}', 'Application/JSON; x=1'))).toBe('same');
    expect(verdict(recorded, httpAnswer('{}', 'text/plain'))).toBe('wrong');
    expect(verdict(recorded, httpAnswer('{}', 'application/json5'))).toBe('wrong');
    expect(verdict(recorded, httpAnswer('{}', 'text/plain'), { compare: ['status'] })).toBe('same');
  });

  it('compares base64 bodies as bytes', () => {
    const one = httpCase('');
    const recorded: HttpCase = { ...one, response: { ...one.response, body: null, body_base64: '//4=' } };
    const answer = (bytes: number[]) => ({ ...httpAnswer(''), body: Buffer.from(bytes) });
    expect(verdict(recorded, answer([0xff, 0xfe]))).toBe('same');
    expect(verdict(recorded, answer([0xff, 0xfe, 0x20]))).toBe('wrong');
    expect(verdict(httpCase('\ufffd'), answer([0xff]))).toBe('wrong');
  });
});

describe('a label "masked"', () => {
  const label: Label = { expect: 'masked', accept: { stdout: ['SECRET:  \n'] } };

  it('takes the text without the secret, with the recorded exit code', () => {
    expect(verdict(cliCase('SECRET:  s3cret\n'), cliAnswer('SECRET:\n'), label)).toBe('deviates');
    expect(verdict(cliCase('SECRET:  s3cret\n'), cliAnswer('SECRET:\n', 1), label)).toBe('wrong');
  });

  it('refuses the recorded answer', () => {
    expect(verdict(cliCase('SECRET:  s3cret\n'), cliAnswer('SECRET:  s3cret\n'), label)).toBe('wrong');
  });
});

describe('a label "safer"', () => {
  it('refuses the recorded answer even where accept would let it through', () => {
    const label: Label = { expect: 'safer', accept: { exit_code: [0, 2] } };
    expect(verdict(cliCase(''), cliAnswer(''), label)).toBe('wrong');
    expect(verdict(cliCase(''), cliAnswer('a listing\n'), label)).toBe('deviates');
    expect(verdict(cliCase(''), cliAnswer('', 2), label)).toBe('deviates');
    expect(verdict(cliCase(''), cliAnswer('', 3), label)).toBe('wrong');
  });

  it('refuses the recorded answer also when it is sent as another type', () => {
    const recorded = httpCase('{}', 'application/json');
    expect(verdict(recorded, httpAnswer('{}', 'text/plain'), { expect: 'safer' })).toBe('wrong');
    expect(verdict(recorded, httpAnswer('[]', 'text/plain'), { expect: 'safer' })).toBe('deviates');
  });

  it('wants every field of accept to fit', () => {
    const label: Label = { expect: 'safer', accept: { status: [401], code: [9, 10] } };
    expect(verdict(httpCase('a'), httpAnswer('x', 'text/plain', 10, 401), label)).toBe('deviates');
    expect(verdict(httpCase('a'), httpAnswer('x', 'text/plain', null, 401), label)).toBe('wrong');
    expect(verdict(httpCase('a'), httpAnswer('x', 'text/plain', 9, 403), label)).toBe('wrong');
  });

  it('refuses a text that must not occur', () => {
    const label: Label = { expect: 'safer', accept: { exit_code: [0], stdout_without: ['"admin"'] } };
    expect(verdict(cliCase('{"USER": "admin"}'), cliAnswer('{ "USER": "admin" }'), label)).toBe('wrong');
    expect(verdict(cliCase('{"USER": "admin"}'), cliAnswer('{}'), label)).toBe('deviates');
  });

  it('looks at body_for_200 only when the status is 200', () => {
    const label: Label = { expect: 'safer', accept: { status: [200, 401], body_for_200: ['argc=3'] } };
    expect(verdict(httpCase('argc=2'), httpAnswer('argc=4'), label)).toBe('wrong');
    expect(verdict(httpCase('argc=2'), httpAnswer('argc=3'), label)).toBe('deviates');
    expect(verdict(httpCase('argc=2'), httpAnswer('no', 'text/plain', 10, 401), label)).toBe('deviates');
  });
});

describe('a label "either"', () => {
  const label: Label = { expect: 'either', accept: { exit_code: [2] } };

  it('takes the recorded answer as the same, an accepted one as a deviation', () => {
    expect(verdict(cliCase('a\n'), cliAnswer('a\n'), label)).toBe('same');
    expect(verdict(cliCase('a\n'), cliAnswer('no\n', 2), label)).toBe('deviates');
    expect(verdict(cliCase('a\n'), cliAnswer('b\n'), label)).toBe('wrong');
  });

  it('knows an accepted beginning, and null for a header that is not sent', () => {
    const other: Label = { expect: 'either', accept: { status: [200], code: [null], body_prefix: 'Error' } };
    const recorded = httpCase('OK', 'text/html', null);
    expect(verdict(recorded, httpAnswer('Error: no', 'text/plain', null), other)).toBe('deviates');
    expect(verdict(recorded, httpAnswer('an Error', 'text/plain', null), other)).toBe('wrong');
    expect(verdict(recorded, httpAnswer('Error: no', 'text/plain', 0), other)).toBe('wrong');
  });
});
