import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors.js';
import { parseCommandLine, requiredCount, usageLine } from './arguments.js';
import { ok, type BuiltinCommand } from './builtin-command.js';

const command: BuiltinCommand = {
  name: 'v-x',
  info: 'do x',
  options: 'USER DOMAIN [FORMAT]',
  longOptions: [
    { name: 'limit', value: 'N', info: 'at most so many' },
    { name: 'quiet', info: 'print nothing' },
  ],
  examples: ['v-x alice example.com', 'v-x alice example.com json'],
  changes: false,
  run: () => Promise.resolve(ok()),
};

const parse = (...words: string[]) => {
  const { args, options } = parseCommandLine(command, words);
  return { args, options: Object.fromEntries(options) };
};

describe('a command line', () => {
  it('has long options anywhere among its arguments', () => {
    expect(parse('alice', '--limit', '5', 'example.com', '--quiet')).toEqual({
      args: ['alice', 'example.com'],
      options: { limit: ['5'], quiet: [''] },
    });
  });

  it('has a value after the option or after =, whatever it looks like', () => {
    expect(parse('--limit=a=b', '--limit', '--quiet', '--limit=').options).toEqual({
      limit: ['a=b', '--quiet', ''],
    });
  });

  it('has arguments only after --', () => {
    expect(parse('--quiet', '--', '--limit', '--', '-x')).toEqual({
      args: ['--limit', '--', '-x'],
      options: { quiet: [''] },
    });
  });

  it('keeps empty arguments and those that begin with one -', () => {
    expect(parse('', '-', '-x').args).toEqual(['', '-', '-x']);
  });

  it.each([
    ['an unknown option', ['--nothing']],
    ['an option without its value', ['--limit']],
    ['a value for an option that takes none', ['--quiet=yes']],
    ['no name', ['--=x']],
  ])('is refused with 1 for %s, and shows how it goes', (_what, words) => {
    expect(() => parse(...words)).toThrow(expect.objectContaining({ code: 1 }));
    expect(() => parse(...words)).toThrow(AppError);
    expect(() => parse(...words)).toThrow(/\nUsage: v-x USER DOMAIN \[FORMAT\]$/);
  });

  it('has no options where the command has none', () => {
    expect(() => parseCommandLine({ ...command, longOptions: [] }, ['--limit', '1'])).toThrow(AppError);
  });
});

describe('a mistyped option', () => {
  it('is refused with the one that was meant', () => {
    expect(() => parse('--limt', '5')).toThrow(/^there is no option --limt .*; did you mean --limit\?\n/);
    expect(() => parse('--nothing')).toThrow(/goes after --\)\n/);
  });
});

describe('the usage line', () => {
  it('knows how many arguments can not be left out', () => {
    expect(requiredCount(command)).toBe(2);
    expect(requiredCount({ ...command, options: '' })).toBe(0);
    expect(usageLine({ ...command, options: '' })).toBe('Usage: v-x');
  });
});
