import type { AllowList } from '../../allowlist/allow-list.js';
import type { ApiEntry } from '../../apis/role-directory.js';
import type { CommandSpec } from '../../catalogue/command-spec.js';
import type { KeyLimits } from '../../keys/limits/key-limits.js';
import type { Maker } from '../../keys/makers/makers.js';
import type { Trial } from '../../keys/trials/trial.js';
import type { Settings } from '../../settings/settings.js';
import type { UserRole } from '../../users/user.js';
import type { RateState } from '../limits/rate-state.js';

/** What a decision depends on, as it is at one moment. */
export interface DecisionFacts {
  settings: Settings;
  allowList: AllowList;
  key: KeyFacts | undefined;
  /** The keys that made it, the nearest first; absent: none did. */
  makers?: readonly Maker[];
  /** The owner of `key`. */
  owner: OwnerFacts | undefined;
  rootUser: string;
  /** Whether a user, of any case, is an administrator beside the root user. */
  isAdministrator: (name: string) => boolean;
  /** The clock reading that the decision is taken at; milliseconds since 1970. */
  nowMs: number;
  /** How far the key's rate limit is used up; absent: it has none. */
  rate?: Pick<RateState, 'isExceeded'> | undefined;
  /** How far the quotas of the key and its makers are used up; absent: there are none, or the request has not counted yet. */
  quota?: { isExceeded: boolean } | undefined;
  findApi: (name: string) => ApiEntry | undefined;
  findCommand: (name: string) => CommandSpec | undefined;
}

export interface KeyFacts extends KeyLimits {
  id: string;
  user: string;
  permissions: readonly string[];
  isSuspended: boolean;
  /** Whatever its secret, it is denied as a key with a wrong one. */
  isCanary?: true;
  /** What it could be instead: no decision depends on it. */
  trial?: Trial;
}

export interface OwnerFacts {
  isSuspended: boolean;
  /** The root user's does not count. */
  role: UserRole;
}
