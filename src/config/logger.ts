import { pino, type Logger } from 'pino';

export type { Logger };

const secretNames = [
  ...['secret', 'secretAccessKey', 'secret_key', 'password', 'hash', 'credential', 'credentials'],
  ...['authorization', 'cookie', 'pepper', 'databaseUrl', 'redisUrl'],
];

/** Of objects and of what is in them. */
export const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Lines of JSON on standard error; standard output is for what a person is meant to read. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Nothing is logged that has these; should it ever happen, it stays unreadable.
      redact: { paths: redactedPaths, censor: '***' },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
