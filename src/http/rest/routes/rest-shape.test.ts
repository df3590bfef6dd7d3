import { describe, expect, it } from '@jest/globals';
import { fill, parseShape } from './rest-shape.js';
import { Template } from './rest-template.js';

const names = { services: { apache: 'apache2' } };
const scope = new Map<string, unknown>([
  ['user', 'jane'],
  ['count', 3],
  ['info', { UPTIME: '4759', list: ['8.2', '8.3'], deep: { a: 'x' } }],
  ['domains', { 'a.example': { SSL: 'yes' }, 'www.a.example': { SSL: 'no' }, 'nota.example': {} }],
  ['disk', { total: '252G' }],
  ['address', 'hello@a.example'],
  ['address.local', 'hello'],
]);

const value = (text: string): unknown => Template.parse(text, names).value(scope, names);

describe('a template', () => {
  it.each([
    ['{user}', 'jane'],
    ['{count}', 3],
    ['{user}@{count}', 'jane@3'],
    ['{address.local}', 'hello'],
    ['{info.deep.a}', 'x'],
    ['{info.deep}', { a: 'x' }],
    ['{info.none.a}', null],
    ['{info.constructor}', null],
    ['{user.length}', null],
    ['no {info.none} here', 'no  here'],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });
});

describe('a pipe', () => {
  const piped = (start: unknown, text: string): unknown =>
    Template.parse(`{x|${text}}`, names).value(new Map([...scope, ['x', start]]), names);

  it.each([
    ['4759', 'minutes', '3d 7h 19m'],
    ['4759', 'minutes_short', '3d 7h'],
    ['439', 'minutes', '7h 19m'],
    ['19', 'minutes_short', '19m'],
    [0, 'minutes', '0m'],
    ['1440', 'minutes_short', '1d 0h'],
    ['-5', 'minutes', null],
    ['soon', 'minutes', null],
    ['422', 'megabytes', '422 MB'],
    ['1229', 'megabytes', '1.2 GB'],
    ['5120', 'megabytes', '5 GB'],
    ['unlimited', 'megabytes', 'unlimited'],
    ['', 'megabytes', null],
    ['5.7G', 'size', '5.7 GB'],
    ['20G', 'size', '20 GB'],
    ['512', 'size', '512 B'],
    ['big', 'size', null],
    ['28', 'number', 28],
    ['1e3', 'number', null],
    ['422', 'percent_of:count', 14067],
    ['1', 'percent_of:user', null],
    ['28G', 'percent_of:disk.total', 11],
    ['900M', 'percent_of:disk.total', 0],
    ['1T', 'percent_of:disk.total', 406],
    ['x', 'percent_of:disk.total', null],
    ['yes', 'boolean', true],
    ['no', 'boolean', false],
    ['yes', 'yes_no:suspended:active', 'suspended'],
    ['no', 'yes_no:suspended:active', 'active'],
    ['', 'yes_no:suspended:active', null],
    [0, 'zero_means:unlimited', 'unlimited'],
    [5, 'zero_means:unlimited', 5],
    ['0.12 / 0.1', 'first_word', '0.12'],
    [['8.2', '8.3'], 'last', '8.3'],
    [[], 'last', null],
    ['text', 'first', null],
    ['apache2', 'name_in:services', 'apache'],
    ['exim4', 'name_in:services', 'exim4'],
    ['a.example', 'of:domains', { SSL: 'yes' }],
    ['__proto__', 'of:domains', null],
    [{ b: 1, a: 2 }, 'first_key', 'b'],
    ['a.example', 'domain_type:domains', 'main'],
    ['www.a.example', 'domain_type:domains', 'subdomain'],
    ['nota.example', 'domain_type:domains', 'addon'],
  ])('%p through %s', (start, text, expected) => {
    expect(piped(start, text)).toEqual(expected);
  });
});

describe('the form of an answer', () => {
  const answer = (json: unknown): unknown => fill(parseShape(json, names), scope, names);

  it('is a list or an object with an element for each entry of a result', () => {
    const each = { domain: '{key}', of: '{user}', ssl: '{item.SSL|boolean}' };
    expect(answer({ for_each: 'domains', answer: each })).toEqual([
      { domain: 'a.example', of: 'jane', ssl: true },
      { domain: 'www.a.example', of: 'jane', ssl: false },
      { domain: 'nota.example', of: 'jane', ssl: false },
    ]);
    expect(answer({ for_each: 'info.none', answer: 1 })).toEqual([]);
    expect(answer({ for_each: 'info', name: 'x-{key}', answer: true })).toEqual({
      'x-UPTIME': true,
      'x-list': true,
      'x-deep': true,
    });
  });

  it('keeps what is no text as it is', () => {
    expect(answer({ a: [1, true, null, { b: '{user}' }] })).toEqual({ a: [1, true, null, { b: 'jane' }] });
  });
});
