import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Pepper } from '../secrets/pepper.js';

export type TokenKind = 'session' | 'link';

/** 32 random bytes and 8 of the tag, each in base64url. */
const form = /^([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{11})$/;

/**
 * Secrets of sessions and of login links: 256 random bits, with a tag under the pepper behind them. A made-up one is
 * refused by its tag, so that guesses ask nothing of the store; of a real one the store has a keyed digest alone.
 */
export class SessionTokens {
  constructor(private readonly pepper: Pepper) {}

  make(kind: TokenKind): string {
    const random = randomBytes(32).toString('base64url');
    return random + this.tagOf(kind, random);
  }

  /** @returns where it is found in the store; undefined: it was not made here */
  digestOf(kind: TokenKind, token: string): string | undefined {
    const [, random = '', tag = ''] = form.exec(token) ?? [];
    if (random === '' || !areEqual(tag, this.tagOf(kind, random))) return undefined;
    return this.pepper.tokenDigest(kind, token);
  }

  /** What a page of the session sends back with each change. */
  pageToken(sessionSecret: string): string {
    return this.pepper.pageToken(sessionSecret).toString('base64url');
  }

  isPageToken(sessionSecret: string, text: string): boolean {
    return areEqual(text, this.pageToken(sessionSecret));
  }

  private tagOf(kind: TokenKind, random: string): string {
    return this.pepper.tokenTag(kind, random).toString('base64url');
  }
}

function areEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
