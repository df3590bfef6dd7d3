import { describe, expect, it } from '@jest/globals';
import { ReturnCode } from '../../errors.js';
import { ok, type BuiltinCommand } from '../builtin-command.js';
import { builtinCommands, type CommandParts } from '../builtin-commands.js';
import { commandHelp } from './command-help.js';
import { helpDocument } from './help-document.js';
import { helpText } from './help-text.js';

const command: BuiltinCommand = {
  name: 'v-x',
  info: 'do x',
  options: 'USER WHAT [FORMAT]',
  longOptions: [
    { name: 'limit', value: 'N', info: 'at most so many' },
    { name: 'a-very-long-option', value: 'ADDRESS', info: 'explained below it' },
  ],
  argumentHelp: { WHAT: { info: 'what is done to it', values: ['wash', 'dry'] } },
  exitCodes: [ReturnCode.NOT_EXIST],
  examples: ['v-x alice wash'],
  notes: ['It is done once.'],
  changes: true,
  run: () => Promise.resolve(ok()),
};

describe('the help of a command', () => {
  it('says what each argument means and takes, the options, exit codes, examples and notes', () => {
    expect(helpText(commandHelp(command))).toBe(
      `
Usage: v-x USER WHAT [FORMAT]

do x

Arguments:
  USER                the name of a user
  WHAT                what is done to it. One of: wash, dry
  [FORMAT]            how the output looks: tables for people (shell), JSON, or
                      cells between tabs (plain); empty: shell. One of: shell,
                      json, plain

Options:
  --limit N           at most so many
  --a-very-long-option ADDRESS
                      explained below it

Exit codes:
  0                   done
  1                   arguments are missing, an option is unknown, or read-only
                      mode refuses the change
  2                   an argument is not valid
  3                   what the command names does not exist
  15                  the service, or the panel behind it, does not answer
  17                  the store can't be used

Examples:
  v-x alice wash

It is done once.
`.trimStart(),
    );
  });

  it('can not leave an argument unexplained', () => {
    expect(() => commandHelp({ ...command, options: 'THING' })).toThrow('what THING means');
  });
});

describe('the help of all commands', () => {
  const document = helpDocument();

  it('has every built-in command, what only hearthkey knows, and no name twice', () => {
    const names = document.commands.map(({ name }) => name);
    const builtin = builtinCommands({} as CommandParts).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([...builtin, 'serve', 'import', 'backup', 'restore', 'doctor']),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(document.text).toMatch(new RegExp(`^  ${name}(?: |$)`, 'm'));
  });

  it('has an example of each that begins with what is typed, and a meaning of each exit code', () => {
    for (const { program, examples, exitCodes } of document.commands) {
      expect(examples.some((example) => example.includes(program))).toBe(true);
      for (const { meaning } of exitCodes) expect(meaning).not.toBe('');
    }
  });

  it('fits a terminal of 80 columns, but for examples and usage lines', () => {
    for (const { text, examples } of document.commands) {
      const [, ...lines] = text.split('\n').filter((line) => !examples.includes(line.trim()));
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
