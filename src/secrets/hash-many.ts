import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ReturnCode } from '../errors.js';
import type { SlowHash } from './slow-hash.js';

const retryMs = 100;
/** Half a minute without a place in the queue: somebody else has to go first, for long. */
const maxRetries = 300;

/**
 * Hashes many secrets and leaves room for others: one thread of the pool stays free (where it has more than one), so
 * that requests which need a slow hash don't queue up behind these.
 *
 * @returns the hashes, in the order of the secrets
 * @throws AppError 14 when the pool stays too busy
 */
export async function hashMany(slowHash: SlowHash, secrets: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  const rest = secrets.entries();
  const lane = async (): Promise<void> => {
    for (const [index, secret] of rest) hashes[index] = await hashPatiently(slowHash, secret);
  };
  await Promise.all(Array.from({ length: Math.max(1, slowHash.concurrency - 1) }, lane));
  return hashes;
}

async function hashPatiently(slowHash: SlowHash, secret: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      return await slowHash.hash(secret);
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === ReturnCode.BUSY;
      if (!isBusy || tries >= maxRetries) throw error;
      await sleep(retryMs);
    }
  }
}
