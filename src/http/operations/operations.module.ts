import { Module } from '@nestjs/common';
import { ApisModule } from '../../apis/apis.module.js';
import { RoleDirectory } from '../../apis/role-directory.js';
import { OutboxRelay } from '../../audit/outbox/outbox-relay.js';
import { SecretVerifier } from '../../authorization/secrets/secret-verifier.js';
import { AuditLog } from '../../audit/audit-log.js';
import { Alerting } from '../../audit/alerts/alerting.js';
import { AuditExport } from '../../audit/sinks/audit-export.js';
import { BackupModule } from '../../backup/backup.module.js';
import { Backup } from '../../backup/backup.js';
import { Restore } from '../../backup/restore.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { CatalogueModule } from '../../catalogue/catalogue.module.js';
import { CommandsModule } from '../../commands/commands.module.js';
import { Completion } from '../../commands/completion.js';
import { KnownNames } from '../../commands/known-names.js';
import { CommandRegistry } from '../../commands/registry.js';
import type { Config } from '../../config/config.js';
import { CONFIG, LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { Doctor } from '../../doctor/doctor.js';
import { DoctorModule } from '../../doctor/doctor.module.js';
import { AuthorizationModule } from '../../authorization/authorization.module.js';
import { Importer } from '../../import/importer.js';
import { DecisionAdapters } from '../decisions/decision-adapters.js';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { ConnectionCap } from '../../network/connection-cap.js';
import { ImportModule } from '../../import/import.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { CanaryUses } from '../../keys/canaries/canary-uses.js';
import { AccessKeys } from '../../keys/access-keys.js';
import { LoginLinks } from '../../sessions/login-links.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { Metrics } from '../../metrics/metrics.js';
import { SlowHash } from '../../secrets/slow-hash.js';
import { RedisConnection } from '../../storage/redis/redis-connection.js';
import type { Settling } from '../../storage/cluster/settling.js';
import { SETTLING } from '../../storage/storage.module.js';
import { AdminSocket } from '../../cli/admin-socket.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { readFrom, SERVICE_METRICS } from './metrics-sources.js';
import { operatorOnlyCommands } from '../../commands/operator/operator-only-commands.js';
import { OperatorCommands } from '../../cli/operator-commands.js';

@Module({
  imports: [
    AuthorizationModule,
    DecisionsModule,
    KeysModule,
    SessionsModule,
    CommandsModule,
    CatalogueModule,
    ApisModule,
    ImportModule,
    BackupModule,
    DoctorModule,
  ],
  controllers: [HealthController, MetricsController],
  providers: [
    {
      provide: SERVICE_METRICS,
      inject: [
        ...[SlowHash, SecretVerifier, SETTLING, { token: RedisConnection, optional: true }],
        ...[
          AuditLog,
          AuditExport,
          Alerting,
          OutboxRelay,
          AccessKeys,
          RoleDirectory,
          ConnectionCap,
          DecisionAdapters,
          Metrics,
          CanaryUses,
        ],
      ],
      useFactory: (
        slowHash: SlowHash,
        verifier: SecretVerifier,
        settling: Settling,
        redis: RedisConnection | undefined,
        audit: AuditLog,
        auditExport: AuditExport,
        alerting: Alerting,
        relay: OutboxRelay,
        keys: AccessKeys,
        roles: RoleDirectory,
        connections: ConnectionCap,
        decisions: DecisionAdapters,
        metrics: Metrics,
        canaryUses: CanaryUses,
      ) =>
        readFrom(
          {
            slowHash,
            verifier,
            settling,
            redis,
            audit,
            auditExport,
            alerting,
            relay,
            keys,
            roles,
            connections,
            decisions,
            canaryUses,
          },
          metrics,
        ),
    },
    {
      provide: AdminSocket,
      inject: [
        ...[CommandRegistry, Catalogue, Completion, AuditLog, KnownNames],
        ...[Importer, Backup, Restore, Doctor, LoginLinks, CONFIG, LOGGER],
      ],
      useFactory: (
        registry: CommandRegistry,
        catalogue: Catalogue,
        completion: Completion,
        audit: AuditLog,
        names: KnownNames,
        importer: Importer,
        backup: Backup,
        restore: Restore,
        doctor: Doctor,
        loginLinks: LoginLinks,
        { socketPath, publicUrl }: Config,
        logger: Logger,
      ) => {
        const own = operatorOnlyCommands({ importer, backup, restore, doctor, loginLinks, publicUrl });
        const commands = new OperatorCommands(registry, catalogue, completion, audit, names, own);
        return new AdminSocket(socketPath, commands, (error) => {
          logger.error(error, 'a request at the admin socket failed');
        });
      },
    },
  ],
  exports: [AdminSocket],
})
export class OperationsModule {}
