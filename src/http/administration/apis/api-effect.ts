import type { RoleDirectory } from '../../../apis/role-directory.js';
import type { ApiRole } from '../../../apis/role-file.js';
import type { AccessKeyList } from '../../../keys/listing/access-key-list.js';
import type { ApiEffectDto, KeyEffectDto } from './api.dto.js';

const mostKeys = 1000;

export interface WantedApi {
  name: string;
  role: ApiRole;
  commands: readonly string[];
}

export interface EffectParts {
  roles: RoleDirectory;
  list: AccessKeyList;
  rootUser: string;
}

/** @param wanted - the role file as it would be; without commands: as if it were gone */
export async function effectOf(
  { roles, list, rootUser }: EffectParts,
  wanted: WantedApi,
): Promise<ApiEffectDto> {
  const { keys, last } = await list.page({ permission: wanted.name }, 'id', mostKeys, undefined);
  const granted = (name: string, user: string, isAfter: boolean): readonly string[] => {
    if (isAfter && name === wanted.name)
      return user === rootUser || wanted.role === 'user' ? wanted.commands : [];
    const role = roles.find(name)?.role;
    return role !== undefined && (user === rootUser || role.role === 'user') ? [...role.commands] : [];
  };
  const effects = keys.map(({ id, user, permissions }): KeyEffectDto => {
    const before = new Set(permissions.flatMap((name) => granted(name, user, false)));
    const after = new Set(permissions.flatMap((name) => granted(name, user, true)));
    const without = (some: Set<string>, others: Set<string>): string[] =>
      [...some].filter((command) => !others.has(command)).sort();
    return { accessKeyId: id, user, loses: without(before, after), gains: without(after, before) };
  });
  const touched = effects.filter(({ loses, gains }) => loses.length + gains.length > 0);
  return { keys: touched, isComplete: last === undefined };
}
