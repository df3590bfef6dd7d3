import { formatRoleFile, type RoleFile } from '../../apis/role-file.js';
import type { RoleDirectory } from '../../apis/role-directory.js';
import type { ChangeOrigin } from '../../audit/audit-event.js';
import type { Change } from '../../storage/changes.js';
import type { AccessKey } from '../access-key.js';
import { describeKey } from '../record-key-change.js';

export interface PowerParts {
  roles: Pick<RoleDirectory, 'find'>;
  rootUser: string;
}

/** What is done to a key that a second person may have to approve. */
export interface KeyWidening {
  /** As it is from then on. */
  key: AccessKey;
  origin: ChangeOrigin;
  /** What the event tells besides. */
  told: Record<string, string>;
  /** Its owner needs nobody's approval: he has it already. */
  isForOwner?: boolean;
}

/**
 * Lets a second person approve it where the key may run everything, or has a role that is not for every user. A key of
 * the root user reaches every user by any role.
 *
 * @throws AppError 10
 */
export async function requireApprovedKey(
  { roles, rootUser }: PowerParts,
  change: Change,
  { key, origin, told, isForOwner = false }: KeyWidening,
): Promise<void> {
  const { user, permissions } = key;
  if (!change.needsApproval || key.isCanary === true) return;
  const isUnrestricted = user === rootUser && permissions.length === 0;
  const files = permissions.map((name) => roles.find(name)?.role);
  const isWeak = (file: RoleFile | undefined): boolean =>
    file?.isReadOnlyApi === true || (user !== rootUser && file?.role === 'user');
  if (!isUnrestricted && files.every(isWeak)) return;
  await change.requireApproved({
    kind: isUnrestricted ? 'unrestricted_key' : 'admin_role',
    origin,
    target: { user, ...describeKey(key), ...told },
    // What its roles grant is part of what was approved: here, and as the nodes agree on it.
    exact: files.map((file) => file && textOf(file)),
    sharedRoles: permissions,
    endsAtMs: key.expiresAtMs,
    ...(isForOwner && { owner: user }),
  });
}

function textOf({ role, commands, safe, only }: RoleFile): string {
  return formatRoleFile(role ?? 'admin', [...commands], [...safe], only);
}
