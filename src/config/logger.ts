import { pino, type Logger } from 'pino';
import { visibleLines } from '../text/visible-text.js';

export type { Logger };

const secretNames = [
  ...['secret', 'secretAccessKey', 'secret_key', 'password', 'hash', 'credential', 'credentials'],
  ...['authorization', 'cookie', 'pepper', 'databaseUrl', 'redisUrl', 'sentinelPassword'],
];

/** Of objects and of what is in them. */
export const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Lines of JSON on standard error; standard output is for what a person is meant to read. */
export function createLogger(level: string): Logger {
  const destination = pino.destination({ fd: 2, sync: true });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Nothing is logged that has these; should it ever happen, it stays unreadable.
      redact: { paths: redactedPaths, censor: '***' },
    },
    // JSON escapes only the control characters of ASCII, and these lines are read at terminals.
    { write: (line: string) => void destination.write(visibleLines(line)) },
  );
}
