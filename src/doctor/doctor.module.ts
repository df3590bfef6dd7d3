import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Alerting } from '../audit/alerts/alerting.js';
import { AuditLog } from '../audit/audit-log.js';
import { Retention } from '../audit/put-away/retention.js';
import { AuditWitnesses } from '../audit/tree/audit-witnesses.js';
import { UntrustedProxies } from '../network/untrusted-proxies.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule, COMMANDS_DIR } from '../catalogue/catalogue.module.js';
import type { CommandsDir } from '../catalogue/commands-dir.js';
import { FileTrust } from '../catalogue/file-trust.js';
import { UserFamily } from '../catalogue/user-family.js';
import { AuditExport } from '../audit/sinks/audit-export.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { AccessKeys } from '../keys/access-keys.js';
import { CanaryUses } from '../keys/canaries/canary-uses.js';
import { KeysModule } from '../keys/keys.module.js';
import { AccessKeyList } from '../keys/listing/access-key-list.js';
import { TreeKeys } from '../keys/tree/tree-keys.js';
import { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import { ChangeSettings } from '../settings/change-settings.js';
import { SettingsModule } from '../settings/settings.module.js';
import type { Database } from '../storage/database.js';
import { durabilityProblems } from '../storage/postgres/durability.js';
import { DATABASE } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { Doctor } from './doctor.js';
import { FindingWatch } from './finding-watch.js';

@Module({
  imports: [CatalogueModule, UsersModule, KeysModule, ApisModule, AllowlistModule, SettingsModule],
  providers: [
    {
      provide: UntrustedProxies,
      inject: [CONFIG, LOGGER],
      useFactory: ({ trustedProxies }: Config, logger: Logger) =>
        new UntrustedProxies(trustedProxies, (address) =>
          logger.warn(
            `requests from ${address} carry X-Forwarded-For, but it is not in HEARTHKEY_TRUSTED_PROXIES: the header is ignored`,
          ),
        ),
    },
    {
      provide: Doctor,
      inject: [
        ...[UserFamily, { token: COMMANDS_DIR, optional: true }, FileTrust],
        ...[Users, AccessKeys, LegacyKeys, RoleDirectory, Apis, ChangeSettings, ChangeAllowList, CONFIG],
        { token: TreeKeys, optional: true },
        ...[UntrustedProxies, Catalogue, AuditExport, AuditLog, Retention, AuditWitnesses],
        ...[DATABASE, AccessKeyList, Alerting, CanaryUses],
      ],
      useFactory: (
        userFamily: UserFamily,
        commandsDir: CommandsDir | undefined,
        fileTrust: FileTrust,
        users: Users,
        accessKeys: AccessKeys,
        legacyKeys: LegacyKeys,
        roles: RoleDirectory,
        apis: Apis,
        settings: ChangeSettings,
        allowList: ChangeAllowList,
        config: Config,
        tree: TreeKeys | undefined,
        untrustedProxies: UntrustedProxies,
        catalogue: Catalogue,
        auditExport: AuditExport,
        audit: AuditLog,
        retention: Retention,
        witnesses: AuditWitnesses,
        db: Database,
        keyList: AccessKeyList,
        alerting: Alerting,
        canaryUses: CanaryUses,
      ) => {
        const parts = { users, accessKeys, legacyKeys, roles, apis, settings, allowList, config };
        const commands = { userFamily, commandsDir, fileTrust, catalogue };
        const record = { auditExport, alerting, audit, retention, witnesses };
        const durability = () =>
          config.databaseServer === undefined ? Promise.resolve([]) : durabilityProblems(db);
        const more = { treeKeys: tree, untrustedProxies, durability, keyList, canaryUses };
        return new Doctor({ ...parts, ...commands, ...record, ...more });
      },
    },
    {
      provide: FindingWatch,
      inject: [CONFIG, Doctor, AuditLog, Alerting, LOGGER],
      useFactory: (
        { dataDir, alerts }: Config,
        doctor: Doctor,
        audit: AuditLog,
        alerting: Alerting,
        logger: Logger,
      ): FindingWatch | undefined => {
        if (alerting.states.length === 0 || !alerts.types.has('doctor.finding')) return undefined;
        const onError = (error: unknown): void => logger.error(error, 'findings could not be looked for');
        return new FindingWatch({ doctor, audit, file: join(dataDir, 'alerts/findings.json'), onError });
      },
    },
  ],
  exports: [Doctor, FindingWatch, UntrustedProxies],
})
export class DoctorModule {}
