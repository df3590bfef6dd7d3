import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** How the connection is protected, with libpq's words and meanings. */
const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** A PostgreSQL database, and how to get there. */
export interface DatabaseServer {
  /** A name, an address, or the folder of the server's Unix socket. */
  host: string;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  sslMode: (typeof tlsModes)[number];
  /** A PEM file with certificates to trust instead of those that Node.js trusts. */
  rootCertFile: string | undefined;
}

/** Where the database is, for messages: nothing in it is secret. */
export function placeOf({ host, port, database }: DatabaseServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}/${database}`;
}

const example = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';
const known = new Set(['host', 'user', 'sslmode', 'sslrootcert']);
/** Addresses of this machine itself: what is sent there is on no wire. */
const thisMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\/.*)$/;

/** No message has any part of the value in it: what looks like a host may be half of a password. */
export const databaseUrl = z.string().transform((text, context) => {
  const parsed = parseDatabaseUrl(text);
  if ('server' in parsed) return parsed.server;
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});

/**
 * Reads the address of a PostgreSQL database. Without `sslmode` a connection to another machine has to be encrypted,
 * to a server whose certificate is right.
 *
 * @returns the address; or what is wrong, without any part of it
 */
export function parseDatabaseUrl(text: string): { server: DatabaseServer } | { problem: string } {
  const form = `expected ${example} (special characters in its parts as %XX)`;
  if (!URL.canParse(text)) return { problem: form };
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') return { problem: form };
  const options = url.searchParams;
  const [host, user, database, password] = [
    decoded(url.hostname).replace(/^\[(.*)\]$/, '$1') || (options.get('host') ?? ''),
    decoded(url.username) || (options.get('user') ?? ''),
    decoded(url.pathname.slice(1)),
    decoded(url.password),
  ];
  // A password with a bare / or # in it ends up in the wrong parts, from where it would get into messages.
  if (host === '' || database === '' || text.includes('#') || /[/@]/.test(url.pathname.slice(1))) {
    return { problem: form };
  }
  if ([...options.keys()].some((name) => !known.has(name))) {
    return { problem: `after the ? only ${[...known].join(', ')} are known; ${form}` };
  }
  if (user === '') return { problem: `there is no user name in it; ${form}` };
  const sslMode = options.get('sslmode') ?? (thisMachine.test(host) ? 'disable' : 'verify-full');
  if (!isTlsMode(sslMode)) return { problem: `sslmode can be ${tlsModes.join(', ')}` };
  const rootCertFile = options.get('sslrootcert') ?? undefined;
  if (rootCertFile !== undefined && !isAbsolute(rootCertFile)) {
    return { problem: 'sslrootcert has to be an absolute path' };
  }
  const port = url.port === '' ? 5432 : Number(url.port);
  const server = { host, port, database, user, password: password || undefined, sslMode, rootCertFile };
  return { server };
}

function isTlsMode(text: string): text is DatabaseServer['sslMode'] {
  return (tlsModes as readonly string[]).includes(text);
}

/** Empty where it can't be decoded, which is no good for any part. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
