export interface RedisServer {
  host: string;
  port: number;
}

/** Where Redis is: one server, the master that Sentinels know by a name, or a Cluster. */
export type RedisPlace =
  | RedisServer
  | { sentinels: readonly RedisServer[]; masterName: string }
  | { clusterNodes: readonly RedisServer[] };

/** What an address says: where Redis is, and who we are there. */
export type RedisAddress = RedisPlace & {
  usesTls: boolean;
  username: string | undefined;
  password: string | undefined;
  database: number;
};

interface Problem {
  problem: string;
}

const examples = {
  server: 'redis://127.0.0.1:6379 or rediss://redis.example.com',
  sentinel: 'redis+sentinel://s1.example.com:26379,s2.example.com:26379/mymaster',
  cluster: 'redis+cluster://r1.example.com:6379,r2.example.com:6379',
} as const;

const notAnAddress = {
  problem: `expected an address such as ${examples.server}, ${examples.sentinel} or ${examples.cluster}`,
};

const form = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/]*)@)?([^/@]*)(?:\/(.*))?$/i;

/** @returns the address, or what is wrong, without any part of the address in it */
export function parseRedisUrl(text: string): { address: RedisAddress } | Problem {
  // Said first: a # or ? in a password ends it, and what is left is an address of another kind.
  if (/[?#]/.test(text)) {
    return { problem: 'there may be no ? or # in it; in a password they are written %3F and %23' };
  }
  const [, scheme = '', kind = 'server', credential = '', hosts = '', path = ''] = form.exec(text) ?? [];
  const place = parsePlace(kind.toLowerCase(), hosts, path);
  if ('problem' in place) return place;
  const identity = parseCredential(credential);
  if ('problem' in identity) return identity;
  return { address: { ...place, ...identity, usesTls: scheme.toLowerCase() === 'rediss' } };
}

function parsePlace(
  kind: string,
  hosts: string,
  path: string,
): (RedisPlace & { database: number }) | Problem {
  const servers = parseServers(hosts, kind === 'sentinel' ? 26379 : 6379);
  const [server, ...others] = servers ?? [];
  if (servers === undefined || server === undefined) return notAnAddress;
  if (kind === 'cluster') {
    return path === ''
      ? { clusterNodes: servers, database: 0 }
      : { problem: 'nothing may stand after the hosts: a Redis Cluster has no numbered databases' };
  }
  if (kind === 'sentinel') {
    const [, masterName, database] = /^([\w.-]{1,100})(?:\/(\d{0,5}))?$/.exec(path) ?? [];
    return masterName === undefined
      ? { problem: `expected the name of the master after the Sentinels, such as ${examples.sentinel}` }
      : { sentinels: servers, masterName, database: Number(database ?? 0) };
  }
  if (others.length > 0) {
    return {
      problem: 'several hosts are for redis+sentinel:// and redis+cluster:// (with TLS rediss+…)',
    };
  }
  return /^\d{0,5}$/.test(path)
    ? { ...server, database: Number(path) }
    : { problem: 'expected nothing or the number of a database after the host' };
}

function parseServers(hosts: string, defaultPort: number): RedisServer[] | undefined {
  const servers = hosts.split(',').map((host) => {
    const url = URL.canParse(`redis://${host}`) ? new URL(`redis://${host}`) : undefined;
    if (url === undefined || url.hostname === '') return undefined;
    const port = url.port === '' ? defaultPort : Number(url.port);
    return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
  });
  return servers.includes(undefined) ? undefined : (servers as RedisServer[]);
}

function parseCredential(
  text: string,
): { username: string | undefined; password: string | undefined } | Problem {
  const end = text.includes(':') ? text.indexOf(':') : text.length;
  const [username, password] = [decoded(text.slice(0, end)), decoded(text.slice(end + 1))];
  if (username === undefined || password === undefined) {
    return { problem: 'a % in a user name or password is written %25' };
  }
  if (username !== '' && password === '') return { problem: 'a user name needs a password after it' };
  return {
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
