import { describe, expect, it } from '@jest/globals';
import type { BuiltinCommand } from '../commands/builtin-command.js';
import { AppError, ReturnCode } from '../errors.js';
import { argumentHints, refuseMistypedSecretOption } from './argument-hints.js';

const command: BuiltinCommand = {
  ...{ name: 'v-change-user-password', info: 'x', options: 'USER PASSWORD', examples: [], changes: true },
  run: () => Promise.reject(new Error('not run here')),
};

describe('hints', () => {
  it('repeat an option that is too much, but never its value', () => {
    const [hint] = argumentHints(command, ['alice', 'x', '--force=hunter2'], false);
    expect(hint).toBe('Warning: --force is ignored. Usage: v-change-user-password USER PASSWORD');
  });

  it('repeat no word where one of the arguments is a secret', () => {
    for (const extra of [['--hunter2'], ['horse', '--battery'], ['--file=/root/hunter2']])
      expect(argumentHints(command, ['alice', 'correct', ...extra], true)).toEqual([
        'Warning: what stands after the last argument is ignored. Usage: v-change-user-password USER PASSWORD',
      ]);
  });
});

describe('a mistyped option in the place of a secret', () => {
  it.each(['--passwordfile=/root/hunter2', '--password-fil', '--pasword-file', '--Secret-file=x', '--pass'])(
    'is refused, and not repeated: %s',
    (word) => {
      let problem: unknown;
      try {
        refuseMistypedSecretOption(['alice', word], [2]);
      } catch (error) {
        problem = error;
      }
      expect(problem).toBeInstanceOf(AppError);
      expect(problem).toMatchObject({ code: ReturnCode.ARGS });
      expect(String(problem)).not.toContain('hunter2');
    },
  );

  it('is an argument like any other elsewhere, and other secrets may begin with dashes', () => {
    expect(() => refuseMistypedSecretOption(['--password', 'x'], [2])).not.toThrow();
    for (const secret of ['--hunter2', '--pas$word', '-', '--'])
      expect(() => refuseMistypedSecretOption(['alice', secret], [2])).not.toThrow();
  });
});
