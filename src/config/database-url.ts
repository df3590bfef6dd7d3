import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** How the connection is protected, with libpq's words and meanings. */
const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** One server of several that have the same database. */
export interface DatabaseHost {
  /** A name, an address, or the folder of the server's Unix socket. */
  host: string;
  port: number;
}

/** A PostgreSQL database, and how to get there. */
export interface DatabaseServer {
  /** In the order in which they are tried. The one that takes changes is used. */
  hosts: readonly DatabaseHost[];
  database: string;
  user: string;
  password: string | undefined;
  sslMode: (typeof tlsModes)[number];
  /** A PEM file with certificates to trust instead of those that Node.js trusts. */
  rootCertFile: string | undefined;
}

/** Where the database is, for messages: nothing in it is secret. */
export function placeOf({ hosts, database }: DatabaseServer): string {
  return `${hosts.map(placeOfHost).join(',')}/${database}`;
}

export function placeOfHost({ host, port }: DatabaseHost): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

const example = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';
const known = new Set(['host', 'port', 'user', 'sslmode', 'sslrootcert', 'target_session_attrs']);
/** All mean the same here: the service makes changes, so it uses the server that takes them. */
const targets = ['read-write', 'primary', 'any'];
const defaultPort = 5432;
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
  const urls = urlsOf(text);
  const [url] = urls;
  if (url === undefined) return { problem: form };
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') return { problem: form };
  const options = url.searchParams;
  const [user, database, password] = [
    decoded(url.username) || (options.get('user') ?? ''),
    decoded(url.pathname.slice(1)),
    decoded(url.password),
  ];
  // A password with a bare / or # in it ends up in the wrong parts, from where it would get into messages.
  if (database === '' || text.includes('#') || /[/@]/.test(url.pathname.slice(1))) {
    return { problem: form };
  }
  if ([...options.keys()].some((name) => !known.has(name))) {
    return { problem: `after the ? only ${[...known].join(', ')} are known; ${form}` };
  }
  const hosts = url.hostname === '' ? hostsOfOptions(options) : urls.map(hostOfUrl);
  if (hosts === undefined || hosts.some(({ host }) => host === '')) return { problem: form };
  if (user === '') return { problem: `there is no user name in it; ${form}` };
  const protection = readOptions(options, hosts);
  if ('problem' in protection) return protection;
  return { server: { hosts, database, user, password: password || undefined, ...protection } };
}

/** One URL for each host in the list: a URL as others read it has only one. Empty: it is none. */
function urlsOf(text: string): URL[] {
  const [, start, hosts = '', end] = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s.exec(text) ?? [];
  if (start === undefined || end === undefined) return [];
  const urls = hosts.split(',').map((host) => `${start}${host}${end}`);
  return urls.every((url) => URL.canParse(url)) ? urls.map((url) => new URL(url)) : [];
}

function hostOfUrl({ hostname, port }: URL): DatabaseHost {
  const host = decoded(hostname).replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? defaultPort : Number(port) };
}

/** `host=a,b&port=1,2`: one port for all of them, or one for each. */
function hostsOfOptions(options: URLSearchParams): DatabaseHost[] | undefined {
  const hosts = (options.get('host') ?? '').split(',');
  const ports = (options.get('port') ?? String(defaultPort)).split(',').map(Number);
  const areWrong = ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (areWrong || (ports.length !== 1 && ports.length !== hosts.length)) return undefined;
  return hosts.map((host, index) => ({ host, port: ports[index] ?? ports[0] ?? defaultPort }));
}

function readOptions(
  options: URLSearchParams,
  hosts: readonly DatabaseHost[],
): Pick<DatabaseServer, 'sslMode' | 'rootCertFile'> | { problem: string } {
  const isHere = hosts.every(({ host }) => thisMachine.test(host));
  const sslMode = options.get('sslmode') ?? (isHere ? 'disable' : 'verify-full');
  if (!isTlsMode(sslMode)) return { problem: `sslmode can be ${tlsModes.join(', ')}` };
  if (!targets.includes(options.get('target_session_attrs') ?? 'any'))
    return { problem: `target_session_attrs can be ${targets.join(', ')}: the service makes changes` };
  const rootCertFile = options.get('sslrootcert') ?? undefined;
  if (rootCertFile !== undefined && !isAbsolute(rootCertFile)) {
    return { problem: 'sslrootcert has to be an absolute path' };
  }
  return { sslMode, rootCertFile };
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
