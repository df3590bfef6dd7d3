import { statfs } from 'node:fs/promises';
import type { ChangeAllowList } from '../allowlist/change-allow-list.js';
import type { Apis } from '../apis/apis.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import type { Alerting } from '../audit/alerts/alerting.js';
import type { AuditExport } from '../audit/sinks/audit-export.js';
import { recordGrowth } from '../audit/record/record-growth.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { Retention } from '../audit/put-away/retention.js';
import type { AuditWitnesses } from '../audit/tree/audit-witnesses.js';
import type { Config } from '../config/config.js';
import type { AccessKeys } from '../keys/access-keys.js';
import type { CanaryUses } from '../keys/canaries/canary-uses.js';
import type { AccessKeyList } from '../keys/listing/access-key-list.js';
import type { TreeKeys } from '../keys/tree/tree-keys.js';
import type { LegacyKeys } from '../keys/legacy/legacy-keys.js';
import type { ChangeSettings } from '../settings/change-settings.js';
import type { DurabilityProblem } from '../storage/postgres/durability.js';
import type { Users } from '../users/users.js';
import type { UntrustedProxies } from '../network/untrusted-proxies.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { CommandsDir } from '../catalogue/commands-dir.js';
import type { FileTrust } from '../catalogue/file-trust.js';
import type { UserFamily } from '../catalogue/user-family.js';
import { commandsThatOthersCanChange, userCommandsThatNeverRun } from './commands-checks.js';
import { diskOutlook, diskThatFills, type DiskOutlook } from './disk-outlook.js';
import { alertReceiversAway } from './alert-receiver-check.js';
import { sinksBehind } from './audit-export-check.js';
import { auditWitnessProblems, exposedAuditKey, recordFindings, retentionHeldBack } from './audit-checks.js';
import { weakDurability } from './database-check.js';
import type { Finding } from './finding.js';
import { idleSettings } from './idle-settings.js';
import { ownAddressMissing } from './own-address-check.js';
import { untrustedProxies } from './proxy-check.js';
import { publicWithoutTls } from './public-without-tls.js';
import { idleRoleFiles } from './role-checks.js';
import { keysOfFormerRoot } from './root-user-check.js';
import {
  endingKeys,
  keysWithoutOwner,
  keysWithUnknownApis,
  usedCanaries,
  weakAccessKeys,
  weakLegacyKeys,
} from './key-checks.js';
import { trustedLoopback } from './trusted-loopback.js';
import {
  brokenRoleFiles,
  differingRoleFiles,
  endingCertificate,
  everybodyAllowed,
  fullDisk,
  nobodyAllowed,
  unknownRoleCommands,
  unknownSettings,
} from './setup-checks.js';
import { TreeKeyCheck } from './tree-key-checks.js';

export interface DoctorParts {
  users: Users;
  userFamily: UserFamily;
  commandsDir: CommandsDir | undefined;
  fileTrust: FileTrust;
  accessKeys: AccessKeys;
  canaryUses: Pick<CanaryUses, 'list'>;
  keyList: Pick<AccessKeyList, 'parts'>;
  legacyKeys: LegacyKeys;
  /** Where a panel's tree is used live. */
  treeKeys?: TreeKeys | undefined;
  roles: RoleDirectory;
  catalogue: Catalogue;
  apis: Apis;
  settings: ChangeSettings;
  allowList: ChangeAllowList;
  untrustedProxies: UntrustedProxies;
  auditExport: Pick<AuditExport, 'states'>;
  alerting: Pick<Alerting, 'states'>;
  audit: Pick<AuditLog, 'record' | 'head'>;
  retention: Pick<Retention, 'heldBack'>;
  witnesses: Pick<AuditWitnesses, 'problems'>;
  config: Config;
  /** Of a database server; none of the embedded database. */
  durability: () => Promise<readonly DurabilityProblem[]>;
  now?: () => number;
}

/** Looks at the whole installation for what an operator should know, and changes nothing. */
export class Doctor {
  constructor(private readonly parts: DoctorParts) {}

  /** What there is to do, the most urgent kinds first; empty: nothing. */
  async examine(): Promise<Finding[]> {
    const used = usedCanaries(await this.parts.canaryUses.list());
    return [...used, ...(await this.examineSetup()), ...(await this.examineKeys())];
  }

  /** How long the disk lasts; undefined: the audit record is too young to tell. */
  async outlook(): Promise<DiskOutlook | undefined> {
    const { config, audit, retention, now = Date.now } = this.parts;
    const growth = await recordGrowth(config.dataDir, audit.head.sequence, now());
    const { bavail, bsize } = await statfs(config.dataDir);
    return growth && diskOutlook(growth, bavail * bsize, config.auditRecord, retention.heldBack);
  }

  private async examineSetup(): Promise<Finding[]> {
    const { roles, settings, allowList, config, now = Date.now } = this.parts;
    const entries = await allowList.list();
    const differences = await this.parts.apis.differences();
    const { bavail, blocks, bsize } = await statfs(config.dataDir);
    return [
      ...diskThatFills(await this.outlook(), config.dataDir),
      ...fullDisk(config.dataDir, { freeBytes: bavail * bsize, totalBytes: blocks * bsize }),
      ...weakDurability(await this.parts.durability()),
      ...sinksBehind(this.parts.auditExport.states),
      ...alertReceiversAway(this.parts.alerting.states),
      ...recordFindings(this.parts.audit.record.findings),
      ...retentionHeldBack(this.parts.retention.heldBack),
      ...auditWitnessProblems(this.parts.witnesses.problems),
      ...exposedAuditKey(this.parts.audit.record.keyFile, config.dataDir),
      ...endingCertificate(config.tls?.certFile, now()),
      ...unknownSettings(config.unknownSettings),
      ...commandsThatOthersCanChange(this.parts.commandsDir, this.parts.fileTrust),
      ...userCommandsThatNeverRun(this.parts.userFamily),
      ...trustedLoopback(config.trustedProxies),
      ...publicWithoutTls(config),
      ...nobodyAllowed(await settings.current(), entries),
      ...everybodyAllowed(entries),
      ...ownAddressMissing({ entries, isTakenOver: await allowList.isTakenOver() }),
      ...untrustedProxies(this.parts.untrustedProxies.list()),
      ...idleSettings(config),
      ...brokenRoleFiles(roles.list(), differences),
      ...unknownRoleCommands(roles.list(), this.parts.catalogue),
      ...idleRoleFiles(roles.notices()),
      ...differingRoleFiles(differences),
    ];
  }

  private async examineKeys(): Promise<Finding[]> {
    const { users, accessKeys, legacyKeys, roles, config, now = Date.now } = this.parts;
    const everybody = await users.list();
    const userNames = new Set(everybody.map(({ name }) => name));
    const administrators = new Set(everybody.filter(({ role }) => role === 'admin').map(({ name }) => name));
    const apiNames = new Set(roles.list().map((api) => api.name));
    const treeKeys = new TreeKeyCheck(this.parts.treeKeys);
    const found: Finding[][] = [[], [], [], []];
    for await (const { keys } of this.parts.keyList.parts(undefined, false)) {
      treeKeys.take(keys);
      const inPart = [
        keysWithoutOwner(keys, userNames),
        keysOfFormerRoot(keys, roles.list(), { rootUser: config.rootUser, administrators }),
        keysWithUnknownApis(keys, apiNames),
        endingKeys(keys, config.keyPolicy, now()),
      ];
      for (const [index, findings] of inPart.entries()) found[index]?.push(...findings);
    }
    return [
      ...weakLegacyKeys(await legacyKeys.list()),
      ...weakAccessKeys(await accessKeys.listWeak()),
      ...treeKeys.findings(),
      ...found.flat(),
    ];
  }
}
