import { rootCertificates, type ConnectionOptions } from 'node:tls';
import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis';
import type { RedisSettings } from '../../config/redis-settings.js';
import type { RedisServer } from '../../config/redis-url.js';
import { takesNoWrites } from './redis-errors.js';

export type RedisClient = Redis | Cluster;

export type RedisTarget = RedisSettings & {
  /** Certificates to trust besides those that Node.js trusts, in PEM. */
  trusted: readonly string[];
};

export interface ClientLimits {
  /** For a TCP or TLS connection, and for an answer of a Sentinel or about the slots of a Cluster. */
  connectMs: number;
  /** Before the next attempt to reach Redis. */
  nextDelayMs: () => number;
}

/** Within the time that a request waits (RedisConnection), a Cluster that moves slots is asked again so often. */
const clusterRetryMs = 20;

/** A client of ioredis that isn't connected yet: to one server, to the master that Sentinels name, or to a Cluster. */
export async function createRedisClient(target: RedisTarget, limits: ClientLimits): Promise<RedisClient> {
  // Loaded here, because that takes a good part of the start, and most installations have no Redis.
  const library = await import('ioredis');
  keepSocketErrors(library.AbstractConnector);
  if ('clusterNodes' in target) {
    const cluster = new library.Cluster([...target.clusterNodes], clusterOptions(target, limits));
    cluster.on('+node', ignoreRefusedAsking);
    return cluster;
  }
  return new library.Redis({
    ...('sentinels' in target ? sentinelOptions(target, limits) : { host: target.host, port: target.port }),
    ...commonOptions(target, limits),
    db: target.database,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: limits.nextDelayMs,
  });
}

/**
 * There is no `commandTimeout`: RedisConnection has a time limit of its own (in-time.ts says why).
 */
function commonOptions(target: RedisTarget, { connectMs }: ClientLimits) {
  const { username, password, usesTls } = target;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(usesTls && { tls: tlsOptions(target) }),
    connectTimeout: connectMs,
    // A server that says nothing would hold the connection for two seconds more.
    disconnectTimeout: 0,
    // No command waits for the next connection.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // RedisConnection checks more than INFO tells, and needs no right to it.
    enableReadyCheck: false,
    disableClientInfo: true,
    // A connection to a replica stays one when the name leads to the master again.
    reconnectOnError: takesNoWrites,
  } satisfies RedisOptions;
}

function sentinelOptions(
  target: RedisTarget & { sentinels: readonly RedisServer[]; masterName: string },
  { connectMs, nextDelayMs }: ClientLimits,
) {
  const { sentinels, masterName, usesTls, sentinelPassword } = target;
  return {
    sentinels: [...sentinels],
    name: masterName,
    sentinelCommandTimeout: connectMs,
    sentinelRetryStrategy: nextDelayMs,
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(usesTls && { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(target) }),
  } satisfies RedisOptions;
}

function clusterOptions(target: RedisTarget, limits: ClientLimits) {
  return {
    redisOptions: commonOptions(target, limits),
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    clusterRetryStrategy: limits.nextDelayMs,
    slotsRefreshTimeout: limits.connectMs,
    retryDelayOnFailover: clusterRetryMs,
    retryDelayOnTryAgain: clusterRetryMs,
    retryDelayOnClusterDown: 0,
    // A certificate is checked against the name that was set, not against the address that it has.
    dnsLookup: (host, callback) => callback(null, host),
  } satisfies ClusterOptions;
}

function tlsOptions({ trusted }: RedisTarget): ConnectionOptions {
  return { ca: [...rootCertificates, ...trusted], minVersion: 'TLSv1.2' };
}

/**
 * ioredis sends ASKING without looking at its answer. A refused one would be an unhandled rejection, which ends the
 * process; the command after it is refused all the same, and that is looked at.
 */
function ignoreRefusedAsking(node: Redis): void {
  const asking = node.asking.bind(node);
  node.asking = (): Promise<'OK'> => {
    const answer = asking();
    answer.catch(() => undefined);
    return answer;
  };
}

type Connector = typeof import('ioredis').AbstractConnector;
const keptFor = new WeakSet<Connector>();

/**
 * ioredis listens to one error of a socket. A TLS connection to a Sentinel that it ends within the handshake has a second
 * one, which nobody would listen to, and that ends the process.
 */
function keepSocketErrors(connector: Connector): void {
  if (keptFor.has(connector)) return;
  keptFor.add(connector);
  const { prototype } = connector as unknown as {
    prototype: { stream?: NodeJS.EventEmitter; disconnect(): void };
  };
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its own object
  const { disconnect } = prototype;
  prototype.disconnect = function () {
    this.stream?.on('error', () => undefined);
    disconnect.call(this);
  };
}
