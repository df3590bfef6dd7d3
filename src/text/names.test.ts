import { describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as names from './names.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Form {
  pattern: RegExp;
  good: string[];
  bad: string[];
}

const forms: Record<string, Form> = {
  'a user name': {
    pattern: names.userNamePattern,
    good: ['a', 'admin', 'alice.b', 'a-b_c', '0user', 'A'.repeat(30)],
    bad: ['-a', 'a-', '.a', 'a.', '_a', 'a'.repeat(31), 'a b', 'ä'],
  },
  'an access key ID': {
    pattern: names.accessKeyIdPattern,
    good: ['InNqgp01kO3v0W22eg6Z'],
    bad: ['InNqgp01kO3v0W22eg6', 'InNqgp01kO3v0W22eg6ZZ', 'InNqgp01kO3v0W22eg6-', '../../../etc/passwd_'],
  },
  'a secret access key': {
    pattern: names.secretAccessKeyPattern,
    good: ['a'.repeat(40), 'ABC_def-012='.padEnd(40, 'x'), '.+/^~%'.padEnd(40, 'x')],
    bad: ['a'.repeat(39), 'a'.repeat(41), ...[...':\' "\n\\$,;é'].map((one) => 'a'.repeat(39) + one)],
  },
  'a legacy key': {
    pattern: names.legacyKeyPattern,
    good: ['a'.repeat(32), '0_-'.padEnd(32, 'Z')],
    bad: ['a'.repeat(31), 'a'.repeat(33), '/'.repeat(32)],
  },
  'an API name': {
    pattern: names.apiNamePattern,
    good: ['billing', 'mail-accounts', '_x', '0', 'a'.repeat(64)],
    bad: ['.', '..', '.x.swp', 'x~', 'a.b', 'x/y', '-x', '*', '.*', '[a-z]*', 'a'.repeat(65), 'a b', 'a,b'],
  },
  'a command name': {
    pattern: names.commandNamePattern,
    good: ['v-list-users', 'v-x'],
    bad: [
      'v-',
      'list-users',
      '../v-list-users',
      'v-list-users;id',
      'v-a b',
      'V-list-users',
      `v-${'a'.repeat(99)}`,
    ],
  },
  'a command in a request': {
    pattern: names.commandTextPattern,
    good: ['v-list-users', 'anything', '0', 'a'.repeat(101)],
    bad: ['/bin/sh', 'v-a v-b', '$(id)', 'v-a;id', '<b>'],
  },
};

describe.each(Object.entries(forms))('%s', (_what, { pattern, good, bad }) => {
  it.each(good)('can be %p', (text) => {
    expect(text).toMatch(pattern);
  });

  it.each(bad)('can not be %p', (text) => {
    expect(text).not.toMatch(pattern);
  });

  it('is one line: no line end, NUL or blank before or after it, and never empty', () => {
    const text = good[0]!;
    for (const extra of ['\n', '\r', '\0', ' ', '\t', '/', '\u2028']) {
      expect(text + extra).not.toMatch(pattern);
      expect(extra + text).not.toMatch(pattern);
    }
    expect('').not.toMatch(pattern);
  });
});

describe('control characters', () => {
  const found = (pattern: RegExp): string[] =>
    Array.from({ length: 0x11_0000 }, (_, code) => code)
      .filter((code) => pattern.test(`a${String.fromCodePoint(code)}b`))
      .map((code) => code.toString(16));
  const range = (first: number, last: number): string[] =>
    Array.from({ length: last - first + 1 }, (_, index) => (first + index).toString(16));

  it('of ASCII are U+0000 to U+001F and U+007F', () => {
    expect(found(names.asciiControlPattern)).toEqual([...range(0, 0x1f), '7f']);
  });

  it('of all texts are those up to U+009F too, and the ends of lines and paragraphs', () => {
    expect(found(names.controlPattern)).toEqual([...range(0, 0x1f), ...range(0x7f, 0x9f), '2028', '2029']);
  });
});

describe('a text of its own', () => {
  it.each([1, 12, 13, 14, 40, 300])(
    'of %d characters keeps nothing of the text that it was a part of',
    (length) => {
      const kept: string[] = [];
      const used = (): number => {
        collectGarbage();
        return process.memoryUsage().heapUsed;
      };
      const before = used();
      for (let index = 0; index < 20; index++) {
        const whole = `${String(index).padEnd(length, 'x')}${'y'.repeat(1_000_000)}`;
        kept.push(names.detachString(whole.slice(0, length)));
        expect(kept.at(-1)).toBe(String(index).padEnd(length, 'x').slice(0, length));
      }
      expect(used() - before).toBeLessThan(10_000_000);
      expect(kept).toHaveLength(20);
    },
  );
});
