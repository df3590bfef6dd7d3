import { expect, it } from '@jest/globals';
import { Pepper } from '../secrets/pepper.js';
import { SessionTokens } from './session-tokens.js';

const tokens = new SessionTokens(new Pepper(Buffer.alloc(32, 1)));
const others = new SessionTokens(new Pepper(Buffer.alloc(32, 2)));

it('a token has 256 random bits and a tag, and one digest', () => {
  const token = tokens.make('session');
  expect(token).toMatch(/^[\w-]{54}$/);
  expect(tokens.make('session')).not.toBe(token);
  expect(tokens.digestOf('session', token)).toMatch(/^[0-9a-f]{64}$/);
  expect(tokens.digestOf('session', token)).toBe(tokens.digestOf('session', token));
});

it('is none of another kind, of another pepper, or changed in any place', () => {
  const token = tokens.make('session');
  expect(tokens.digestOf('link', token)).toBeUndefined();
  expect(others.digestOf('session', token)).toBeUndefined();
  for (const place of token.split('').keys()) {
    const changed = `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`;
    expect(tokens.digestOf('session', changed)).toBeUndefined();
  }
  for (const text of ['', token.slice(1), `${token}A`, `${token}\n`])
    expect(tokens.digestOf('session', text)).toBeUndefined();
});

it('the token of a page is that of its session alone', () => {
  const [one, other] = [tokens.make('session'), tokens.make('session')];
  expect(tokens.isPageToken(one, tokens.pageToken(one))).toBe(true);
  expect(tokens.isPageToken(one, tokens.pageToken(other))).toBe(false);
  expect(tokens.isPageToken(one, '')).toBe(false);
});
