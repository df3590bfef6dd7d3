import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors.js';
import { parseApiName, parseApiRole, parseCommandList } from './parse-api.js';

describe('what a command line says of an API', () => {
  it.each(['', '.', '..', '../x', 'x/y', '.x', '*', 'a b', 'a.b', '-x', 'a'.repeat(65), 'a\n'])(
    'has no name such as %p',
    (name) => {
      expect(() => parseApiName(name)).toThrow(AppError);
    },
  );

  it.each(['', 'root', 'Admin', 'admin ', 'user,admin'])('has no role such as %p', (role) => {
    expect(() => parseApiRole(role)).toThrow(/expected admin or user/);
  });

  it('has commands between commas, without blanks and duplicates', () => {
    expect(parseCommandList(' v-a ,v-b,,v-a,')).toEqual(['v-a', 'v-b']);
    expect(parseCommandList('')).toEqual([]);
  });

  it.each(['*', 'v-*', 'ls', '/usr/bin/v-a', "v-a'", 'v-a\nROLE', 'v-a;id', 'v-a v-b'])(
    'has no command such as %p, which could write other lines into its file',
    (command) => {
      expect(() => parseCommandList(`v-ok,${command}`)).toThrow(AppError);
    },
  );
});
