import type { RoleDirectory } from '../../apis/role-directory.js';
import type { AuditLog } from '../../audit/audit-log.js';
import { showAlertReceivers } from '../../audit/alerts/alert-metrics.js';
import type { Alerting } from '../../audit/alerts/alerting.js';
import type { AuditExport } from '../../audit/sinks/audit-export.js';
import { showSinks } from '../../audit/sinks/export-metrics.js';
import type { OutboxRelay } from '../../audit/outbox/outbox-relay.js';
import type { SecretVerifier } from '../../authorization/secrets/secret-verifier.js';
import type { DecisionAdapters } from '../decisions/decision-adapters.js';
import type { ConnectionCap } from '../../network/connection-cap.js';
import type { CanaryUses } from '../../keys/canaries/canary-uses.js';
import type { AccessKeys } from '../../keys/access-keys.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { SlowHash } from '../../secrets/slow-hash.js';
import type { RedisConnection } from '../../storage/redis/redis-connection.js';
import type { Settling } from '../../storage/cluster/settling.js';

export interface MetricsSources {
  slowHash: SlowHash;
  verifier: SecretVerifier;
  settling: Settling;
  redis: RedisConnection | undefined;
  audit: AuditLog;
  auditExport: Pick<AuditExport, 'states'>;
  alerting: Pick<Alerting, 'states'>;
  relay: OutboxRelay;
  keys: AccessKeys;
  canaryUses: Pick<CanaryUses, 'count'>;
  roles: RoleDirectory;
  connections: ConnectionCap;
  decisions: DecisionAdapters;
}

/** The metrics together with what only this adapter reads. */
export const SERVICE_METRICS = Symbol('ServiceMetrics');

/** Counting a million rows takes a while, and nobody needs their number by the second. */
const keysReadAnewMs = 60_000;

/** The states that `/metrics` shows, each read where it is kept, when somebody asks. */
export function readFrom(sources: MetricsSources, metrics: Metrics): Metrics {
  const { slowHash, verifier, settling, redis, keys, roles, connections, decisions } = sources;
  metrics.gauge('hearthkey_argon2_running', 'Runs of argon2 at this moment.', () => slowHash.runningCount);
  metrics.gauge('hearthkey_argon2_waiting', 'Callers waiting for argon2.', () => slowHash.waitingCount);
  metrics.count('hearthkey_argon2_runs_total', 'Runs of argon2.', () => slowHash.startedCount);
  metrics.count(
    'hearthkey_proofs_total',
    'Secrets judged, by what judged them.',
    () => verifier.judged,
    'by',
  );
  metrics.gauge('hearthkey_lease_age_seconds', 'Age of the lease on the facts; absent without one.', () =>
    inSeconds(settling.leaseAgeMs()),
  );
  if (redis !== undefined)
    metrics.gauge('hearthkey_redis_up', '1 while Redis answers.', () => Number(redis.isUp));
  readAudit(sources, metrics);
  metrics.gauge(
    'hearthkey_access_keys',
    'Access keys, at most a minute ago.',
    keptFor(() => keys.count()),
  );
  metrics.count(
    'hearthkey_canary_uses_total',
    'Requests with the secret of a canary.',
    () => sources.canaryUses.count,
  );
  metrics.gauge('hearthkey_apis', 'API role files.', () => roles.listFiles().length);
  metrics.gauge('hearthkey_connections', 'Open connections over TCP.', () => connections.count);
  metrics.count(
    'hearthkey_connections_refused_total',
    'Connections that were too many: of one address, or in all.',
    () => connections.refused,
    'because',
  );
  metrics.count(
    'hearthkey_fast_path_requests_total',
    'Requests answered on the fast path of /v1/authorize.',
    () => decisions.fastPathCounts.requests,
  );
  metrics.count(
    'hearthkey_fast_path_handed_over_total',
    'Connections that the fast path handed over to the HTTP server.',
    () => decisions.fastPathCounts.handedOver,
  );
  readProcess(metrics);
  return metrics;
}

function readAudit({ audit, auditExport, alerting, relay }: MetricsSources, metrics: Metrics): void {
  metrics.gauge('hearthkey_audit_writable', '1 while decisions can be recorded.', () =>
    Number(audit.unavailableSinceMs === undefined),
  );
  metrics.count(
    'hearthkey_audit_denied_total',
    'Decisions denied because they could not be recorded.',
    () => audit.deniedCount,
  );
  metrics.gauge('hearthkey_audit_lag_events', 'Events of changes that are not in the record yet.', () =>
    relay.countWaiting(),
  );
  showSinks(() => auditExport.states, metrics);
  showAlertReceivers(() => alerting.states, metrics);
}

function readProcess(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Memory.', () => process.memoryUsage.rss());
  metrics.gauge('process_start_time_seconds', 'Since 1970.', () => Date.now() / 1000 - process.uptime());
  metrics.count('process_cpu_seconds_total', 'User and system.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function keptFor(read: () => Promise<number>): () => Promise<number> {
  let readAtMs = -Infinity;
  let number = 0;
  return async () => {
    if (performance.now() - readAtMs < keysReadAnewMs) return number;
    number = await read();
    readAtMs = performance.now();
    return number;
  };
}
