import { describe, expect, it } from '@jest/globals';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/support/folders.js';
import { createPepper, PepperError, readPepper } from './pepper.js';

function pepperFile(): string {
  return join(temporaryFolder(), 'pepper');
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

describe('the pepper file', () => {
  it('is open to its owner alone', () => {
    const file = pepperFile();
    createPepper(file);
    expect(modeOf(file)).toBe(0o600);
  });

  it('is closed to others when it is found open', () => {
    const file = pepperFile();
    createPepper(file);
    chmodSync(file, 0o644);
    readPepper(file);
    expect(modeOf(file)).toBe(0o600);
  });

  it('gives the same pepper at every start', () => {
    const file = pepperFile();
    expect(createPepper(file).identifier()).toBe(readPepper(file)?.identifier());
  });

  it('holds another pepper in every installation', () => {
    expect(createPepper(pepperFile()).identifier()).not.toBe(createPepper(pepperFile()).identifier());
  });

  it('is never written over', () => {
    const file = pepperFile();
    createPepper(file);
    const before = readFileSync(file);
    expect(() => createPepper(file)).toThrow(/EEXIST/);
    expect(readFileSync(file)).toEqual(before);
  });

  it('is not made through a link that somebody laid in its place', () => {
    const file = pepperFile();
    symlinkSync(`${file}-elsewhere`, file);
    expect(() => createPepper(file)).toThrow(/EEXIST/);
  });

  it('may be missing: that is told apart from one that can not be read', () => {
    expect(readPepper(pepperFile())).toBeUndefined();
    expect(() => readPepper(temporaryFolder())).toThrow(PepperError);
  });

  it.each([
    ['is empty', ''],
    ['is too short', Buffer.alloc(31).toString('base64')],
    ['is too long', Buffer.alloc(33).toString('base64')],
    ['is no base64', 'what is this?'],
  ])('is refused by its name when it %s', (_what, text) => {
    const file = pepperFile();
    writeFileSync(file, text);
    expect(() => readPepper(file)).toThrow(PepperError);
    expect(() => readPepper(file)).toThrow(file);
  });

  it('never shows what it holds in an error', () => {
    const file = pepperFile();
    const text = Buffer.alloc(31, 7).toString('base64');
    writeFileSync(file, text);
    expect(() => readPepper(file)).not.toThrow(text);
  });
});

describe('a keyed digest', () => {
  const pepper = createPepper(pepperFile());
  const other = createPepper(pepperFile());
  const parts = ['InNqgp01kO3v0W22eg6Z', '0011223344556677', 'a'.repeat(40)] as const;

  it('is the same for the same parts', () => {
    expect(pepper.proof(...parts)).toEqual(pepper.proof(...parts));
    expect(pepper.tag(...parts)).toBe(pepper.tag(...parts));
  });

  it('is another one with another pepper', () => {
    expect(other.proof(...parts)).not.toEqual(pepper.proof(...parts));
    expect(other.tag(...parts)).not.toBe(pepper.tag(...parts));
    expect(other.legacyIndex('key')).not.toBe(pepper.legacyIndex('key'));
  });

  it('is another one for each purpose: the tag is no piece of the proof', () => {
    expect(pepper.proof(...parts).toString('hex')).not.toContain(pepper.tag(...parts));
    expect(pepper.legacyIndex('x')).not.toBe(pepper.proof('x', '', '').toString('hex'));
    expect(pepper.identifier()).not.toBe(pepper.legacyIndex(''));
  });

  it('is another one when a character moves from one part into its neighbour', () => {
    expect(pepper.proof('ab', 'c', 'd')).not.toEqual(pepper.proof('a', 'bc', 'd'));
    expect(pepper.proof('a', 'bc', 'd')).not.toEqual(pepper.proof('a', 'b', 'cd'));
    expect(pepper.proof('a', '', 'b')).not.toEqual(pepper.proof('', 'a', 'b'));
  });

  it('changes with each part: the key, the version of its secret, the secret', () => {
    const digests = [
      pepper.proof('a', 'b', 'c'),
      pepper.proof('x', 'b', 'c'),
      pepper.proof('a', 'x', 'c'),
      pepper.proof('a', 'b', 'x'),
    ].map((digest) => digest.toString('hex'));
    expect(new Set(digests).size).toBe(4);
  });

  it('has the promised length: 32 bits for a tag, 256 for a proof and for the index', () => {
    expect(pepper.tag(...parts)).toMatch(/^[0-9a-f]{8}$/);
    expect(pepper.proof(...parts)).toHaveLength(32);
    expect(pepper.legacyIndex('key')).toMatch(/^[0-9a-f]{64}$/);
    expect(pepper.identifier()).toMatch(/^[0-9a-f]{64}$/);
  });
});
