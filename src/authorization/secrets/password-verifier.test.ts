import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/folders.js';
import { ReturnCode } from '../../errors.js';
import { createPepper } from '../../secrets/pepper.js';
import { SlowHash } from '../../secrets/slow-hash.js';
import { PasswordVerifier } from './password-verifier.js';
import { SeenSecrets } from './seen-secrets.js';

describe('a flood of wrong passwords', () => {
  it('from one address is bounded, and a right one from another address is accepted meanwhile', async () => {
    const slowHash = new SlowHash({ concurrency: 1, queueLength: 64 });
    const hash = await slowHash.hash('correct-horse-1');
    const pepper = createPepper(join(temporaryFolder(), 'pepper'));
    const verifier = new PasswordVerifier(new SeenSecrets(), slowHash, pepper);
    const guesses = Array.from({ length: 100 }, (_, index) =>
      verifier.verify('admin', hash, `guess-${String(index)}`, '192.0.2.1'),
    );
    const settled = Promise.allSettled(guesses);
    expect(await verifier.verify('admin', hash, 'correct-horse-1', '192.0.2.2')).toBe(true);
    const answers = await settled;
    const refused = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused).toHaveLength(92);
    expect(refused[0]).toMatchObject({ code: ReturnCode.BUSY });
    expect(answers).toContainEqual({ status: 'fulfilled', value: false });
    // None of them waits any more.
    expect(await verifier.verify('alice', hash, 'another guess', '192.0.2.1')).toBe(false);
  });
});
