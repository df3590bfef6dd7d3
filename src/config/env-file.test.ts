import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEnv } from 'node:util';
import { parseEnvFile } from './env-file.js';

const parse = (text: string) => parseEnvFile(text, '.env');

describe('a .env file', () => {
  it('is read with a byte order mark, Windows line ends, comments, blanks and quotes', () => {
    const text =
      '\uFEFFA=1\r\n# B=2\r\n\r\n C = two words \r\nexport D="x # y"\r\nE=\'#\' # z\r\nF=`"`\r\nG=\r\nH="a\\nb"';
    expect(parse(text)).toEqual({
      values: { A: '1', C: 'two words', D: 'x # y', E: '#', F: '"', G: '', H: 'a\nb' },
      warnings: [],
      problems: [],
    });
  });

  it('says where a value ends before its line does, and what it is not', () => {
    expect(parse('A=1\nHEARTHKEY_X=secret # rest\nB= # none\n')).toEqual({
      values: { A: '1', HEARTHKEY_X: 'secret', B: '' },
      warnings: [
        '.env, line 2: HEARTHKEY_X ends before the #: put the value in quotes if it is not a comment',
        '.env, line 3: B ends before the #: put the value in quotes if it is not a comment',
      ],
      problems: [],
    });
  });

  it.each([
    ['A=1\nnonsense\n', '.env, line 2: expected NAME=value'],
    ['=1', '.env, line 1: expected NAME=value'],
    ['A B=1', '.env, line 1: expected NAME=value'],
    ['A=s3cr#t', '.env, line 1: A has a # in its value: put the value in quotes'],
    ['A="s3cret', ".env, line 1: A: the value doesn't end with its quote"],
    ['A="s3" cret', ".env, line 1: A: the value doesn't end with its quote"],
  ])('refuses a line that is no setting, and never repeats a value: %j', (text, problem) => {
    expect(parse(text).problems).toEqual([problem]);
  });

  it('has the values that the command line reads, which uses the parser of Node.js', () => {
    const line = fc
      .array(fc.constantFrom('A', 'B', '=', ' ', '#', '"', "'", '`', 'x', '\\n', '\r', '-', 'export '))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        const { values, problems } = parse(text);
        if (problems.length > 0) return;
        const others = parseEnv(text);
        for (const [name, value] of Object.entries(values))
          // Node.js 24 leaves out `export A=`; an empty setting counts as none.
          expect([name, others[name] ?? '']).toEqual([name, value]);
      }),
      { numRuns: 3000 },
    );
  });
});
