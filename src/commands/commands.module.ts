import { Module } from '@nestjs/common';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { AuditLog } from '../audit/audit-log.js';
import { AuditReader } from '../audit/audit-reader.js';
import { AuditVerifier } from '../audit/verify-record.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { AccessExplainer } from '../authorization/access-explainer.js';
import { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import { PasswordCheck } from '../authorization/password-check.js';
import { Authorizer } from '../authorization/authorize.js';
import { Facts } from '../authorization/facts.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { AccessKeyStore } from '../keys/access-key-store.js';
import { AccessKeys } from '../keys/access-keys.js';
import { KeysModule } from '../keys/keys.module.js';
import { LegacyKeys } from '../keys/legacy-keys.js';
import { ChangeSettings } from '../settings/change-settings.js';
import { SettingStore } from '../settings/setting-store.js';
import { SettingsModule } from '../settings/settings.module.js';
import { PanelUsers } from '../users/panel-users.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import type { Backend } from './backends/backend.js';
import { BACKEND, BackendsModule, commandsUser } from './backends/backends.module.js';
import type { TmpFileOptions } from './builtin/make-tmp-file.js';
import { builtinCommands } from './builtin-commands.js';
import { Completion } from './completion.js';
import { Dispatcher } from './dispatch.js';
import { CommandRegistry } from './registry.js';
import { UpstreamUsers } from './upstream-users.js';

@Module({
  imports: [
    UsersModule,
    KeysModule,
    ApisModule,
    AllowlistModule,
    SettingsModule,
    CatalogueModule,
    AuthorizationModule,
    BackendsModule,
  ],
  providers: [
    {
      provide: CommandRegistry,
      inject: [
        ...[
          Users,
          AccessKeys,
          LegacyKeys,
          RoleDirectory,
          Apis,
          ChangeAllowList,
          SettingStore,
          ChangeSettings,
        ],
        ...[PanelUsers, { token: BACKEND, optional: true }],
        ...[
          Authorizer,
          AccessExplainer,
          LegacyAuthorizer,
          PasswordCheck,
          AuditReader,
          AuditVerifier,
          Facts,
          Catalogue,
          CONFIG,
          LOGGER,
        ],
      ],
      useFactory: (
        users: Users,
        accessKeys: AccessKeys,
        legacyKeys: LegacyKeys,
        roles: RoleDirectory,
        apis: Apis,
        allowList: ChangeAllowList,
        settings: SettingStore,
        changeSettings: ChangeSettings,
        panelUsers: PanelUsers,
        backend: Backend | undefined,
        authorizer: Authorizer,
        explainer: AccessExplainer,
        legacyAuthorizer: LegacyAuthorizer,
        passwordCheck: PasswordCheck,
        auditReader: AuditReader,
        auditVerifier: AuditVerifier,
        facts: Facts,
        catalogue: Catalogue,
        config: Config,
        logger: Logger,
      ) => {
        const parts = { users, accessKeys, legacyKeys, roles, apis, allowList, settings, changeSettings };
        const commands = builtinCommands({
          ...parts,
          panel: backend !== undefined && hasPanel(config) ? { backend, users: panelUsers } : undefined,
          authorizer,
          explainer,
          legacyAuthorizer,
          passwordCheck,
          auditReader,
          auditVerifier,
          catalogue,
          rootUser: config.rootUser,
          tmpFiles: tmpFiles(config, backend),
        });
        return new CommandRegistry(commands, catalogue, {
          isReadOnly: async () => (await facts.loadSwitches()).settings.isReadOnly,
          onError: (error) => logger.error(error, 'a command could not be carried out'),
        });
      },
    },
    {
      provide: Dispatcher,
      inject: [CommandRegistry, { token: BACKEND, optional: true }, AuditLog],
      useFactory: (registry: CommandRegistry, backend: Backend | undefined, audit: AuditLog) =>
        new Dispatcher(registry, backend, audit),
    },
    {
      provide: UpstreamUsers,
      inject: [{ token: BACKEND, optional: true }, Users, PanelUsers, CONFIG, LOGGER],
      useFactory: (
        backend: Backend | undefined,
        users: Users,
        panelUsers: PanelUsers,
        { upstream, rootUser }: Config,
        logger: Logger,
      ) => {
        if (backend === undefined || upstream === undefined) return undefined;
        const onProblem = (problem: string): void => logger.warn(problem);
        const upstreamUsers = new UpstreamUsers({ backend, users, panelUsers, rootUser, onProblem });
        users.lookForUnknown((name) => upstreamUsers.lookUp(name));
        upstreamUsers.start();
        return upstreamUsers;
      },
    },
    {
      provide: Completion,
      inject: [CommandRegistry, Catalogue, Users, AccessKeyStore, RoleDirectory],
      useFactory: (
        registry: CommandRegistry,
        catalogue: Catalogue,
        users: Users,
        keys: AccessKeyStore,
        roles: RoleDirectory,
      ) => new Completion({ registry, catalogue, users, keys, roles }),
    },
  ],
  exports: [CommandRegistry, Dispatcher, Completion],
})
export class CommandsModule {}

/** Files for commands are made where the commands run. */
function tmpFiles(config: Config, backend: Backend | undefined): TmpFileOptions | Backend {
  if (config.upstream !== undefined && backend !== undefined) return backend;
  return { directory: config.tmpDir, owner: commandsUser(config) };
}

/** Whether a panel supplies the users. */
function hasPanel({ hestiaRoot, upstream }: Config): boolean {
  return hestiaRoot !== undefined || upstream !== undefined;
}
