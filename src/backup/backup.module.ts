import { Module } from '@nestjs/common';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { AuditLog } from '../audit/audit-log.js';
import { AuditReader } from '../audit/record/audit-reader.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { UserFamily } from '../catalogue/user-family.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { Pepper } from '../secrets/pepper.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { BackupStore } from './backup-store.js';
import { Backup } from './backup.js';
import { Restore } from './restore.js';

@Module({
  imports: [ApisModule, CatalogueModule],
  providers: [
    {
      provide: BackupStore,
      inject: [DATABASE, Changes, CONFIG],
      useFactory: (db: Database, changes: Changes, { databaseServer }: Config) =>
        new BackupStore(db, databaseServer === undefined ? changes : undefined),
    },
    {
      provide: Backup,
      inject: [BackupStore, Apis, AuditLog, Pepper, CONFIG],
      useFactory: (store: BackupStore, apis: Apis, audit: AuditLog, pepper: Pepper, { rootUser }: Config) =>
        new Backup({ store, apis, audit, pepper, rootUser }),
    },
    {
      provide: Restore,
      inject: [BackupStore, Backup, Apis, Changes, AuditLog, AuditReader, Pepper, UserFamily, CONFIG],
      useFactory: (
        store: BackupStore,
        backup: Backup,
        apis: Apis,
        changes: Changes,
        auditLog: AuditLog,
        auditReader: AuditReader,
        pepper: Pepper,
        userFamily: UserFamily,
        { dataDir, rootUser, hestiaRoot, upstream }: Config,
      ) =>
        new Restore({
          ...{ store, backup, apis, changes, auditLog, auditReader, pepper, dataDir, rootUser },
          hasPanelUsers: hestiaRoot !== undefined || upstream !== undefined || userFamily.isInDirectory,
          hasPanelRoles: hestiaRoot !== undefined,
        }),
    },
  ],
  exports: [Backup, Restore],
})
export class BackupModule {}
