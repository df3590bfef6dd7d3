/** The pattern and the rules for scanners in docs/leaks.md and docs/leaks, against secrets as they are made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import yaml from 'js-yaml';
import { generateAccessKeyId, generateSecretAccessKey } from '../src/secrets/generated-secret.js';

const docs = join(import.meta.dirname, '../docs');
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');

interface Detector {
  name: string;
  keywords: string[];
  regex: Record<string, string>;
}

interface Rule {
  id: string;
  pattern: RegExp;
  keywords: readonly string[];
}

/** Go writes flags for a group as `(?i:`, which Node.js 20 does not know: here they are for the whole pattern. */
function patternOf(text: string): RegExp {
  const isCaseless = text.includes('(?i:');
  return new RegExp(text.replaceAll('(?i:', '(?:'), isCaseless ? 'i' : '');
}

const gitleaks: Rule[] = read('leaks/gitleaks.toml')
  .split('[[rules]]')
  .slice(1)
  .map((text) => ({
    id: /^id = "(.+)"$/m.exec(text)?.[1] ?? '',
    pattern: patternOf(/^regex = '''(.+)'''$/m.exec(text)?.[1] ?? '$^'),
    keywords: [...(/^keywords = \[(.*)\]$/m.exec(text)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
      ([, one = '']) => one,
    ),
  }));
const trufflehog: Rule[] = (
  yaml.load(read('leaks/trufflehog.yaml')) as { detectors: Detector[] }
).detectors.map(({ name, keywords, regex }) => ({
  id: name,
  keywords,
  pattern: patternOf(Object.values(regex)[0] ?? '$^'),
}));

/** What the rule takes out of a text; undefined: nothing, or no keyword is in it. */
function taken(
  { pattern, keywords }: Rule | undefined = { id: '', pattern: /$^/, keywords: [] },
  text = '',
): string | undefined {
  const lower = text.toLowerCase();
  if (keywords.length > 0 && !keywords.some((one) => lower.includes(one))) return undefined;
  return pattern.exec(text)?.[1];
}

it('the published pattern fits every secret, and takes it out of a text', () => {
  const [, text = ''] = /```text\n(.+)\n```/.exec(read('leaks.md')) ?? [];
  const around = fc.constantFrom<[string, string][]>(['', ''], ['key="', '"'], ['ID:', '\n'], ['x ', ', y']);
  fc.assert(
    fc.property(around, fc.stringMatching(/^[a-z]{0,6}_?$/), ([before, after], prefix) => {
      const secret = generateSecretAccessKey(prefix);
      expect(new RegExp(text).exec(`${before}${secret}${after}`)?.[1]).toBe(secret);
    }),
  );
});

describe.each([
  ['gitleaks', gitleaks],
  ['TruffleHog', trufflehog],
])('the rules for %s', (_name, rules) => {
  const [prefixed, pair, named] = rules;

  it('find secrets with the prefix, pairs and named secrets', () => {
    for (let round = 0; round < 200; round++) {
      const [id, secret, marked] = [
        generateAccessKeyId(),
        generateSecretAccessKey(),
        generateSecretAccessKey('hk_'),
      ];
      expect(taken(prefixed, `token: ${marked};`)).toBe(marked);
      expect(taken(pair, `hash=${id}:${secret}&cmd=v-list-users`)).toBe(`${id}:${secret}`);
      for (const text of [
        `secret_key=${secret}`,
        `"SECRET_ACCESS_KEY": "${secret}"`,
        `HEARTHKEY_UPSTREAM_SECRET_KEY=${secret}`,
      ])
        expect(taken(named, text)).toBe(secret);
    }
  });

  it('leave hashes, names and longer texts alone', () => {
    const texts = [
      'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
      `hk_${'a'.repeat(60)}`,
      'secret_key = process.env.SECRET',
      `secret_key: ${'b'.repeat(64)}`,
    ];
    for (const rule of rules) for (const text of texts) expect(taken(rule, text)).toBeUndefined();
  });
});
