import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../secrets/generated-secret.js';
import { findCandidates } from './find-candidates.js';
import { ChunkScan, type LocatedCandidate } from './scan-chunks.js';

const [id, secret] = ['InNqgp01kO3v0W22eg6Z', generateSecretAccessKey('hk_')];
const found = (text: string) => findCandidates(Buffer.from(text));

function scanIn(text: Buffer, cuts: readonly number[]): LocatedCandidate[] {
  const scan = new ChunkScan();
  const places = [
    0,
    ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other),
    text.length,
  ];
  const parts = places.slice(1).map((end, index) => text.subarray(places[index], end));
  return [...parts.flatMap((part) => scan.push(part)), ...scan.end()];
}

describe('what has the form of a secret', () => {
  it.each([
    ['alone', `${secret}\n`],
    ['in a pair', `${id}:${secret}`],
    ['in JSON', `{"secret_access_key":"${secret}"}`],
    ['behind an escape', `"export KEY=x\\n${secret}\\n"`],
    ['as a percent escape', `hash=${id}%3A${secret}&cmd=v-list-users`],
    ['in a variable', `HEARTHKEY_SECRET=${secret}`],
    ['in a URL', `https://panel/?secret_key=${secret}&x=1`],
    ['among bytes', `\u0000\u0001${secret}\u0000`],
  ])('is found %s', (_where, text) => {
    expect(found(text)).toMatchObject([
      { secret, hasChecksum: true, offset: Buffer.from(text).indexOf(secret) },
    ]);
  });

  it('gets the ID that stands nearest', () => {
    const other = generateAccessKeyId();
    expect(found(`${other}\n${' '.repeat(100)}${id}\n${secret}`)).toMatchObject([{ accessKeyId: id }]);
    expect(found(`${id}${' '.repeat(2000)}${secret}`)[0]).not.toHaveProperty('accessKeyId');
  });

  it('gets the ID with the least between them, on its own line first, and the one before it of two as near', () => {
    const [one, two] = [generateAccessKeyId(), generateAccessKeyId()];
    const other = generateSecretAccessKey();
    const ids = (text: string) => found(text).map(({ accessKeyId }) => accessKeyId);
    expect(ids(`${one}:${secret}\n${two}:${other}`)).toEqual([one, two]);
    expect(ids(`${secret} ${one}\n${other} ${two}`)).toEqual([one, two]);
    expect(ids(`{"secret":"${secret}","id":"${one}"},{"secret":"${other}","id":"${two}"}`)).toEqual([
      one,
      two,
    ]);
  });

  it('gets the ID that its file is named after, as those of a panel are', () => {
    const imported = 'aB3+/cD4=eF5.gH6^iJ7~kL8%mN9-oP0_qR1sT2u';
    const text = `SECRET_ACCESS_KEY='${imported}'\nUSER='admin'\n`;
    const scan = (name?: string) => {
      const chunks = new ChunkScan(name);
      return [
        ...chunks.push(Buffer.from(text.slice(0, 30))),
        ...chunks.push(Buffer.from(text.slice(30))),
        ...chunks.end(),
      ];
    };
    expect(scan(id)).toMatchObject([{ secret: imported, accessKeyId: id, line: 1 }]);
    expect(scan()).toEqual([]);
  });

  it.each([
    ['a long name', `MY_PANEL_HEARTHKEY_SECRET_ACCESS_KEY_FOR_ALL_OF_IT_${secret}`],
    ['names on both sides', `a-name-before-it-that-is-long-${secret}-and-one-behind-it`],
    ['an escape and a name', `\\n${secret}_old`],
  ])('is found in one word with %s', (_with, text) => {
    expect(found(text)).toMatchObject([{ secret, hasChecksum: true }]);
  });

  it('is found behind escapes and in them', () => {
    const imported = 'aB3+/cD4=eF5.gH6^iJ7~kL8%mN9-oP0_qR1sT2u';
    const key = generateLegacyKey();
    expect(found(`access_key%3D${id}%26secret_key%3D${secret}`)).toMatchObject([{ secret, accessKeyId: id }]);
    expect(found(`x\\n${key}\\n`)).toMatchObject([{ secret: key }]);
    expect(found(`hash%3D${key}`)).toMatchObject([{ secret: key }]);
    for (const text of [
      `{"id":"${id}","secret":"${imported.replaceAll('/', '\\/')}"}`,
      `hash=${encodeURIComponent(`${id}:${imported}`)}&cmd=v-list-users`,
      `"${id}:${imported}"`,
    ])
      expect(found(text).map((one) => one.secret)).toContain(imported);
  });

  it('is the secret of an imported key beside its ID, and no hash or name', () => {
    const imported = 'aB3+/cD4=eF5.gH6^iJ7~kL8%mN9-oP0_qR1sT2u';
    expect(found(`ACCESS_KEY_ID='${id}'\nSECRET_ACCESS_KEY='${imported}'`)).toMatchObject([
      { secret: imported, accessKeyId: id, hasChecksum: false },
    ]);
    expect(found(`SECRET_ACCESS_KEY=${imported}`)).toEqual([]);
    expect(found(`${id} da39a3ee5e6b4b0d3255bfef95601890afd80709`)).toEqual([]);
    expect(found('a_rather_long_name_of_something_that_is_40'.slice(0, 40))).toEqual([]);
  });

  it('is a legacy key, and no hash of as many characters', () => {
    const key = generateLegacyKey();
    expect(found(`hash=${key}`)).toMatchObject([{ secret: key }]);
    for (const text of [`+${key}`, `-x\n+${key}\n`, `/data/keys/${key}\n`])
      expect(found(text)).toMatchObject([{ secret: key }]);
    expect(found('d41d8cd98f00b204e9800998ecf8427e')).toEqual([]);
  });

  it('is found with its line wherever the parts of a stream end, and nothing else is', () => {
    const noise = fc.string({ unit: 'binary', maxLength: 4000 });
    fc.assert(
      fc.property(
        fc.array(noise, { maxLength: 4 }),
        fc.array(fc.nat(20_000), { maxLength: 8 }),
        (texts, cuts) => {
          const secrets = texts.map(() => generateSecretAccessKey());
          const text = Buffer.from(texts.map((one, index) => `${one}\n${secrets[index] ?? ''}\n`).join(''));
          const lines = secrets.map(
            (one) => text.subarray(0, text.indexOf(one)).toString('latin1').split('\n').length,
          );
          const located = scanIn(text, cuts).filter(({ hasChecksum }) => hasChecksum);
          expect(located.map((one) => [one.secret, one.line])).toEqual(
            secrets.map((one, index) => [one, lines[index]]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps no more of a stream than its context', () => {
    const scan = new ChunkScan();
    for (let round = 0; round < 50; round++) scan.push(Buffer.alloc(100_000, 'x'));
    expect((scan as unknown as { rest: Buffer }).rest.length).toBeLessThan(10_000);
  });
});
