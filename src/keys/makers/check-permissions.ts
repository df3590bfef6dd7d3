import type { RoleDirectory } from '../../apis/role-directory.js';
import type { Transaction } from '../../storage/database.js';
import type { Users } from '../../users/users.js';
import { AppError, invalid, notFound, ReturnCode } from '../../errors.js';
import { refuseCommands } from './refuse-commands.js';

/**
 * Whether a key of this user may be given these permissions.
 *
 * @throws AppError 3 (no such API), 12 (its file can not be used), 2 (none, or one that only the root user and administrators may have)
 */
export async function checkPermissions(
  { roles, users, rootUser }: { roles: RoleDirectory; users: Pick<Users, 'find'>; rootUser: string },
  user: string,
  permissions: readonly string[],
  trx?: Transaction,
): Promise<void> {
  const isRootUser = user === rootUser;
  refuseCommands({ roles, rootUser }, user, permissions);
  if (!isRootUser && permissions.length === 0) throw invalid('Non-admin users need a permission list');
  let isAdministrator: boolean | undefined;
  for (const name of permissions) {
    const api = roles.find(name);
    if (api === undefined) throw notFound(`API ${name}`);
    if (api.problem !== undefined) {
      throw new AppError(ReturnCode.PARSING, `API ${name} can not be used: its file ${api.problem}`);
    }
    if (isRootUser || api.role.role === 'user') continue;
    isAdministrator ??= (await users.find(user, trx))?.role === 'admin';
    if (!isAdministrator || api.role.role === undefined) throw invalid('Only the admin can run this API');
  }
}
