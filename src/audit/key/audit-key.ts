import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { decodeBase64 } from '../../text/base64.js';

/** The kinds of signatures of C2SP: of a signed note, and of a witness (tlog-cosignature). */
export const signatureKinds = { note: 0x01, cosignature: 0x04 } as const;

/** A public key as C2SP writes it: `NAME+ID+BASE64`, where the base64 text is the kind and the 32 bytes of Ed25519. */
export interface VerifierKey {
  name: string;
  publicKey: Buffer;
}

/**
 * The key of a node's audit record: Ed25519. It signs the heads of the record, and the keys of the MACs are derived
 * from it. Nobody without it can add a line or alter one.
 */
export class AuditKey {
  readonly name: string;
  readonly publicKey: Buffer;
  private readonly seed: Buffer;

  constructor(private readonly privateKey: KeyObject) {
    const { d, x } = privateKey.export({ format: 'jwk' });
    if (privateKey.asymmetricKeyType !== 'ed25519' || d === undefined || x === undefined)
      throw new Error('it is no private key of Ed25519');
    this.seed = Buffer.from(d, 'base64url');
    this.publicKey = Buffer.from(x, 'base64url');
    this.name = `hearthkey-${createHash('sha256').update(this.publicKey).digest('hex').slice(0, 12)}`;
  }

  static generate(): AuditKey {
    return new AuditKey(generateKeyPairSync('ed25519').privateKey);
  }

  static fromPem(pem: string): AuditKey {
    return new AuditKey(createPrivateKey(pem));
  }

  get pem(): string {
    return this.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  }

  get verifierKey(): VerifierKey {
    return { name: this.name, publicKey: this.publicKey };
  }

  /** 32 bytes for one purpose (HKDF-SHA256). */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.seed, '', `hearthkey audit ${purpose}`, 32));
  }

  sign(message: Buffer): Buffer {
    return sign(null, message, this.privateKey);
  }
}

/** The four bytes that name a key in a signature line. */
export function keyId({ name, publicKey }: VerifierKey, kind: number): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([kind]), publicKey]);
  return createHash('sha256').update(text).digest().subarray(0, 4);
}

export function formatVerifierKey(key: VerifierKey): string {
  const { note } = signatureKinds;
  const bytes = Buffer.concat([Buffer.from([note]), key.publicKey]);
  return `${key.name}+${keyId(key, note).toString('hex')}+${bytes.toString('base64')}`;
}

/** Undefined: it is no such key. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id, base64] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text.trim()) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) return undefined;
  const bytes = decodeBase64(base64);
  if (bytes?.length !== 33 || bytes[0] !== signatureKinds.note) return undefined;
  const key = { name, publicKey: bytes.subarray(1) };
  return keyId(key, signatureKinds.note).toString('hex') === id ? key : undefined;
}

/** The same for Node.js' own functions. */
export function publicKeyObject(publicKey: Buffer): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}
