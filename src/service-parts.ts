import type { FactoryProvider } from '@nestjs/common';
import { ApiFiles } from './apis/api-files.js';
import { Alerting } from './audit/alerts/alerting.js';
import { AuditLog } from './audit/audit-log.js';
import { OutboxRelay } from './audit/outbox/outbox-relay.js';
import { Checkpoints } from './audit/tree/checkpoints.js';
import { RecordIndex } from './audit/record/record-index.js';
import { AuditExport } from './audit/sinks/audit-export.js';
import { Retention } from './audit/put-away/retention.js';
import { AdminSocket } from './cli/admin-socket.js';
import { Dispatcher } from './commands/dispatch.js';
import { UpstreamUsers } from './commands/upstream-users.js';
import { FindingWatch } from './doctor/finding-watch.js';
import { WatchedGateRoutes } from './http/decisions/watched-gate-routes.js';
import { HttpServer } from './http/http-server.js';
import { KeyExpirySweeper } from './keys/sweeps/key-expiry-sweeper.js';
import { QuotaCountSweeper } from './keys/quotas/quota-count-sweeper.js';
import { OrphanedKeySweeper } from './keys/sweeps/orphaned-key-sweeper.js';
import { RemovedKeySweeper } from './keys/tree/removed-key-sweeper.js';
import { CanaryUses } from './keys/canaries/canary-uses.js';
import { KeyUses } from './keys/usage/key-uses.js';
import { SessionSweeper } from './sessions/session-sweeper.js';
import { SessionUses } from './sessions/session-uses.js';
import type { Settling } from './storage/cluster/settling.js';
import type { Database } from './storage/database.js';
import { RedisConnection } from './storage/redis/redis-connection.js';
import { DATABASE, SETTLING } from './storage/storage.module.js';
import { Users } from './users/users.js';

/** Something that works beside the requests, or has to be closed. */
export interface ServicePart {
  name: string;
  start?: () => unknown;
  /** Also called when the start failed, for parts that never started. */
  stop?: () => unknown;
}

export const SERVICE_PARTS = Symbol('ServiceParts');

const optional = (token: FactoryProvider['provide']) => ({ token, optional: true });

/**
 * What starts and stops, from the ground up: each part may use those before it. They start in this order and stop in the
 * opposite one: first no request comes in, then what runs ends and is recorded, last of all the database is closed.
 */
export const serviceParts: FactoryProvider<readonly ServicePart[]> = {
  provide: SERVICE_PARTS,
  inject: [
    ...[
      DATABASE,
      Checkpoints,
      AuditLog,
      RecordIndex,
      AuditExport,
      Alerting,
      Retention,
      optional(RedisConnection),
      SETTLING,
      OutboxRelay,
    ],
    ...[KeyUses, CanaryUses, Users, ApiFiles, optional(UpstreamUsers), optional(RemovedKeySweeper)],
    ...[optional(OrphanedKeySweeper), KeyExpirySweeper, QuotaCountSweeper, SessionUses, SessionSweeper],
    ...[optional(FindingWatch), optional(WatchedGateRoutes), Dispatcher, HttpServer, AdminSocket],
  ],
  useFactory: (
    database: Database,
    checkpoints: Checkpoints,
    audit: AuditLog,
    recordIndex: RecordIndex,
    auditExport: AuditExport,
    alerting: Alerting,
    retention: Retention,
    redis: RedisConnection | undefined,
    settling: Settling,
    outbox: OutboxRelay,
    keyUses: KeyUses,
    canaryUses: CanaryUses,
    users: Users,
    apiFiles: ApiFiles,
    upstreamUsers: UpstreamUsers | undefined,
    removedKeys: RemovedKeySweeper | undefined,
    orphanedKeys: OrphanedKeySweeper | undefined,
    keyExpiry: KeyExpirySweeper,
    quotaCounts: QuotaCountSweeper,
    sessionUses: SessionUses,
    sessions: SessionSweeper,
    findings: FindingWatch | undefined,
    gateRoutes: WatchedGateRoutes | undefined,
    dispatcher: Dispatcher,
    http: HttpServer,
    adminSocket: AdminSocket,
  ) => [
    { name: 'database', stop: () => database.destroy() },
    { name: 'audit checkpoints', start: () => checkpoints.start(), stop: () => checkpoints.close() },
    { name: 'audit record', stop: () => audit.close() },
    { name: 'index of the audit record', start: () => recordIndex.follow(), stop: () => recordIndex.stop() },
    { name: 'export of the audit record', start: () => auditExport.start(), stop: () => auditExport.stop() },
    { name: 'alerts', start: () => alerting.start(), stop: () => alerting.stop() },
    // It has to know how far each receiver is.
    { name: 'retention of the audit record', start: () => retention.start(), stop: () => retention.stop() },
    { name: 'Redis', start: () => redis?.open(), stop: () => redis?.close() },
    { name: 'lease and settling', stop: () => settling.stop() },
    { name: 'audit outbox', start: () => outbox.relayLeftovers(), stop: () => outbox.idle() },
    { name: 'last uses of keys', stop: () => keyUses.flush() },
    { name: 'uses of canaries', stop: () => canaryUses.flush() },
    { name: 'root user', start: () => users.ensureRootUser() },
    { name: 'API role files', start: () => apiFiles.start(), stop: () => apiFiles.stop() },
    {
      name: 'users of a panel elsewhere',
      start: () => upstreamUsers?.start(),
      stop: () => upstreamUsers?.stop(),
    },
    { name: 'sweep of removed keys', start: () => removedKeys?.start(), stop: () => removedKeys?.stop() },
    { name: 'sweep of orphaned keys', start: () => orphanedKeys?.start(), stop: () => orphanedKeys?.stop() },
    { name: 'sweep of expired keys', start: () => keyExpiry.start(), stop: () => keyExpiry.stop() },
    { name: 'sweep of quota counts', start: () => quotaCounts.start(), stop: () => quotaCounts.stop() },
    { name: 'last uses of sessions', stop: () => sessionUses.flush() },
    { name: 'sweep of ended sessions', start: () => sessions.start(), stop: () => sessions.stop() },
    { name: 'watch for findings', start: () => findings?.start(), stop: () => findings?.stop() },
    { name: 'route table of gateways', start: () => gateRoutes?.start(), stop: () => gateRoutes?.stop() },
    // Commands whose caller has hung up have no connection left; they need all that is above.
    { name: 'commands that run', stop: () => dispatcher.idle() },
    { name: 'HTTP server', stop: () => http.close() },
    { name: 'admin socket', start: () => adminSocket.listen(), stop: () => adminSocket.close() },
    { name: 'new requests', stop: () => http.refuseNew() },
  ],
};
