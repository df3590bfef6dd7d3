import { onlyOptions } from '../catalogue/held-arguments.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { unknownCommands } from '../catalogue/unknown-commands.js';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settingNames } from '../config/config.js';
import { nearestName } from '../text/nearest-name.js';
import { allowAll } from '../allowlist/allow-list.js';
import type { ApiEntry } from '../apis/role-directory.js';
import type { RoleDifference } from '../apis/shared-roles.js';
import type { SettingName } from '../settings/settings.js';
import { finding, type Finding } from './finding.js';

const dayMs = 86_400_000;
const certificateDays = 30;
const everybody: readonly string[] = [allowAll, '0.0.0.0', '0.0.0.0/0', '::/0'];
/** The database and the audit record need this much at the least, whatever the size of the disk. */
const leastFreeBytes = 268_435_456;
const leastFreePart = 0.05;
/** On a large disk a twentieth is still plenty. */
const plentyFreeBytes = 5_368_709_120;

/** @param differences - where nodes share a database: a command deletes only what that has */
export function brokenRoleFiles(
  apis: readonly ApiEntry[],
  differences: readonly RoleDifference[],
): Finding[] {
  const ownFiles = new Set(differences.filter(({ isShared }) => !isShared).map(({ api }) => api));
  return apis.flatMap(({ name, problem }) => {
    if (problem === undefined) return [];
    const about = { api: name, problem, isOwnFile: ownFiles.has(name) };
    return finding('role_file', 'role_broken', about);
  });
}

/** A name that nobody knows grants nothing: it is a typo, or its command went. */
export function unknownRoleCommands(apis: readonly ApiEntry[], catalogue: Catalogue): Finding[] {
  return apis.flatMap(({ name, role }) => {
    const unknown = unknownCommands(role?.listed ?? [], catalogue);
    if (unknown.length === 0) return [];
    const commands = unknown.map((command) => ({ name: command.name, meant: command.meant ?? '' }));
    return finding('role_command', 'role_commands_unknown', { api: name, commands });
  });
}

/** Where nodes share a database: this node grants only what both its file and the database do. */
export function differingRoleFiles(differences: readonly RoleDifference[]): Finding[] {
  return differences.map((difference) => {
    const { api, problem, isShared } = difference;
    const command = agreeingCommand(difference);
    return finding('role_difference', 'role_difference', { api, problem, command, isShared });
  });
}

/** What makes all nodes agree: on what the database has, or on the file that it lacks; empty: that grants nothing. */
function agreeingCommand({ api, file, shared, isShared }: RoleDifference): string {
  const wanted = isShared ? shared : file;
  if (wanted?.role === undefined || wanted.commands.size === 0) return '';
  const commands = [...wanted.commands];
  const safe = [...wanted.safe].filter((name) => wanted.commands.has(name));
  const role = [wanted.role, commands.join(','), ...(safe.length > 0 ? [safe.join(',')] : [])].join(' ');
  const only = wanted.only === undefined ? '' : ` ${onlyOptions(wanted.only)}`;
  return `${isShared ? 'v-change-api' : 'v-add-api'} ${api} ${role}${only}`;
}

/** The API is on and lets nobody in. */
export function nobodyAllowed(
  settings: Readonly<Record<SettingName, string>>,
  entries: readonly string[],
): Finding[] {
  const isOn = settings.API === 'yes' || settings.API_SYSTEM !== '0';
  if (!isOn || entries.length > 0) return [];
  return [finding('nobody_allowed', 'nobody_allowed')];
}

export function everybodyAllowed(entries: readonly string[]): Finding[] {
  return entries
    .filter((entry) => everybody.includes(entry))
    .map((entry) => finding('everybody_allowed', 'everybody_allowed', { entry }));
}

/** The certificate on the disk, which is the one in use after a SIGHUP. */
export function endingCertificate(certFile: string | undefined, nowMs: number): Finding[] {
  if (certFile === undefined) return [];
  const check = 'tls_certificate';
  let endsAtMs: number;
  try {
    endsAtMs = Date.parse(new X509Certificate(readFileSync(certFile)).validTo);
  } catch {
    return [finding(check, 'certificate_unreadable', { file: certFile })];
  }
  const days = Math.floor((endsAtMs - nowMs) / dayMs);
  if (days >= certificateDays) return [];
  if (endsAtMs <= nowMs) return [finding(check, 'certificate_ended', { file: certFile })];
  return [finding(check, 'certificate_ends_soon', { file: certFile, days })];
}

export function unknownSettings(names: readonly string[]): Finding[] {
  return names.map((name) => {
    const meant = nearestName(name, settingNames) ?? '';
    return finding('unknown_setting', 'setting_unknown', { name, meant });
  });
}

export function fullDisk(
  dataDir: string,
  { freeBytes, totalBytes }: { freeBytes: number; totalBytes: number },
): Finding[] {
  const isShort = freeBytes < leastFreeBytes;
  const isNearlyFull = freeBytes < plentyFreeBytes && freeBytes < totalBytes * leastFreePart;
  if (!isShort && !isNearlyFull) return [];
  return [finding('disk', 'disk_full', { dataDir, freeMiB: Math.floor(freeBytes / 1_048_576) })];
}
