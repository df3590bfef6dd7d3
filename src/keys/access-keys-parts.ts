import type { RoleDirectory } from '../apis/role-directory.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Pepper } from '../secrets/pepper.js';
import type { SlowHash } from '../secrets/slow-hash.js';
import type { Changes } from '../storage/changes.js';
import type { Users } from '../users/users.js';
import type { AccessKeyStore } from './access-key-store.js';
import type { KeyPolicy } from './limits/key-policy.js';
import type { CallerParts } from './makers/revoked-caller.js';
import type { KeyUseStore } from './usage/key-use-store.js';

/** What access keys are made and changed with. */
export interface AccessKeysParts {
  store: AccessKeyStore;
  users: Users;
  roles: RoleDirectory;
  changes: Changes;
  slowHash: SlowHash;
  pepper: Pepper;
  rootUser: string;
  /** What the secrets that are made begin with. */
  secretPrefix?: string;
  uses?: KeyUseStore;
  /** What arguments can be held to; absent: any. */
  catalogue?: Pick<Catalogue, 'list'>;
  policy?: KeyPolicy;
  sessionGoesOn?: CallerParts['sessionGoesOn'];
  now?: () => number;
}
