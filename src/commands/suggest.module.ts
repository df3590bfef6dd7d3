import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { AuditReader } from '../audit/record/audit-reader.js';
import { HeadStore } from '../audit/tree/head-store.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { Facts } from '../authorization/facts/facts.js';
import { RoleSuggester } from '../authorization/suggest/role-suggester.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { AccessKeyList } from '../keys/listing/access-key-list.js';
import { NODE_ID } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { handlesKeys, mayNeedEverything, needsEverything, needsSafe } from './builtin/needs-more.js';

/** The smallest role from use; it has to know which commands ask for more than a role that lists them. */
@Module({
  imports: [UsersModule, KeysModule, ApisModule, CatalogueModule, AuthorizationModule],
  providers: [
    {
      provide: RoleSuggester,
      inject: [
        AuditReader,
        AccessKeyList,
        Users,
        RoleDirectory,
        Facts,
        Catalogue,
        CONFIG,
        NODE_ID,
        HeadStore,
      ],
      useFactory: (
        audit: AuditReader,
        keys: AccessKeyList,
        users: Users,
        roles: RoleDirectory,
        facts: Facts,
        catalogue: Catalogue,
        { rootUser }: Config,
        nodeId: string,
        heads: HeadStore,
      ) => {
        const nodesSince = (timeMs: number) => heads.nodesSince(timeMs);
        const parts = { audit, keys, users, roles, facts, catalogue, rootUser, nodeId };
        const asking = {
          ...{ needsSafe, handlesKeys },
          needsEverything: [...needsEverything, ...mayNeedEverything],
        };
        return new RoleSuggester({ ...parts, nodesSince, asking });
      },
    },
  ],
  exports: [RoleSuggester],
})
export class SuggestModule {}
