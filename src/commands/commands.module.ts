import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Approvals } from '../approvals/approvals.js';
import { ApprovalsModule } from '../approvals/approvals.module.js';
import { ChangeAllowList } from '../allowlist/change-allow-list.js';
import { AllowlistModule } from '../allowlist/allowlist.module.js';
import { Apis } from '../apis/apis.js';
import { ApisModule } from '../apis/apis.module.js';
import { RoleDirectory } from '../apis/role-directory.js';
import { Alerting } from '../audit/alerts/alerting.js';
import { AuditLog } from '../audit/audit-log.js';
import { AuditReader } from '../audit/record/audit-reader.js';
import { EventProver } from '../audit/tree/prove-event.js';
import { AuditVerifier } from '../audit/verify/audit-verifier.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { LeaksModule } from '../authorization/leaks.module.js';
import { PeopleModule } from '../authorization/people.module.js';
import { AccessExplainer } from '../authorization/explain/access-explainer.js';
import { RoleSuggester } from '../authorization/suggest/role-suggester.js';
import { ListTrials } from '../authorization/trials/list-trials.js';
import { KeyUsageModule } from '../authorization/key-usage.module.js';
import { ListKeyUsage } from '../authorization/usage/list-key-usage.js';
import { TrialsModule } from '../authorization/trials.module.js';
import { AnswerLeak } from '../authorization/limits/answer-leak.js';
import { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import { PasswordCheck } from '../authorization/secrets/password-check.js';
import { LogIn } from '../authorization/log-in.js';
import { Authorizer } from '../authorization/authorize.js';
import { Facts } from '../authorization/facts/facts.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { UserFamily } from '../catalogue/user-family.js';
import type { Config } from '../config/config.js';
import { CONFIG, LOGGER } from '../config/config.module.js';
import type { Logger } from '../config/logger.js';
import { Doctor } from '../doctor/doctor.js';
import { DoctorModule } from '../doctor/doctor.module.js';
import { AccessKeyStore } from '../keys/access-key-store.js';
import { AccessKeys } from '../keys/access-keys.js';
import { KeysModule } from '../keys/keys.module.js';
import { AccessKeyList } from '../keys/listing/access-key-list.js';
import { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import { ChangeSettings } from '../settings/change-settings.js';
import { SettingStore } from '../settings/setting-store.js';
import { SettingsModule } from '../settings/settings.module.js';
import { Passkeys } from '../sessions/passkeys/passkeys.js';
import { Sessions } from '../sessions/sessions.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { PanelUsers, type StateAtPanel } from '../users/panel-users.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/storage.module.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';
import type { Backend } from './backends/backend.js';
import { BACKEND, BackendsModule, commandsUser } from './backends/backends.module.js';
import type { Panel } from './builtin/users/panel-users.js';
import { builtinCommands } from './builtin-commands.js';
import { Completion } from './completion.js';
import { Dispatcher } from './dispatch.js';
import { KnownNames } from './known-names.js';
import { CommandRegistry } from './registry.js';
import { SuggestModule } from './suggest.module.js';
import { PanelPasswords } from './panel-passwords.js';
import { PanelUserList } from './panel-user-list.js';
import { TemporaryFiles } from './temporary-files.js';
import { UpstreamUsers } from './upstream-users.js';

@Module({
  imports: [
    ...[UsersModule, KeysModule, SessionsModule, ApisModule, AllowlistModule, SettingsModule],
    ...[CatalogueModule, AuthorizationModule, LeaksModule, PeopleModule],
    ...[BackendsModule, DoctorModule, SuggestModule, TrialsModule, ApprovalsModule, KeyUsageModule],
  ],
  providers: [
    {
      provide: CommandRegistry,
      inject: [
        ...[Users, AccessKeys, LegacyKeys, Sessions, Passkeys, RoleDirectory],
        ...[Apis, ChangeAllowList, SettingStore, ChangeSettings],
        ...[PanelUsers, { token: BACKEND, optional: true }, { token: PanelUserList, optional: true }],
        ...[UserFamily, { token: TemporaryFiles, optional: true }],
        ...[Authorizer, AccessExplainer, LegacyAuthorizer, PasswordCheck, LogIn],
        ...[AuditReader, AuditVerifier, EventProver, Facts, Catalogue, CONFIG, LOGGER],
        ...[Doctor, DATABASE, KnownNames, AccessKeyList, RoleSuggester, AnswerLeak, Alerting],
        ...[ListTrials, Approvals, ListKeyUsage],
      ],
      useFactory: (
        users: Users,
        accessKeys: AccessKeys,
        legacyKeys: LegacyKeys,
        sessions: Sessions,
        passkeys: Passkeys,
        roles: RoleDirectory,
        apis: Apis,
        allowList: ChangeAllowList,
        settings: SettingStore,
        changeSettings: ChangeSettings,
        panelUsers: PanelUsers,
        backend: Backend | undefined,
        panelList: PanelUserList | undefined,
        userFamily: UserFamily,
        temporaryFiles: TemporaryFiles | undefined,
        authorizer: Authorizer,
        explainer: AccessExplainer,
        legacyAuthorizer: LegacyAuthorizer,
        passwordCheck: PasswordCheck,
        logIn: LogIn,
        auditReader: AuditReader,
        auditVerifier: AuditVerifier,
        eventProver: EventProver,
        facts: Facts,
        catalogue: Catalogue,
        config: Config,
        logger: Logger,
        doctor: Doctor,
        database: Database,
        knownNames: KnownNames,
        accessKeyList: AccessKeyList,
        suggester: RoleSuggester,
        leaks: AnswerLeak,
        alerting: Alerting,
        trials: ListTrials,
        approvals: Approvals,
        keyUsage: ListKeyUsage,
      ) => {
        const parts = { users, accessKeys, legacyKeys, sessions, passkeys, roles, apis, allowList, settings };
        const panel = panelOf({ config, userFamily, backend, users: panelUsers, list: panelList });
        if (panel !== undefined)
          logIn.judgePasswordsWith(new PanelPasswords(panel.backend, (problem) => logger.error(problem)));
        const commands = builtinCommands({
          ...parts,
          ...{ changeSettings, panel },
          ...{ authorizer, explainer, legacyAuthorizer, passwordCheck, auditReader, auditVerifier },
          ...{ eventProver, knownNames, accessKeyList, suggester, trials, keyUsage, leaks, approvals },
          ...{ catalogue, doctor, alerting, database },
          rootUser: config.rootUser,
          // One of both is there: files are made elsewhere only where commands run elsewhere.
          temporaryFiles: temporaryFiles ?? (backend as Backend),
        });
        return new CommandRegistry(commands, catalogue, {
          rootUser: config.rootUser,
          isReadOnly: async () => (await facts.loadSwitches()).settings.isReadOnly,
          onError: (error) => logger.error(error, 'a command could not be carried out'),
        });
      },
    },
    {
      provide: KnownNames,
      inject: [Users, AccessKeyStore, RoleDirectory, Catalogue],
      useFactory: (users: Users, keys: AccessKeyStore, roles: RoleDirectory, catalogue: Catalogue) =>
        new KnownNames({ users, keys, roles, catalogue }),
    },
    {
      provide: Dispatcher,
      inject: [
        CommandRegistry,
        { token: BACKEND, optional: true },
        AuditLog,
        { token: TemporaryFiles, optional: true },
      ],
      useFactory: (
        registry: CommandRegistry,
        backend: Backend | undefined,
        audit: AuditLog,
        temporaryFiles: TemporaryFiles | undefined,
      ) => new Dispatcher(registry, backend, audit, temporaryFiles),
    },
    { provide: TemporaryFiles, inject: [CONFIG], useFactory: temporaryFilesOf },
    {
      provide: PanelUserList,
      inject: [{ token: BACKEND, optional: true }, UserFamily, CONFIG, LOGGER],
      useFactory: (
        backend: Backend | undefined,
        userFamily: UserFamily,
        { upstream, rootUser }: Config,
        logger: Logger,
      ): PanelUserList | undefined => {
        warnOfNeverRun(userFamily, logger);
        if (backend === undefined || (upstream === undefined && !userFamily.isInDirectory)) return undefined;
        const onProblem = (problem: string): void => logger.warn(problem);
        return new PanelUserList({ backend, rootUser, onProblem });
      },
    },
    {
      provide: UpstreamUsers,
      inject: [{ token: PanelUserList, optional: true }, Users, PanelUsers, CONFIG],
      useFactory: (
        list: PanelUserList | undefined,
        users: Users,
        panelUsers: PanelUsers,
        { rootUser }: Config,
      ) => {
        if (list === undefined) return undefined;
        const upstreamUsers = new UpstreamUsers({ list, users, panelUsers, rootUser });
        users.lookForUnknown((name) => upstreamUsers.lookUp(name));
        return upstreamUsers;
      },
    },
    {
      provide: Completion,
      inject: [CommandRegistry, Catalogue, Users, AccessKeyList, RoleDirectory],
      useFactory: (
        registry: CommandRegistry,
        catalogue: Catalogue,
        users: Users,
        keys: AccessKeyList,
        roles: RoleDirectory,
      ) => new Completion({ registry, catalogue, users, keys, roles }),
    },
  ],
  exports: [
    ...[CommandRegistry, KnownNames, Dispatcher, Completion, UpstreamUsers],
    ...[SuggestModule, TrialsModule, KeyUsageModule],
  ],
})
export class CommandsModule {}

/** Undefined where commands run elsewhere: files for them are made there. */
function temporaryFilesOf(config: Config): TemporaryFiles | undefined {
  if (config.upstream !== undefined) return undefined;
  const notesDirectory = join(config.dataDir, 'temporary-files');
  return new TemporaryFiles({ directory: config.tmpDir, notesDirectory, owner: commandsUser(config) });
}

interface PanelParts {
  config: Config;
  userFamily: UserFamily;
  backend: Backend | undefined;
  users: PanelUsers;
  list: PanelUserList | undefined;
}

/** The panel that supplies the users; undefined: none does. */
function panelOf({ config, userFamily, backend, users, list }: PanelParts): Panel | undefined {
  const { hestiaRoot, upstream } = config;
  const hasPanel = hestiaRoot !== undefined || upstream !== undefined || userFamily.isInDirectory;
  if (backend === undefined || !hasPanel) return undefined;
  const stateOf = async (name: string): Promise<StateAtPanel> =>
    users.inTree(name) ?? (await list?.stateOf(name)) ?? 'unknown';
  return { backend, users, stateOf };
}

function warnOfNeverRun(userFamily: UserFamily, logger: Logger): void {
  const names = userFamily.neverRun();
  if (names.length === 0) return;
  logger.warn(
    `HEARTHKEY_COMMANDS_DIR has ${names.join(', ')}, which never run: it lacks ${userFamily.missing().join(', ')}, ` +
      'so the users are kept here and the built-in commands run',
  );
}
