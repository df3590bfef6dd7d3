import type { ApiEntry } from '../apis/role-directory.js';
import type { AccessKey } from '../keys/access-key.js';
import { finding, type Finding } from './finding.js';

/**
 * Keys of ordinary users that have what only the root user's keys can have, so it counts for nothing. No command makes
 * such a key: they are what is left when HEARTHKEY_ROOT_USER names another user than before.
 */
export function keysOfFormerRoot(
  keys: readonly AccessKey[],
  apis: readonly ApiEntry[],
  rootUser: string,
): Finding[] {
  const forRootAlone = new Set(
    apis.filter(({ role }) => role !== undefined && role.role !== 'user').map(({ name }) => name),
  );
  return keys.flatMap(({ id, user, permissions }): Finding[] => {
    if (user === rootUser) return [];
    const refused = permissions.filter((name) => forRootAlone.has(name));
    if (permissions.length > 0 && refused.length === 0) return [];
    return [finding('root_user', 'key_of_former_root', { id, user, refused, rootUser })];
  });
}
