import { describe, expect, it } from '@jest/globals';
import { SeenSecrets } from './seen-secrets.js';

const secret = 's'.repeat(40);

describe('a secret that was seen', () => {
  const seen = new SeenSecrets();
  seen.add('key', 'version', secret);

  it('is known for its key and version alone', () => {
    expect(seen.has('key', 'version', secret)).toBe(true);
    expect(seen.has('other', 'version', secret)).toBe(false);
    expect(seen.has('key', 'another', secret)).toBe(false);
    expect(seen.has('key', 'version', `${secret.slice(1)}x`)).toBe(false);
    expect(seen.has('key', 'version', '')).toBe(false);
  });

  it('is replaced by the next of its key', () => {
    seen.add('key', 'next', secret);
    expect(seen.has('key', 'next', secret)).toBe(true);
    expect(seen.has('key', 'version', secret)).toBe(false);
  });

  it('is not kept as it is, nor as something that another process could tell', () => {
    const other = new SeenSecrets();
    other.add('key', 'next', secret);
    const kept = (one: SeenSecrets): string =>
      JSON.stringify([...(one as unknown as { seen: Map<string, object> }).seen]);
    expect(kept(other)).not.toContain(secret);
    expect(kept(other)).not.toBe(kept(seen));
  });

  it('is forgotten, the oldest first, when there are too many', () => {
    const few = new SeenSecrets(2);
    for (const key of ['a', 'b', 'b', 'c']) few.add(key, 'version', secret);
    expect(['a', 'b', 'c'].map((key) => few.has(key, 'version', secret))).toEqual([false, true, true]);
  });
});
