import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuMs } from '../../test/support/waiting.js';
import { AppError } from '../errors.js';
import { apiNamePattern } from '../text/names.js';
import { parseAccessKeyId, parseComment, parseHestiaComment, parsePermissions } from './access-key.js';

function codeOf(work: () => unknown): number | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return undefined;
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return '';
}

describe('permissions', () => {
  it.each([
    ['one name', 'mail', ['mail']],
    ['names between commas', 'mail,dns', ['mail', 'dns']],
    ['blanks round a name', '  mail ,\tdns ', ['mail', 'dns']],
    ['commas at either end', ',mail,', ['mail']],
    ['empty names between commas', 'mail,,dns, ,', ['mail', 'dns']],
    ['duplicates', 'mail,dns,mail', ['mail', 'dns']],
    ['a path before a name', '/usr/local/hestia/data/api/mail,./dns', ['mail', 'dns']],
    ['a path that leads elsewhere', '../../etc/mail', ['mail']],
    ['a slash behind a name', 'mail/', ['mail']],
    ['the same name by two paths', 'mail,x/mail', ['mail']],
    ['lines', 'mail\ndns', ['mail', 'dns']],
    ['nothing', '', []],
  ])('with %s are cleaned', (_what, text, names) => {
    expect(parsePermissions(text)).toEqual(names);
  });

  it.each([
    '*',
    '.*',
    '[a-z]*',
    '.',
    '..',
    '/',
    '//',
    '?',
    'mail*',
    'mail|dns',
    'ma il',
    '-mail',
    '$(id)',
    'mail\0',
  ])('are literal names: %p is refused and never a pattern', (text) => {
    expect([2, 3]).toContain(codeOf(() => parsePermissions(text)));
    expect([2, 3]).toContain(codeOf(() => parsePermissions(`mail,${text}`)));
  });

  it('that are far too long are refused at once, and not repeated', async () => {
    const texts = [`${'/'.repeat(60_000)}x y`, `${'x'.repeat(400_000)}*`, 'mail,'.repeat(400_000)];
    const spentMs = await cpuMs(() => {
      for (const text of texts) expect(messageOf(() => parsePermissions(text)).length).toBeLessThan(500);
    });
    expect(spentMs).toBeLessThan(20_000);
  });

  it.each([',', ' ', ' , ,', '\n', '\t'])(
    'that are nothing but blanks and commas (%p) are refused with 2',
    (text) => {
      expect(codeOf(() => parsePermissions(text))).toBe(2);
    },
  );

  it('are, whatever was sent, names of APIs, each once and none empty', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('mail', 'dns', ' ', ',', '/', '*', '.', '\n', '..', "'"))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (sent) => {
        let names: string[];
        try {
          names = parsePermissions(sent);
        } catch (error) {
          expect([2, 3]).toContain((error as AppError).code);
          return;
        }
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(apiNamePattern);
        if (sent !== '') expect(names.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a comment', () => {
  const billing = 'Billing (WHMCS)';

  it.each([
    '',
    'a',
    billing,
    'ticket #123',
    'C:\\x; $y',
    `it's "<b>"`,
    '日本',
    '🔑 keys 👩‍💻',
    'x'.repeat(200),
    '😀'.repeat(200),
  ])('can be %p', (text) => {
    expect(parseComment(text)).toBe(text);
  });

  it.each([
    ['201 characters', 'x'.repeat(201)],
    ['a line end', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['a NUL', 'a\0b'],
    ['an escape', 'a\u001b[31mb'],
    ['a line separator', 'a\u2028b'],
    ['a change of direction', 'a\u202eb'],
    ['half a character', 'a\ud83d'],
  ])('with %s is refused with 2, in either place', (_what, text) => {
    expect(codeOf(() => parseComment(text))).toBe(2);
    expect(codeOf(() => parseHestiaComment(text))).toBe(2);
  });

  it.each([
    '',
    'ab',
    'Mail script',
    'a_b-c.d 1',
    'x'.repeat(66),
    'Käse 2',
    billing,
    'ticket #123',
    'Smith & Sons',
    '🔑 keys',
    '🇨🇭',
  ])("can be %p as an argument of Hestia's command", (text) => {
    expect(parseHestiaComment(text)).toBe(text);
  });

  it.each([
    'a',
    'x'.repeat(67),
    ' ab',
    'ab ',
    'ab.',
    'ab-',
    '-n',
    '!bad',
    'a/b',
    'a:b',
    'a@b',
    'a;b',
    'a$b',
    'a\\b',
    "a'b",
    'caf€x',
  ])("%j is refused there with 2, as by Hestia's, and taken elsewhere", (text) => {
    expect(codeOf(() => parseHestiaComment(text))).toBe(2);
    expect(parseComment(text)).toBe(text);
  });

  it('is one line of what can be shown, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 10 }), (text) => {
        if (codeOf(() => parseComment(text)) === undefined) expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('an access key ID', () => {
  it('has 20 letters and digits', () => {
    expect(parseAccessKeyId('InNqgp01kO3v0W22eg6Z')).toBe('InNqgp01kO3v0W22eg6Z');
  });

  it('that is empty does not exist (3)', () => {
    expect(codeOf(() => parseAccessKeyId(''))).toBe(3);
  });

  it.each([
    'short',
    '../../../etc/passwd0',
    'InNqgp01kO3v0W22eg6Z\n',
    'InNqgp01kO3v0W22eg6/',
    '*'.repeat(20),
  ])('is refused with 2 when it is %p', (text) => {
    expect(codeOf(() => parseAccessKeyId(text))).toBe(2);
  });
});
