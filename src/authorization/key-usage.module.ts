import { Module } from '@nestjs/common';
import { AuditReader } from '../audit/record/audit-reader.js';
import { HeadStore } from '../audit/tree/head-store.js';
import { AccessKeyStore } from '../keys/access-key-store.js';
import { KeysModule } from '../keys/keys.module.js';
import { readMakers } from '../keys/makers/maker-store.js';
import { NODE_ID } from '../storage/storage.module.js';
import { AuthorizationModule } from './authorization.module.js';
import { QuotaCounter } from './limits/quota-counter.js';
import { ListKeyUsage } from './usage/list-key-usage.js';

@Module({
  imports: [KeysModule, AuthorizationModule],
  providers: [
    {
      provide: ListKeyUsage,
      inject: [AuditReader, AccessKeyStore, QuotaCounter, NODE_ID, HeadStore],
      useFactory: (
        audit: AuditReader,
        keys: AccessKeyStore,
        quotas: QuotaCounter,
        nodeId: string,
        heads: HeadStore,
      ) =>
        new ListKeyUsage({
          ...{ audit, quotas, nodeId },
          findKey: (id) => keys.find(id),
          readMakers: (key) => readMakers(keys, key),
          nodesSince: (timeMs) => heads.nodesSince(timeMs),
        }),
    },
  ],
  exports: [ListKeyUsage],
})
export class KeyUsageModule {}
