import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { makeWholeFile } from '../storage/sqlite/whole-file.js';
import { systemReason } from '../text/system-reason.js';

const purposes = {
  ...{ identifier: 'id', tag: 'tag', proof: 'proof', legacyIndex: 'legacy' },
  ...{ token: 'token', tokenDigest: 'token digest', pageToken: 'page token' },
  ...{ challenge: 'challenge', userHandle: 'user handle', change: 'change' },
} as const;

/**
 * The service's own secret, 32 random bytes in a file of mode 0600. Keyed digests of generated secrets are made with
 * it, so that neither the database nor Redis alone lets anybody test a guess. Each purpose has its own digest space.
 */
export class Pepper {
  constructor(private readonly key: Buffer) {}

  /** Names this pepper without giving it away; kept in the database, so that a node with another one is found out. */
  identifier(): string {
    return this.digest(purposes.identifier).toString('hex');
  }

  /** 32 bits that refuse almost every wrong guess before argon2 is asked; 8 hexadecimal digits. */
  tag(keyId: string, secretVersion: string, secret: string): string {
    return this.digest(purposes.tag, keyId, secretVersion, secret).subarray(0, 4).toString('hex');
  }

  /** 32 bytes that say "this secret belongs to this key, in this version" in place of repeating a slow hash. */
  proof(keyId: string, secretVersion: string, secret: string): Buffer {
    return this.digest(purposes.proof, keyId, secretVersion, secret);
  }

  /** Where a legacy key is found in the store; 64 hexadecimal digits. */
  legacyIndex(legacyKey: string): string {
    return this.digest(purposes.legacyIndex, legacyKey).toString('hex');
  }

  /** 8 bytes at the end of a token: whether it was made here is known without asking the store. */
  tokenTag(kind: string, random: string): Buffer {
    return this.digest(purposes.token, kind, random).subarray(0, 8);
  }

  /** Where a token is found in the store; 64 hexadecimal digits. */
  tokenDigest(kind: string, token: string): string {
    return this.digest(purposes.tokenDigest, kind, token).toString('hex');
  }

  /** What the pages of a session send back with each change, which no page of another origin can read. */
  pageToken(sessionSecret: string): Buffer {
    return this.digest(purposes.pageToken, sessionSecret);
  }

  /** 32 bytes that say that a challenge was made here, for that purpose. */
  challengeSeal(purpose: string, challenge: string): Buffer {
    return this.digest(purposes.challenge, purpose, challenge);
  }

  /** What authenticators call a user: it tells nobody who that is. */
  userHandle(name: string, createdAtMs: number): Buffer {
    return this.digest(purposes.userHandle, name, String(createdAtMs));
  }

  /** Names a change by all that it depends on, which may hold a secret; 64 hexadecimal digits. */
  changeHash(exactText: string): string {
    return this.digest(purposes.change, exactText).toString('hex');
  }

  /** The secret itself, as its file has it: only for a copy that was asked for with it. */
  inBase64(): string {
    return this.key.toString('base64');
  }

  private digest(purpose: string, ...parts: string[]): Buffer {
    const hmac = createHmac('sha256', this.key).update(purpose);
    // NUL can't be in any part (all are parsed before), so parts can't be moved from one place into another.
    for (const part of parts) hmac.update('\0').update(part);
    return hmac.digest();
  }
}

export class PepperError extends Error {}

/** Reads the pepper of an existing installation; undefined when there is no such file. */
export function readPepper(file: string): Pepper | undefined {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PepperError(`the pepper file ${file} can't be read: ${systemReason(error)}`);
  }
  const pepper = parsePepper(text);
  if (pepper === undefined) throw new PepperError(`the pepper file ${file} does not hold 32 bytes in base64`);
  return pepper;
}

/** The pepper as its file has it; undefined where the text is none. */
export function parsePepper(text: string): Pepper | undefined {
  const key = Buffer.from(text, 'base64');
  return key.length === 32 ? new Pepper(key) : undefined;
}

/** Makes a pepper and its file, which must not be there yet; it is on the disk when this returns. */
export function createPepper(file: string): Pepper {
  const key = randomBytes(32);
  makeWholeFile(file, `${key.toString('base64')}\n`);
  return new Pepper(key);
}
