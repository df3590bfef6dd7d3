import { Module } from '@nestjs/common';
import { AuditReader } from '../audit/record/audit-reader.js';
import { HeadStore } from '../audit/tree/head-store.js';
import { AccessKeyStore } from '../keys/access-key-store.js';
import { KeysModule } from '../keys/keys.module.js';
import { readKeysOnTrial } from '../keys/trials/trial-store.js';
import type { Database } from '../storage/database.js';
import { DATABASE, NODE_ID } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { ListTrials } from './trials/list-trials.js';

@Module({
  imports: [KeysModule, UsersModule],
  providers: [
    {
      provide: ListTrials,
      inject: [AuditReader, AccessKeyStore, DATABASE, Users, NODE_ID, HeadStore],
      useFactory: (
        audit: AuditReader,
        keys: AccessKeyStore,
        db: Database,
        users: Users,
        nodeId: string,
        heads: HeadStore,
      ) =>
        new ListTrials({
          ...{ audit, nodeId },
          findKey: (id) => keys.find(id),
          keysOnTrial: (user, limit) => readKeysOnTrial(db, user, limit),
          isUser: (name) => users.exists(name),
          nodesSince: (timeMs) => heads.nodesSince(timeMs),
        }),
    },
  ],
  exports: [ListTrials],
})
export class TrialsModule {}
