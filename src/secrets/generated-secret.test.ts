import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessKeyIdPattern, legacyKeyPattern, secretAccessKeyPattern } from '../text/names.js';
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
  hasValidChecksum,
  longestSecretPrefix,
} from './generated-secret.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function many(count: number, make: () => string): string[] {
  return Array.from({ length: count }, make);
}

/** How far the counts of characters are from even: chi-square, with one degree less than there are characters. */
function chiSquare(text: string, alphabet: string): number {
  const expected = text.length / alphabet.length;
  const counts = new Map(Array.from(alphabet, (character) => [character, 0]));
  for (const character of text) counts.set(character, (counts.get(character) ?? Number.NaN) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('a generated secret access key', () => {
  it('has 40 characters of letters, digits, _ and -', () => {
    for (const secret of many(200, generateSecretAccessKey)) {
      expect(secret).toMatch(/^[0-9A-Za-z_-]{40}$/);
      expect(secret).toMatch(secretAccessKeyPattern);
    }
  });

  it('carries its checksum in its last six characters', () => {
    for (const secret of many(200, generateSecretAccessKey)) expect(hasValidChecksum(secret)).toBe(true);
  });

  it('begins with a prefix, in place of random characters, and leaves 160 bits of them at least', () => {
    const prefix = fc.stringMatching(/^[A-Za-z0-9_-]{0,7}$/);
    fc.assert(
      fc.property(prefix, (text) => {
        const secret = generateSecretAccessKey(text);
        expect(secret).toMatch(secretAccessKeyPattern);
        expect(secret.startsWith(text) && hasValidChecksum(secret)).toBe(true);
      }),
    );
    expect((34 - longestSecretPrefix) * 6).toBeGreaterThanOrEqual(160);
    expect(() => generateSecretAccessKey('x'.repeat(longestSecretPrefix + 1))).toThrow();
  });

  it('is found out when any one character of it is mistyped', () => {
    const characters = Array.from(`${base62}_-=`);
    for (const secret of many(5, generateSecretAccessKey)) {
      for (let place = 0; place < secret.length; place++) {
        for (const character of characters) {
          if (secret[place] === character) continue;
          const mistyped = secret.slice(0, place) + character + secret.slice(place + 1);
          expect(hasValidChecksum(mistyped) ? mistyped : '').toBe('');
        }
      }
    }
  });

  it('is found out when two neighbours are swapped', () => {
    fc.assert(
      fc.property(fc.nat(38), (place) => {
        const secret = generateSecretAccessKey();
        fc.pre(secret[place] !== secret[place + 1]);
        const swapped =
          secret.slice(0, place) + secret[place + 1]! + secret[place]! + secret.slice(place + 2);
        expect(hasValidChecksum(swapped)).toBe(false);
      }),
    );
  });

  it('is not believed when it is cut or has more at its end', () => {
    const secret = generateSecretAccessKey();
    expect(hasValidChecksum(secret.slice(0, 39))).toBe(false);
    expect(hasValidChecksum(`${secret}0`)).toBe(false);
    expect(hasValidChecksum('')).toBe(false);
  });

  it('has in its checksum the CRC-32 in base 62, which is how a leaked one is recognised', () => {
    const text = '0'.repeat(34);
    let checksum = '';
    for (let value = crcOf(text); checksum.length < 6; value = Math.floor(value / 62)) {
      checksum = base62.charAt(value % 62) + checksum;
    }
    expect(hasValidChecksum(text + checksum)).toBe(true);
  });
});

describe('what is generated', () => {
  it.each([
    ['an access key ID', generateAccessKeyId, accessKeyIdPattern],
    ['a legacy key', generateLegacyKey, legacyKeyPattern],
  ])('as %s has its form', (_what, generate, pattern) => {
    for (const text of many(200, generate)) expect(text).toMatch(pattern);
  });

  it.each([
    ['access key IDs', generateAccessKeyId],
    ['secrets', generateSecretAccessKey],
    ['legacy keys', generateLegacyKey],
  ])('never comes twice among %s', (_what, generate) => {
    expect(new Set(many(10_000, generate)).size).toBe(10_000);
  });

  it.each([
    ['access key IDs', () => generateAccessKeyId(), base62],
    ['secrets', () => generateSecretAccessKey().slice(0, 34), `${base62}_-`],
    ['legacy keys', () => generateLegacyKey(), `${base62}_-`],
  ])('favours no character in %s', (_what, generate, alphabet) => {
    // 256 bytes over 62 characters taken modulo would give the first eight a quarter more: chi-square above 2000 here.
    // For an even spread it stays below 150 but once in some hundred million runs.
    expect(chiSquare(many(10_000, generate).join(''), alphabet)).toBeLessThan(150);
  });
});

/** CRC-32 bit by bit, as in its definition. */
function crcOf(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
