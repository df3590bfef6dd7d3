import type { ClientAddress } from '../network/client-address.js';
import type { CommandSpec } from '../catalogue/command-spec.js';
import type { KeyLimits } from '../keys/limits/key-limits.js';
import type { RateLimit } from '../keys/limits/rate-limit.js';
import type { RecordedVerdict } from '../audit/audit-event.js';
import { denyReasons, type DenyReason, type ReturnCode } from '../errors.js';
import type { RateState } from './limits/rate-state.js';

/** May this key run this command from there? */
export interface AccessRequest {
  /**
   * `enforce`: a client asks, so the switches and API_ALLOWED_IP count. `inspect`: an operator asks about a key at the
   * command line, as with Hestia's `v-check-access-key`, and they don't.
   */
  mode: 'enforce' | 'inspect';
  client: ClientAddress;
  /**
   * Who said that it is the client's address, where that caller is not trusted to know. Such an address stays out of
   * `auth.log`, and opens no key that is closed to others.
   */
  addressClaimedBy?: string;
  accessKeyId: string;
  secretAccessKey: string;
  command: string;
  /** By place; undefined where a place was left out. No arguments at all: the caller compares USER himself. */
  args?: readonly (string | undefined)[];
  /** They are not known yet: the same request is asked again with them before anything runs. */
  areArgsToCome?: boolean;
  /** Places of arguments that the adapter knows to be secrets, counted from 1, beside those that the command names so. */
  secretArgs?: readonly number[];
  /** Whose key is it? No command is asked about; `command` names the question in the record. */
  isIdentification?: true;
  /** Part of a request that has been counted already: no rate limit is asked. */
  isCounted?: boolean;
  /** Part of a request that has counted for its quotas already, or counts for them later. */
  isInQuota?: boolean;
  /** Of the adapter, for keys that have no rate limit of their own. */
  defaultRateLimit?: RateLimit;
}

export type Decision = Allow | Deny;

export interface Allow {
  outcome: 'allow';
  /** When: the reading of the clock for which the facts counted; milliseconds since 1970. */
  decidedAtMs?: number;
  accessKeyId: string;
  user: string;
  isRootUser: boolean;
  /** An `admin` role lets the key of an administrator name other users. */
  namesOthers?: true;
  /** API names; empty for a root user's key that may do everything. */
  permissions: readonly string[];
  /** Of an identification: whether it may run every command, which an empty list of permissions does not say. */
  mayRunEverything?: boolean;
  /** One of the key's APIs lists the command in SAFE. */
  isSafe?: true;
  /** Absent: there is no limit. */
  rate?: RateState;
  /** What else narrows the key; absent: nothing. */
  limits?: KeyLimits;
  command: CommandSpec;
  /** Where `user` must stand among the arguments, counted from 1; 0 for who is held to nobody: the root user, and an administrator by an `admin` role. */
  userArgPosition: number;
  /** What trials would have made of it: for the record alone, no answer says so. Absent: nothing is tried. */
  trial?: readonly RecordedVerdict[];
}

export interface Deny {
  outcome: 'deny';
  decidedAtMs?: number;
  reason: DenyReason;
  code: ReturnCode;
  /** The key's owner, once the secret was right. */
  user?: string;
  /** Absent: there is no limit, or the secret was wrong. */
  rate?: RateState;
  /** The canary whose secret was sent: an alert. The answer says nothing of it. */
  canary?: {
    /** Its owner. */
    user: string;
    /** Of its present secret; undefined: it was one that it had before. */
    version: string | undefined;
  };
}

export function deny(reason: DenyReason, user?: string): Deny {
  return { outcome: 'deny', reason, code: denyReasons[reason], ...(user === undefined ? {} : { user }) };
}

/** What is wrong with the service, and requests that name nobody. */
const notOfAClient: ReadonlySet<DenyReason> = new Set<DenyReason>([
  'api_disabled',
  'audit_unavailable',
  'overloaded',
  'panel_unavailable',
  'read_only',
  'request_malformed',
  'request_too_large',
  'sessions_disabled',
  'store_unavailable',
]);

/** Whether a denial says something of the client, so that fail2ban should hear of it, and not of the service. A request that names nobody is no attempt to log in. */
export function isTheClientsFault({ reason }: Deny): boolean {
  return !notOfAClient.has(reason);
}
