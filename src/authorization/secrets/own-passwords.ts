import { randomBytes } from 'node:crypto';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { Database, Transaction } from '../../storage/database.js';
import type { PasswordVerifier } from './password-verifier.js';

/** Who says whether a password is that of a user. */
export interface PasswordJudge {
  /**
   * @param address - where it came from
   * @returns whether it still counts, as part of the change that rests on it; undefined: it is wrong
   * @throws AppError 14 when too many are being checked
   */
  judge(
    user: string,
    password: string,
    address: string,
  ): Promise<((trx: Transaction) => Promise<boolean>) | undefined>;
}

export interface OwnPasswordsParts {
  store: { passwordHash(name: string, db?: Database | Transaction): Promise<string | null | undefined> };
  verifier: PasswordVerifier;
  slowHash: SlowHash;
}

/** Passwords that are kept here. It takes as long to say no to a name that nobody has as to a wrong password. */
export class OwnPasswords implements PasswordJudge {
  private decoy: Promise<string> | undefined;

  constructor(private readonly parts: OwnPasswordsParts) {}

  async judge(user: string, password: string, address: string) {
    const { store, verifier } = this.parts;
    const decoy = await this.decoyHash();
    const hash = (await store.passwordHash(user)) ?? undefined;
    const isRight = await verifier.verify(user, hash ?? decoy, password, address);
    if (!isRight || hash === undefined) return undefined;
    return async (trx: Transaction) => (await store.passwordHash(user, trx)) === hash;
  }

  /** Of no password. */
  private decoyHash(): Promise<string> {
    this.decoy ??= this.parts.slowHash.hash(randomBytes(32).toString('hex')).catch((error: unknown) => {
      this.decoy = undefined;
      throw error;
    });
    return this.decoy;
  }
}
