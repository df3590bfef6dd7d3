import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type pg from 'pg';
import type { DatabaseHost, DatabaseServer } from '../../config/database-url.js';

/** So much for one host, and twice that for all hosts together: a request waits no longer for an answer. */
const connectTimeoutMs = 5_000;
/** A host that went away without a word is noticed on a connection that only listens, too. */
const silentForMs = 10_000;

/** How a connection to one of the hosts is made. A pooler knows each of these parameters. */
export function connectionOptions(server: DatabaseServer, { host, port }: DatabaseHost): pg.ClientConfig {
  const { hosts, database, user, password } = server;
  return {
    ...{ host, port, database, user, password },
    ssl: tlsOptions(server),
    application_name: 'hearthkey',
    connectionTimeoutMillis: Math.min(connectTimeoutMs, (2 * connectTimeoutMs) / hosts.length),
    keepAlive: true,
    keepAliveInitialDelayMillis: silentForMs,
  };
}

/** As libpq understands `sslmode`: `require` encrypts and, without a root certificate, looks at no certificate. */
function tlsOptions({ sslMode, rootCertFile }: DatabaseServer): ConnectionOptions | false {
  if (sslMode === 'disable') return false;
  const trusted = rootCertFile === undefined ? {} : { ca: readFileSync(rootCertFile) };
  if (sslMode === 'verify-full') return { ...trusted, rejectUnauthorized: true };
  if (sslMode === 'require' && rootCertFile === undefined) return { rejectUnauthorized: false };
  return { ...trusted, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}
