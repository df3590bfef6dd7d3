import type { ApiEntry } from './role-directory.js';
import { formatRoleFile, parseRoleFile } from './role-file.js';
import { isSameRole } from './shared-roles.js';
import { shippedRoles } from './shipped-roles.js';

/** What becomes of a role file of another installation: `changed_here` is one that somebody edited here; it stays. */
export type ApiTakeOver = 'taken' | 'present' | 'changed_here';

/**
 * @param present - what is here by that name
 * @throws RoleFileError for a text that is no role file
 */
export function judgeRoleFile(present: ApiEntry | undefined, name: string, text: string): ApiTakeOver {
  // Of the name that is built in: keys that are taken over too had what the file granted, and not what that API has.
  if (present === undefined || present.role?.isReadOnlyApi === true) return 'taken';
  if (present.role === undefined) return 'changed_here';
  if (isSameRole(present.role, parseRoleFile(text))) return 'present';
  const shipped = shippedRoles[name];
  const isAsShipped =
    shipped !== undefined &&
    isSameRole(present.role, parseRoleFile(formatRoleFile(shipped.role, shipped.commands, [])));
  return isAsShipped ? 'taken' : 'changed_here';
}
