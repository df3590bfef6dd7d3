import type { AllowList } from '../../allowlist/allow-list.js';
import type { SharedRoles } from '../../apis/shared-roles.js';
import type { StoredKey } from '../../keys/access-key.js';
import type { Maker } from '../../keys/makers/makers.js';
import type { Settings } from '../../settings/settings.js';
import type { OwnerFacts } from './decision-facts.js';

export interface Switches {
  settings: Settings;
  allowList: AllowList;
  /** Undefined where one process owns the data: its role files alone count. */
  sharedRoles: SharedRoles | undefined;
  /** Whether a user is an administrator beside the root user. */
  isAdministrator: (name: string) => boolean;
}

/** Which change was the newest that facts know of, and since which fresh start they are kept: see `isCurrent`. */
export interface FactsVersion {
  number: number;
  epoch: number;
}

/** What the facts say of one key at one moment; `key` and `owner` are undefined where there is no such thing. */
export interface FactsView {
  version: FactsVersion;
  switches: Switches;
  key: StoredKey | undefined;
  /** The keys that made it, the nearest first. */
  makers: readonly Maker[];
  owner: OwnerFacts | undefined;
}
