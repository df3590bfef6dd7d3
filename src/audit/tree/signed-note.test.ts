import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, verify } from 'node:crypto';
import { AuditKey, formatVerifierKey, keyId, parseVerifierKey, publicKeyObject } from '../key/audit-key.js';
import { emptyRoot } from './merkle.js';
import { cosign, cosignedAt, openCheckpoint, parseCheckpoint, signCheckpoint } from './signed-note.js';

const key = AuditKey.generate();
const witness = AuditKey.generate();
const checkpoint = { origin: `hearthkey/${'c'.repeat(32)}`, size: 20, root: emptyRoot };
const note = signCheckpoint(key, checkpoint);

describe('a signed checkpoint', () => {
  it('has the form of C2SP: three lines, an empty one, and a signature line', () => {
    const root = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
    expect(note).toMatch(/^[^\n]+\n\d+\n\S+\n\n\u2014 hearthkey-[0-9a-f]{12} [A-Za-z0-9+/=]+\n$/);
    expect(note.split('\n').slice(0, 3)).toEqual([checkpoint.origin, '20', root]);
    const blob = Buffer.from(note.trim().split(' ').at(-1) ?? '', 'base64');
    expect(blob.subarray(0, 4)).toEqual(keyId(key.verifierKey, 1));
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    expect(verify(null, Buffer.from(text), publicKeyObject(key.publicKey), blob.subarray(4))).toBe(true);
  });

  it('is opened with the key that signed it, and counts only bit for bit', () => {
    expect(openCheckpoint(note, key.verifierKey)).toEqual(checkpoint);
    expect(openCheckpoint(note, witness.verifierKey)).toBeUndefined();
    for (const altered of [note.replace('\n20\n', '\n21\n'), note.replace('ccc', 'ddd'), note.slice(1), ''])
      expect(openCheckpoint(altered, key.verifierKey)).toBeUndefined();
    expect(parseCheckpoint(note)).toEqual(checkpoint);
  });

  it('is signed by a witness with the time, for that checkpoint alone', () => {
    const line = cosign(witness, note, 1_700_000_000_999);
    expect(cosignedAt(note, line, witness.verifierKey)).toBe(1_700_000_000);
    expect(cosignedAt(note, line, key.verifierKey)).toBeUndefined();
    const other = signCheckpoint(key, { ...checkpoint, size: 21 });
    expect(cosignedAt(other, line, witness.verifierKey)).toBeUndefined();
    // With the witness's line behind it, the note is still the node's.
    expect(openCheckpoint(note + line, key.verifierKey)).toEqual(checkpoint);
  });
});

describe('a verifier key', () => {
  it('is the one of the signed-note specification', () => {
    // https://c2sp.org/signed-note: the identifier is of name, newline, kind and key.
    const text = formatVerifierKey(key.verifierKey);
    expect(parseVerifierKey(text)).toEqual(key.verifierKey);
    expect(parseVerifierKey(text.replace('hearthkey-', 'hearthkez-'))).toBeUndefined();
    expect(parseVerifierKey('nothing')).toBeUndefined();
  });

  it('is of the key in the PEM file', () => {
    expect(AuditKey.fromPem(key.pem).verifierKey).toEqual(key.verifierKey);
    expect(createPrivateKey(key.pem).asymmetricKeyType).toBe('ed25519');
  });
});
