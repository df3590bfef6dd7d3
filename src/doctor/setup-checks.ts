import type { Catalogue } from '../catalogue/catalogue.js';
import { unknownCommands } from '../catalogue/unknown-commands.js';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { settingNames } from '../config/config.js';
import { didYouMean } from '../text/nearest-name.js';
import { allowAll } from '../allowlist/allow-list.js';
import type { ApiEntry } from '../apis/role-directory.js';
import type { RoleDifference } from '../apis/shared-roles.js';
import type { SettingName } from '../settings/settings.js';
import type { Finding } from './finding.js';

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
    const advice = `correct the file, or ${ownFiles.has(name) ? 'take it away' : `v-delete-api ${name}`}`;
    return {
      check: 'role_file',
      subject: `API role file ${name}`,
      problem: `grants nothing: ${problem}`,
      advice,
    };
  });
}

/** A name that nobody knows grants nothing: it is a typo, or its command went. */
export function unknownRoleCommands(apis: readonly ApiEntry[], catalogue: Catalogue): Finding[] {
  return apis.flatMap(({ name, role }) => {
    const unknown = unknownCommands(role?.listed ?? [], catalogue);
    if (unknown.length === 0) return [];
    const names = unknown.map((command) => `${command.name}${command.meant ? ` (${command.meant}?)` : ''}`);
    return {
      check: 'role_command',
      subject: `API role file ${name}`,
      problem: `names what is no command here: ${names.join(', ')}`,
      advice: 'correct the names in the file, or take them away',
    };
  });
}

/** Where nodes share a database: this node grants only what both its file and the database do. */
export function differingRoleFiles(differences: readonly RoleDifference[]): Finding[] {
  return differences.map((difference) => ({
    check: 'role_difference',
    subject: `API ${difference.api}`,
    problem: difference.problem,
    advice: adviceAbout(difference),
  }));
}

/** What makes all nodes agree: on what the database has, or on the file that it lacks. */
function adviceAbout({ api, file, shared, isShared }: RoleDifference): string {
  const wanted = isShared ? shared : file;
  const command = isShared ? 'v-change-api' : 'v-add-api';
  const otherwise = isShared ? `v-delete-api ${api}` : 'take the file away';
  if (wanted?.role === undefined || wanted.commands.size === 0) return otherwise;
  const [commands, safe] = [
    [...wanted.commands],
    [...wanted.safe].filter((name) => wanted.commands.has(name)),
  ];
  const role = [wanted.role, commands.join(','), ...(safe.length > 0 ? [safe.join(',')] : [])].join(' ');
  return `${command} ${api} ${role}, or ${otherwise}`;
}

/** The API is on and lets nobody in. */
export function nobodyAllowed(
  settings: Readonly<Record<SettingName, string>>,
  entries: readonly string[],
): Finding[] {
  const isOn = settings.API === 'yes' || settings.API_SYSTEM !== '0';
  if (!isOn || entries.length > 0) return [];
  const problem = 'is empty, so every request is refused, although the API is on';
  const advice = "let each client's address in (v-add-sys-api-ip --help), or v-change-sys-api disable";
  return [{ check: 'nobody_allowed', subject: 'API_ALLOWED_IP', problem, advice }];
}

export function everybodyAllowed(entries: readonly string[]): Finding[] {
  return entries
    .filter((entry) => everybody.includes(entry))
    .map((entry) => ({
      check: 'everybody_allowed',
      subject: `API_ALLOWED_IP ${entry}`,
      problem: 'lets requests in from everywhere',
      advice: `let each client's address in (v-add-sys-api-ip --help), then v-delete-sys-api-ip ${entry}`,
    }));
}

/** The certificate on the disk, which is the one in use after a SIGHUP. */
export function endingCertificate(certFile: string | undefined, nowMs: number): Finding[] {
  if (certFile === undefined) return [];
  const subject = `TLS certificate ${certFile}`;
  const advice = 'put a new one in its place and send the service SIGHUP';
  let endsAtMs: number;
  try {
    endsAtMs = Date.parse(new X509Certificate(readFileSync(certFile)).validTo);
  } catch {
    return [{ check: 'tls_certificate', subject, problem: "can't be read", advice }];
  }
  const days = Math.floor((endsAtMs - nowMs) / dayMs);
  if (days >= certificateDays) return [];
  const problem = endsAtMs <= nowMs ? 'has ended' : `ends in ${days} ${days === 1 ? 'day' : 'days'}`;
  return [{ check: 'tls_certificate', subject, problem, advice }];
}

export function unknownSettings(names: readonly string[]): Finding[] {
  return names.map((name) => ({
    check: 'unknown_setting',
    subject: name,
    problem: `is set, but there is no such setting${didYouMean(name, settingNames)}`,
    advice: 'correct its name, or take it away (docs/configuration.md lists all)',
  }));
}

export function fullDisk(
  dataDir: string,
  { freeBytes, totalBytes }: { freeBytes: number; totalBytes: number },
): Finding[] {
  const isShort = freeBytes < leastFreeBytes;
  const isNearlyFull = freeBytes < plentyFreeBytes && freeBytes < totalBytes * leastFreePart;
  if (!isShort && !isNearlyFull) return [];
  const problem = `only ${Math.floor(freeBytes / 1_048_576)} MiB are free; without room for the audit every request is refused`;
  return [{ check: 'disk', subject: `data directory ${dataDir}`, problem, advice: 'make room on that disk' }];
}
