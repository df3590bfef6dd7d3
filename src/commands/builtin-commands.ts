import type { Approvals } from '../approvals/approvals.js';
import type { ChangeAllowList } from '../allowlist/change-allow-list.js';
import type { Apis } from '../apis/apis.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import type { Alerting } from '../audit/alerts/alerting.js';
import type { AuditReader } from '../audit/record/audit-reader.js';
import type { EventProver } from '../audit/tree/prove-event.js';
import type { AuditVerifier } from '../audit/verify/audit-verifier.js';
import type { AccessExplainer } from '../authorization/explain/access-explainer.js';
import type { RoleSuggester } from '../authorization/suggest/role-suggester.js';
import type { ListTrials } from '../authorization/trials/list-trials.js';
import type { ListKeyUsage } from '../authorization/usage/list-key-usage.js';
import type { LegacyAuthorizer } from '../authorization/authorize-legacy.js';
import type { PasswordCheck } from '../authorization/secrets/password-check.js';
import type { Authorizer } from '../authorization/authorize.js';
import type { AnswerLeak } from '../authorization/limits/answer-leak.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { AccessKeys } from '../keys/access-keys.js';
import type { AccessKeyList } from '../keys/listing/access-key-list.js';
import type { Doctor } from '../doctor/doctor.js';
import type { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import type { ChangeSettings } from '../settings/change-settings.js';
import type { SettingStore } from '../settings/setting-store.js';
import type { Passkeys } from '../sessions/passkeys/passkeys.js';
import type { Sessions } from '../sessions/sessions.js';
import type { Database } from '../storage/database.js';
import type { Users } from '../users/users.js';
import type { Backend } from './backends/backend.js';
import type { BuiltinCommand } from './builtin-command.js';
import { accessKeyCommands } from './builtin/keys/access-keys.js';
import { allowListCommands } from './builtin/allow-list.js';
import { alertCommands } from './builtin/alerts.js';
import { approvalCommands } from './builtin/approvals.js';
import { apiCommands } from './builtin/apis.js';
import { listAuditEventsCommand } from './builtin/audit/audit-events.js';
import { checkUserPasswordCommand } from './builtin/users/check-user-password.js';
import { checkAccessKeyCommand } from './builtin/keys/check-access-key.js';
import { listCommandsCommand } from './builtin/commands.js';
import { withAuthorityOverKeys } from './builtin/users/end-user.js';
import { deriveAccessKeyCommand } from './builtin/keys/derive-access-key.js';
import { explainAccessCommand } from './builtin/explain-access.js';
import { listFindingsCommand } from './builtin/findings.js';
import { listNodesCommand } from './builtin/nodes.js';
import { legacyKeyCommands } from './builtin/keys/legacy-keys.js';
import { panelUserCommands, type Panel } from './builtin/users/panel-users.js';
import { makeTmpFileCommand } from './builtin/make-tmp-file.js';
import { readingPasswordFiles } from './builtin/users/password-files.js';
import { revokeSecretCommand } from './builtin/keys/revoke-secret.js';
import { rotateAccessKeyCommand } from './builtin/keys/rotate-access-key.js';
import { settingCommands } from './builtin/settings.js';
import { passkeyCommands } from './builtin/passkeys.js';
import { sessionCommands } from './builtin/sessions.js';
import { userCommands } from './builtin/users/users.js';
import { suggestApiCommand } from './builtin/suggest/suggest-api.js';
import { listTrialsCommand } from './builtin/trials/list-trials.js';
import { listAccessKeyUsageCommand } from './builtin/usage/list-access-key-usage.js';
import { proveAuditEventCommand } from './builtin/prove-audit-event.js';
import { verifyAuditCommand } from './builtin/verify-audit.js';
import type { KnownNames } from './known-names.js';
import { TemporaryFiles } from './temporary-files.js';

export interface CommandParts {
  users: Users;
  /** Undefined: no panel supplies the users, they are Hearthkey's own. */
  panel: Panel | undefined;
  accessKeys: AccessKeys;
  accessKeyList: AccessKeyList;
  legacyKeys: LegacyKeys;
  leaks: AnswerLeak;
  sessions: Sessions;
  passkeys: Passkeys;
  roles: RoleDirectory;
  apis: Apis;
  allowList: ChangeAllowList;
  settings: SettingStore;
  changeSettings: ChangeSettings;
  authorizer: Authorizer;
  explainer: AccessExplainer;
  suggester: RoleSuggester;
  trials: ListTrials;
  keyUsage: ListKeyUsage;
  legacyAuthorizer: LegacyAuthorizer;
  passwordCheck: PasswordCheck;
  auditReader: AuditReader;
  auditVerifier: AuditVerifier;
  knownNames: KnownNames;
  eventProver: EventProver;
  catalogue: Catalogue;
  doctor: Doctor;
  alerting: Alerting;
  approvals: Approvals;
  database: Database;
  /** Or where they are made for commands that run elsewhere. */
  temporaryFiles: TemporaryFiles | Backend;
  rootUser: string;
}

/** Every command that is Hearthkey's own. */
export function builtinCommands(parts: CommandParts): BuiltinCommand[] {
  const { settings: store, changeSettings, allowList, rootUser, panel } = parts;
  const { temporaryFiles } = parts;
  const files = temporaryFiles instanceof TemporaryFiles ? temporaryFiles : undefined;
  const ownUserCommands = userCommands(parts.users, rootUser);
  const familyOfUsers =
    panel === undefined
      ? ownUserCommands.map((command) => readingPasswordFiles(command, files))
      : panelUserCommands(ownUserCommands, panel, rootUser, files);
  return [
    ...accessKeyCommands(parts.accessKeys, parts.users, parts.accessKeyList),
    deriveAccessKeyCommand(parts.accessKeys),
    rotateAccessKeyCommand(parts.accessKeys),
    checkAccessKeyCommand(parts.authorizer),
    explainAccessCommand(parts.explainer),
    suggestApiCommand(parts.suggester),
    listTrialsCommand(parts.trials),
    listAccessKeyUsageCommand(parts.keyUsage),
    ...apiCommands(parts.roles, parts.apis, parts.catalogue),
    ...allowListCommands({ allowList, changeSettings, rootUser }),
    ...settingCommands({ store, changeSettings, allowList, rootUser }),
    ...legacyKeyCommands(parts.legacyKeys, parts.legacyAuthorizer),
    revokeSecretCommand(parts.leaks),
    ...sessionCommands(parts.sessions, parts.users),
    ...passkeyCommands(parts.passkeys, parts.users),
    ...withAuthorityOverKeys(familyOfUsers, parts.accessKeys),
    ...(panel === undefined
      ? [readingPasswordFiles(checkUserPasswordCommand(parts.passwordCheck), files)]
      : []),
    listAuditEventsCommand(parts.auditReader, parts.knownNames),
    verifyAuditCommand(parts.auditVerifier),
    proveAuditEventCommand(parts.eventProver),
    listCommandsCommand(parts.catalogue),
    listNodesCommand(parts.database),
    listFindingsCommand(parts.doctor),
    ...alertCommands(parts.alerting),
    ...approvalCommands(parts.approvals),
    makeTmpFileCommand(temporaryFiles),
  ];
}
