import { hash, randomBytes } from 'node:crypto';

interface Seen {
  secretVersion: string;
  digest: string;
  /** Another version that is in use: a secret and the one before it may both count. */
  other: Seen | undefined;
}

/** Of one key. */
const versionsKept = 3;

/**
 * Secrets that this process has itself found right, as digests under a salt that it drew at its start and shows
 * nobody: a version of a key has one secret, so any other is wrong. What isn't here is asked for elsewhere, so it may
 * forget whatever it likes; failures push nothing out.
 */
export class SeenSecrets {
  private readonly salt = randomBytes(32).toString('base64');
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly limit = 200_000) {}

  /** @returns whether it is the right one; undefined: that isn't known here */
  isRight(keyId: string, secretVersion: string, secret: string): boolean | undefined {
    let seen = this.seen.get(keyId);
    while (seen !== undefined && seen.secretVersion !== secretVersion) seen = seen.other;
    // Also where there is nothing to compare it with, so that the time does not tell.
    const digest = this.digest(secret);
    return seen && areEqual(seen.digest, digest);
  }

  /** Only ever called for a secret that was right. */
  add(keyId: string, secretVersion: string, secret: string): void {
    const known = this.seen.get(keyId);
    if (this.seen.size >= this.limit && known === undefined) {
      for (const oldest of this.seen.keys()) {
        this.seen.delete(oldest);
        break;
      }
    }
    const other = newest(known, versionsKept - 1, secretVersion);
    this.seen.set(keyId, { secretVersion, digest: this.digest(secret), other });
  }

  /** 44 characters. Whose secret it is stands beside it. */
  private digest(secret: string): string {
    return hash('sha256', this.salt + secret, 'base64');
  }
}

/** So many of them, without this version. */
function newest(seen: Seen | undefined, count: number, except: string): Seen | undefined {
  if (seen === undefined || count === 0) return undefined;
  if (seen.secretVersion === except) return newest(seen.other, count, except);
  return { ...seen, other: newest(seen.other, count - 1, except) };
}

/** In constant time for texts of one length. */
function areEqual(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
