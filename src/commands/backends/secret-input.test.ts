import { describe, expect, it } from '@jest/globals';
import { describeCommand } from '../../catalogue/command-spec.js';
import { callOf } from './secret-input.js';

const spec = describeCommand('v-add-thing', '', 'USER PASSWORD NAME [SECRET]', true);

describe('an executable that reads secrets from standard input', () => {
  it('gets a line for each, and - in its place', () => {
    expect(callOf(spec, ['jane', 'one', 'x', 'two'])).toEqual({
      words: ['jane', '-', 'x', '-'],
      input: 'one\ntwo\n',
    });
    expect(callOf(spec, ['jane', '-', 'x'])).toEqual({ words: ['jane', '-', 'x'], input: '-\n' });
    expect(callOf(spec, ['jane', ''])).toEqual({ words: ['jane', '-'], input: '\n' });
  });

  it('is not called with a secret that is more than one line', () => {
    for (const secret of ['a\nb', 'a\r', 'a\0b']) expect(callOf(spec, ['jane', secret])).toBeUndefined();
  });

  it('is called as any other where no secret is among the arguments', () => {
    expect(callOf(spec, ['jane'])).toEqual({ words: ['jane'], input: undefined });
  });
});

it('any other executable gets its arguments as they are', () => {
  const other = describeCommand('v-add-thing', '', 'USER PASSWORD');
  expect(callOf(other, ['jane', 'a\nb'])).toEqual({ words: ['jane', 'a\nb'], input: undefined });
  expect(callOf(undefined, ['x'])).toEqual({ words: ['x'], input: undefined });
});
