import type { ChangeAllowList } from '../allowlist/change-allow-list.js';
import type { Apis } from '../apis/apis.js';
import type { RoleDirectory } from '../apis/role-directory.js';
import { RoleFileError, type RoleFile } from '../apis/role-file.js';
import type { ChangeOrigin } from '../audit/audit-event.js';
import { ConfError } from '../text/conf-file.js';
import type { TakeOverAccessKeys } from '../keys/take-over-access-keys.js';
import type { TakeOverLegacyKeys } from '../keys/legacy/take-over-legacy-keys.js';
import type { ChangeSettings } from '../settings/change-settings.js';
import type { Changes } from '../storage/changes.js';
import type { TakeOverUsers } from '../users/take-over-users.js';
import { TreeError, type HestiaTree } from './read-tree.js';
import type { Kind, Report, Result } from './report.js';

/** The domains that take things over. */
export interface ImportParts {
  apis: Apis;
  roles: RoleDirectory;
  users: TakeOverUsers;
  accessKeys: TakeOverAccessKeys;
  legacyKeys: TakeOverLegacyKeys;
  settings: ChangeSettings;
  allowList: ChangeAllowList;
  changes: Changes;
  /** A second person has to approve an import. */
  needsApprovals: boolean;
  rootUser: string;
  /** A panel on this machine supplies the users, so none are taken over. */
  hasPanelUsers: boolean;
}

/** One import under way. */
export interface ImportRun {
  tree: HestiaTree;
  parts: ImportParts;
  report: Report;
  isDryRun: boolean;
  origin: ChangeOrigin;
  nowMs: number;
  /** Users who aren't here yet and would be, as far as a dry run knows. */
  newUsers: Set<string>;
  /** Those of the tree who are administrators here as well. */
  administrators: Set<string>;
  /** The same of API roles. */
  newRoles: Map<string, RoleFile>;
  /** Tells how far it is. */
  say: (text: string) => void;
  signal: AbortSignal;
  revive: Revive;
}

/** Which keys come back that were here and were deleted. */
export interface Revive {
  /** IDs of access keys. */
  accessKeys: Pick<ReadonlySet<string>, 'has'>;
  legacyKeys: boolean;
}

/** Nobody waits for the rest of it any more, or the service stops. */
export class ImportStopped extends Error {}

/** So many at a time: a batch is one change, and what a stop may have to wait for. */
const batchSize = 50;

/** Does something for all names of a folder, a batch at a time. */
export async function inBatches(
  run: ImportRun,
  { kind, folder }: { kind: Kind; folder: string },
  work: (names: readonly string[]) => Promise<void>,
): Promise<void> {
  const names = await run.tree.list(folder).catch((error: unknown) => {
    run.report.add(kind, folder, skipped(error));
    return [];
  });
  for (let start = 0; start < names.length; start += batchSize) {
    if (run.signal.aborted) throw new ImportStopped();
    await work(names.slice(start, start + batchSize));
    run.say(`${kind}: ${Math.min(start + batchSize, names.length)} of ${names.length}\n`);
  }
}

/** What becomes of a file that can't be understood; any other error goes on. */
export function skipped(error: unknown): Result {
  if (error instanceof TreeError || error instanceof ConfError || error instanceof RoleFileError) {
    return { fate: 'skipped', why: error.message };
  }
  throw error;
}

/** @param word - what `--revive` takes for it */
export function deletedRemark(word: string): string {
  return `was here and was deleted, so it stays away; --revive ${word} brings it back`;
}
