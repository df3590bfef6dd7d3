import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import type { CliAnswer } from './compare.js';
import { type CliCase, mustSentences, readCorpus } from './corpus.js';
import { mustFor } from './musts/all.js';
import type { MustContext } from './musts/must.js';
import { Bindings } from './placeholders.js';
import { type KeyFacts, type Settings, Snapshot } from './snapshot.js';

const fixtures = resolve(import.meta.dirname, '../fixtures/conformance');
const settings: Settings = { API: 'yes', API_SYSTEM: '2', API_ALLOWED_IP: '10.0.0.1' };
const key: KeyFacts = { user: 'alice', permissions: ['mail-accounts'], comment: 'x1' };

interface Seen {
  argv?: string[];
  stdout?: string;
  exitCode?: number;
  after?: Snapshot;
  before?: Snapshot;
}

function snapshot(keys: Record<string, KeyFacts> = {}, changes: Partial<Settings> = {}): Snapshot {
  return new Snapshot(new Map(Object.entries(keys)), [], { ...settings, ...changes }, []);
}

async function check(sentence: string, seen: Seen): Promise<string | undefined> {
  const one: CliCase = {
    ...{
      adapter: 'cli',
      id: 'x',
      group: 'g',
      state: {},
      effects: {},
      setup: [],
      exit_code: 0,
      stdout: 'a  b\n',
    },
    argv: seen.argv ?? ['v-x'],
  };
  const stdout = Buffer.from(seen.stdout ?? '');
  const answer: CliAnswer = { adapter: 'cli', exitCode: seen.exitCode ?? 0, stdout, stderr: '' };
  const { before = snapshot(), after = snapshot() } = seen;
  const service = {} as MustContext['service'];
  const context: MustContext = {
    one,
    label: { expect: 'same' },
    answer,
    bindings: new Bindings(),
    before,
    after,
    service,
    setUp: [],
  };
  const found = mustFor(sentence);
  if (found === undefined) throw new Error(`no check for ${sentence}`);
  return found.must.check(context, found.words);
}

describe('the sentences of the labels', () => {
  it('have a check each', () => {
    const { labels } = readCorpus(fixtures, fixtures);
    const sentences = [...labels.cli.values(), ...labels.http.values()].flatMap(mustSentences);
    expect(sentences.length).toBeGreaterThan(100);
    expect(sentences.filter((sentence) => mustFor(sentence) === undefined)).toEqual([]);
  });

  it('that nobody has coded have none', () => {
    expect(mustFor('the moon is made of cheese')).toBeUndefined();
  });
});

describe('a check of keys', () => {
  it('finds a key that should not have been made, and one with another permission', async () => {
    expect(await check('no key is made', {})).toBeUndefined();
    expect(await check('no key is made', { after: snapshot({ A: key }) })).toContain('made A');
    const sentence = 'the permission is mail-accounts, or no key is made';
    expect(await check(sentence, { after: snapshot({ A: key }) })).toBeUndefined();
    expect(
      await check(sentence, { after: snapshot({ A: { ...key, permissions: ['mail-accounts', 'b'] } }) }),
    ).toContain('b');
  });

  it('misses a key that should still be there', async () => {
    expect(await check('A is still there', { after: snapshot({ A: key }) })).toBeUndefined();
    expect(await check('A is still there', {})).toContain('gone');
    expect(
      await check('the key is gone', { argv: ['v-delete-access-key', 'A'], after: snapshot({ A: key }) }),
    ).toContain('A');
  });
});

describe('a check of settings', () => {
  it('finds what changed, and an empty item', async () => {
    expect(await check('nothing changed', {})).toBeUndefined();
    expect(await check('nothing changed', { after: snapshot({}, { API: 'no' }) })).toContain('no');
    expect(
      await check('no address is added', { after: snapshot({}, { API_ALLOWED_IP: '10.0.0.1,' }) }),
    ).toContain('10.0.0.1,');
    expect(await check('10.0.0.1 is taken away', {})).toContain('10.0.0.1');
    expect(
      await check('the list stays 10.0.0.1', {
        after: snapshot({}, { API_ALLOWED_IP: '10.0.0.1,10.0.0.1' }),
      }),
    ).toBeDefined();
  });
});

describe('a check of listings', () => {
  it('tells a message from a listing, and an empty success from a real one', async () => {
    expect(
      await check('nothing is listed', { exitCode: 2, stdout: 'Error: invalid format :: xml\n' }),
    ).toBeUndefined();
    expect(await check('nothing is listed', { exitCode: 2, stdout: 'USER: alice\n' })).toContain('USER');
    expect(await check('nothing is listed', { exitCode: 0 })).toBe('a success');
    const plain = 'refused, or a real plain listing; not an empty success';
    expect(await check(plain, { exitCode: 0, stdout: '\n' })).toBe('an empty success');
    expect(await check(plain, { exitCode: 2 })).toBeUndefined();
  });

  it('takes one or two blanks in the named text and nowhere else', async () => {
    const sentence = 'a  b with one or two blanks, all else as recorded';
    expect(await check(sentence, { stdout: 'a b\n' })).toBeUndefined();
    expect(await check(sentence, { stdout: 'a  b\n' })).toBeUndefined();
    expect(await check(sentence, { stdout: 'ab\n' })).toBeDefined();
  });
});
