import type { ApiRole } from '../apis/role-file.js';
import type { ApiEntry } from '../apis/role-directory.js';
import type { AccessKey } from '../keys/access-key.js';
import { finding, type Finding } from './finding.js';

/**
 * Keys of ordinary users that have what only the keys of the root user and of administrators can have, so it counts for nothing. No command makes
 * such a key: they are what is left when HEARTHKEY_ROOT_USER names another user than before.
 */
export function keysOfFormerRoot(
  keys: readonly AccessKey[],
  apis: readonly ApiEntry[],
  { rootUser, administrators }: { rootUser: string; administrators: ReadonlySet<string> },
): Finding[] {
  const namesOf = (wanted: ApiRole | undefined): ReadonlySet<string> =>
    new Set(apis.filter(({ role }) => role !== undefined && role.role === wanted).map(({ name }) => name));
  const [forRoot, forAdministrators] = [namesOf(undefined), namesOf('admin')];
  return keys.flatMap(({ id, user, permissions }): Finding[] => {
    if (user === rootUser) return [];
    const refused = permissions.filter(
      (name) => forRoot.has(name) || (!administrators.has(user) && forAdministrators.has(name)),
    );
    if (permissions.length > 0 && refused.length === 0) return [];
    return [finding('root_user', 'key_of_former_root', { id, user, refused, rootUser })];
  });
}
