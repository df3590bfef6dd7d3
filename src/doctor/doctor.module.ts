import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { CatalogueModule, COMMANDS_DIR } from '../catalogue/catalogue.module.js';
import type { CommandsDir } from '../catalogue/commands-dir.js';
import { FileTrust } from '../catalogue/file-trust.js';
import { UserFamily } from '../catalogue/user-family.js';
import type { Config } from '../config/config.js';
import { CONFIG } from '../config/config.module.js';
import { AccessKeys } from '../keys/access-keys.js';
import { KeysModule } from '../keys/keys.module.js';
import { TreeKeys } from '../keys/tree-keys.js';
import { LegacyKeys } from '../keys/legacy-keys.js';
import { ChangeSettings } from '../settings/change-settings.js';
import { SettingsModule } from '../settings/settings.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import { Doctor } from './doctor.js';

@Module({
  imports: [CatalogueModule, UsersModule, KeysModule, ApisModule, AllowlistModule, SettingsModule],
  providers: [
    {
      provide: Doctor,
      inject: [
        ...[UserFamily, { token: COMMANDS_DIR, optional: true }, FileTrust],
        ...[Users, AccessKeys, LegacyKeys, RoleDirectory, Apis, ChangeSettings, ChangeAllowList, CONFIG],
        { token: TreeKeys, optional: true },
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
      ) => {
        const parts = { users, accessKeys, legacyKeys, roles, apis, settings, allowList, config };
        return new Doctor({ ...parts, userFamily, commandsDir, fileTrust, treeKeys: tree });
      },
    },
  ],
  exports: [Doctor],
})
export class DoctorModule {}
