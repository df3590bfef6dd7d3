import { z } from 'zod';
import { parseRedisUrl, type RedisAddress } from './redis-url.js';

/** Where Redis is, and who we are there. */
export type RedisSettings = RedisAddress & {
  /** A PEM file with certificates to trust besides those that Node.js trusts. */
  caFile: string | undefined;
  /** Of the Sentinels, where they want one; that of the address is for the master. */
  sentinelPassword?: string | undefined;
};

/** No message has the value in it: there may be a password in it. */
export const redisSchema = {
  REDIS_URL: z
    .string()
    .transform((text, context) => {
      const parsed = parseRedisUrl(text);
      if ('address' in parsed) return parsed.address;
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    })
    .optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
};

interface RedisValues {
  REDIS_URL?: RedisAddress | undefined;
  REDIS_CA?: string | undefined;
  REDIS_SENTINEL_PASSWORD?: string | undefined;
}

/** Undefined without an address: then there is no Redis. */
export function resolveRedis(values: RedisValues): RedisSettings | undefined {
  const { REDIS_URL: address, REDIS_CA: caFile, REDIS_SENTINEL_PASSWORD: sentinelPassword } = values;
  return address && { ...address, caFile, ...(sentinelPassword !== undefined && { sentinelPassword }) };
}

/**
 * Whether what belongs together is there together.
 *
 * @param given - the settings that are set, without `HEARTHKEY_`
 */
export function redisProblems(given: Readonly<Record<string, string>>): string[] {
  const address = given['REDIS_URL'] ?? '';
  const problems: string[] = [];
  if (given['REDIS_CA'] !== undefined && !/^rediss(\+\w+)?:/i.test(address))
    problems.push('HEARTHKEY_REDIS_CA: it is for a HEARTHKEY_REDIS_URL that begins with rediss://');
  if (given['REDIS_SENTINEL_PASSWORD'] !== undefined && !/^rediss?\+sentinel:/i.test(address))
    problems.push(
      'HEARTHKEY_REDIS_SENTINEL_PASSWORD: it is for a HEARTHKEY_REDIS_URL that begins with redis+sentinel://',
    );
  return problems;
}
