import { describe, expect, it } from '@jest/globals';
import { SeenSecrets } from './seen-secrets.js';

const secret = 's'.repeat(40);

describe('a secret that was seen', () => {
  const seen = new SeenSecrets();
  seen.add('key', 'version', secret);

  it('is known for its key and version alone', () => {
    expect(seen.isRight('key', 'version', secret)).toBe(true);
    expect(seen.isRight('key', 'version', `${secret.slice(1)}x`)).toBe(false);
    expect(seen.isRight('key', 'version', '')).toBe(false);
    expect(seen.isRight('other', 'version', secret)).toBeUndefined();
    expect(seen.isRight('key', 'another', secret)).toBeUndefined();
  });

  it('stands beside others of its key, the newest three of them', () => {
    const some = new SeenSecrets();
    for (const version of ['a', 'b', 'c', 'b', 'd']) some.add('key', version, version + secret);
    const known = ['a', 'b', 'c', 'd'].map((version) => some.isRight('key', version, version + secret));
    expect(known).toEqual([undefined, true, true, true]);
    expect(some.isRight('key', 'b', `c${secret}`)).toBe(false);
  });

  it('may be renewed', () => {
    const some = new SeenSecrets();
    for (const sent of [secret, `x${secret}`]) some.add('key', 'version', sent);
    expect(some.isRight('key', 'version', `x${secret}`)).toBe(true);
    expect(some.isRight('key', 'version', secret)).toBe(false);
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
    expect(['a', 'b', 'c'].map((key) => few.isRight(key, 'version', secret))).toEqual([
      undefined,
      true,
      true,
    ]);
  });
});
