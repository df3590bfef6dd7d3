import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { TakeOverAccessKeys } from '../keys/take-over-access-keys.js';
import { TakeOverLegacyKeys } from '../keys/legacy/take-over-legacy-keys.js';
import { ChangeSettings } from '../settings/change-settings.js';
import { SettingsModule } from '../settings/settings.module.js';
import { Changes } from '../storage/changes.js';
import { TakeOverUsers } from '../users/take-over-users.js';
import { UsersModule } from '../users/users.module.js';
import { Importer } from './importer.js';

@Module({
  imports: [UsersModule, KeysModule, ApisModule, AllowlistModule, SettingsModule],
  providers: [
    {
      provide: Importer,
      inject: [
        ...[Apis, RoleDirectory, TakeOverUsers, TakeOverAccessKeys, TakeOverLegacyKeys],
        ...[ChangeSettings, ChangeAllowList, Changes, CONFIG],
      ],
      useFactory: (
        apis: Apis,
        roles: RoleDirectory,
        users: TakeOverUsers,
        accessKeys: TakeOverAccessKeys,
        legacyKeys: TakeOverLegacyKeys,
        settings: ChangeSettings,
        allowList: ChangeAllowList,
        changes: Changes,
        { rootUser, hestiaRoot, needsApprovals }: Config,
      ) =>
        new Importer({
          ...{ apis, roles, users, accessKeys, legacyKeys, settings, allowList, rootUser },
          ...{ changes, needsApprovals },
          hasPanelUsers: hestiaRoot !== undefined,
        }),
    },
  ],
  exports: [Importer],
})
export class ImportModule {}
