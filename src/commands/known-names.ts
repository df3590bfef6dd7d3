import type { RoleDirectory } from '../apis/role-directory.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { AccessKeyStore } from '../keys/access-key-store.js';
import type { Users } from '../users/users.js';
import { accessKeyIdPattern, userNamePattern } from '../text/names.js';

export interface KnownNamesParts {
  users: Pick<Users, 'find'>;
  keys: Pick<AccessKeyStore, 'find'>;
  roles: Pick<RoleDirectory, 'find'>;
  catalogue: Pick<Catalogue, 'find'>;
}

/** Which names somebody has or something has: of others it is not known what they are, so they may be secrets. */
export class KnownNames {
  constructor(private readonly parts: KnownNamesParts) {}

  async hasUser(name: string): Promise<boolean> {
    return userNamePattern.test(name) && (await this.parts.users.find(name)) !== undefined;
  }

  async hasAccessKey(id: string): Promise<boolean> {
    return accessKeyIdPattern.test(id) && (await this.parts.keys.find(id)) !== undefined;
  }

  hasApi(name: string): boolean {
    return this.parts.roles.find(name) !== undefined;
  }

  hasCommand(name: string): boolean {
    return this.parts.catalogue.find(name) !== undefined;
  }
}
