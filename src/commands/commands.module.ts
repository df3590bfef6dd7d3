import { Module } from '@nestjs/common';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { AuditLog } from '../audit/audit-log.js';
import { AuditReader } from '../audit/audit-reader.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import { Authorizer } from '../authorization/authorize.js';
import { Facts } from '../authorization/facts.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule, COMMANDS_DIR } from '../catalogue/catalogue.module.js';
import type { CommandsDir } from '../catalogue/commands-dir.js';
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
import { UserStore } from '../users/user-store.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import type { Backend } from './backends/backend.js';
import { ExecBackend, type SystemUser } from './backends/exec-backend.js';
import { findSystemUser } from './backends/system-user.js';
import { readTrustedCertificates } from './backends/trusted-certificates.js';
import { UpstreamBackend } from './backends/upstream-backend.js';
import type { TmpFileOptions } from './builtin/make-tmp-file.js';
import { builtinCommands } from './builtin-commands.js';
import { Completion } from './completion.js';
import { Dispatcher } from './dispatch.js';
import { CommandRegistry } from './registry.js';

export const BACKEND = Symbol('Backend');

@Module({
  imports: [
    UsersModule,
    KeysModule,
    ApisModule,
    AllowlistModule,
    SettingsModule,
    CatalogueModule,
    AuthorizationModule,
  ],
  providers: [
    {
      provide: BACKEND,
      inject: [{ token: COMMANDS_DIR, optional: true }, CONFIG, LOGGER],
      useFactory: (
        commandsDir: CommandsDir | undefined,
        config: Config,
        logger: Logger,
      ): Backend | undefined =>
        upstreamBackend(config, logger) ?? (commandsDir && execBackend(commandsDir, config, logger)),
    },
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
        ...[
          Authorizer,
          LegacyAuthorizer,
          AuditReader,
          Facts,
          Catalogue,
          { token: BACKEND, optional: true },
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
        authorizer: Authorizer,
        legacyAuthorizer: LegacyAuthorizer,
        auditReader: AuditReader,
        facts: Facts,
        catalogue: Catalogue,
        backend: Backend | undefined,
        config: Config,
        logger: Logger,
      ) => {
        const parts = { users, accessKeys, legacyKeys, roles, apis, allowList, settings, changeSettings };
        const commands = builtinCommands({
          ...parts,
          authorizer,
          legacyAuthorizer,
          auditReader,
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
      provide: Completion,
      inject: [CommandRegistry, Catalogue, UserStore, AccessKeyStore, RoleDirectory],
      useFactory: (
        registry: CommandRegistry,
        catalogue: Catalogue,
        users: UserStore,
        keys: AccessKeyStore,
        roles: RoleDirectory,
      ) => new Completion({ registry, catalogue, users, keys, roles }),
    },
  ],
  exports: [CommandRegistry, Dispatcher, Completion],
})
export class CommandsModule {}

function execBackend(commandsDir: CommandsDir, config: Config, logger: Logger): ExecBackend {
  return new ExecBackend(commandsDir, {
    timeoutMs: config.commandTimeoutMs,
    outputLimitBytes: config.commandOutputLimitBytes,
    runAs: commandsUser(config),
    onProblem: (problem) => logger.warn(problem),
  });
}

function upstreamBackend(config: Config, logger: Logger): UpstreamBackend | undefined {
  if (config.upstream === undefined) return undefined;
  const { caFile, ...upstream } = config.upstream;
  return new UpstreamBackend({
    ...upstream,
    trusted: caFile === undefined ? [] : readTrustedCertificates(caFile),
    timeoutMs: config.commandTimeoutMs,
    outputLimitBytes: config.commandOutputLimitBytes,
    onProblem: (problem) => logger.warn(problem),
  });
}

/** Files for commands are made where the commands run. */
function tmpFiles(config: Config, backend: Backend | undefined): TmpFileOptions | Backend {
  if (config.upstream !== undefined && backend !== undefined) return backend;
  return { directory: config.tmpDir, owner: commandsUser(config) };
}

function commandsUser({ commandsUser: name }: Config): SystemUser | undefined {
  return name === undefined ? undefined : findSystemUser(name);
}
