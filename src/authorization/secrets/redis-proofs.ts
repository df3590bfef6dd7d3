import type { RedisConnection } from '../../storage/redis/redis-connection.js';

/** An HMAC-SHA256 (secrets/pepper.ts). */
const proofBytes = 32;

/**
 * An entry goes by itself, because nobody else would take out those of deleted keys and old secrets. Its use doesn't
 * prolong it: a node that has seen a proof match never asks for it again, so the use would rarely be seen here. All
 * that it costs is one argon2 run for a key in 30 days, and only if a node without that proof comes to know the key.
 */
const lifetimeSeconds = 30 * 24 * 60 * 60;

/**
 * The proofs that all nodes share. Redis may lose them at any time, and need not be trusted: what it has is compared
 * with what the secret at hand has to give, which nobody can forge without the pepper. Neither method throws.
 */
export class RedisProofs {
  constructor(private readonly redis: Pick<RedisConnection, 'ask'>) {}

  async get(keyId: string, secretVersion: string): Promise<Buffer | undefined> {
    // One byte more than a proof has: whatever somebody has put here, no more than that comes back.
    const found = await this.redis.ask('GETRANGE', entryName(keyId, secretVersion), '0', String(proofBytes));
    return Buffer.isBuffer(found) && found.length === proofBytes ? found : undefined;
  }

  /** Only ever called for a secret that was right. */
  async add(keyId: string, secretVersion: string, proof: Buffer): Promise<void> {
    await this.redis.ask('SET', entryName(keyId, secretVersion), proof, 'EX', String(lifetimeSeconds));
  }
}

function entryName(keyId: string, secretVersion: string): string {
  return `hearthkey:proof:${keyId}:${secretVersion}`;
}
