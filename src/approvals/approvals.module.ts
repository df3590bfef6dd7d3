import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { UserFamily } from '../catalogue/user-family.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { Pepper } from '../secrets/pepper.js';
import { Changes } from '../storage/changes.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { ApprovalStore } from './approval-store.js';
import { Approvals } from './approvals.js';

@Module({
  imports: [UsersModule, CatalogueModule],
  providers: [
    { provide: ApprovalStore, inject: [DATABASE], useFactory: (db: Database) => new ApprovalStore(db) },
    {
      provide: Approvals,
      inject: [ApprovalStore, Changes, Users, Pepper, UserFamily, CONFIG],
      useFactory: (
        store: ApprovalStore,
        changes: Changes,
        users: Users,
        pepper: Pepper,
        userFamily: UserFamily,
        { rootUser, needsApprovals: isOn, hestiaRoot, upstream }: Config,
      ) => {
        const hasPanel = hestiaRoot !== undefined || upstream !== undefined || userFamily.isInDirectory;
        const approvals = new Approvals({ store, changes, users, pepper, rootUser, isOn, hasPanel });
        changes.approvedBy(approvals);
        return approvals;
      },
    },
  ],
  exports: [Approvals],
})
export class ApprovalsModule {}
