import { z } from 'zod';

/** Where Redis is, and who we are there. */
export interface RedisSettings {
  host: string;
  port: number;
  usesTls: boolean;
  username: string | undefined;
  password: string | undefined;
  database: number;
  /** A PEM file with certificates to trust besides those that Node.js trusts. */
  caFile: string | undefined;
}

type RedisAddress = Omit<RedisSettings, 'caFile'>;

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
};

/** Undefined without an address: then there is no Redis. */
export function resolveRedis(
  address: RedisAddress | undefined,
  caFile: string | undefined,
): RedisSettings | undefined {
  return address && { ...address, caFile };
}

/** Whether what belongs together is there together. */
export function redisProblems(address: string | undefined, caFile: string | undefined): string[] {
  if (caFile === undefined || /^rediss:/i.test(address ?? '')) return [];
  return ['HEARTHKEY_REDIS_CA: it is for a HEARTHKEY_REDIS_URL that begins with rediss://'];
}

/** @returns the address, or what is wrong, without any part of the address in it */
export function parseRedisUrl(text: string): { address: RedisAddress } | { problem: string } {
  // Said first: a # or ? in a password ends it, and what is left is an address of another kind.
  if (/[?#]/.test(text)) {
    return { problem: 'there may be no ? or # in it; in a password they are written %3F and %23' };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    return { problem: 'expected an address such as redis://127.0.0.1:6379 or rediss://redis.example.com' };
  }
  const database = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (database === undefined)
    return { problem: 'expected nothing or the number of a database after the host' };
  const [username, password] = [decoded(url.username), decoded(url.password)];
  if (username === undefined || password === undefined) {
    return { problem: 'a % in a user name or password is written %25' };
  }
  if (username !== '' && password === '') return { problem: 'a user name needs a password after it' };
  return {
    address: {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? 6379 : Number(url.port),
      usesTls: url.protocol === 'rediss:',
      username: username === '' ? undefined : username,
      password: password === '' ? undefined : password,
      database: Number(database),
    },
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
