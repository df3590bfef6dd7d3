/**
 * What a decision can be: exactly what `POST /v1/authorize` answers, and the denials that this package adds where there
 * is no answer to rely on.
 */

/** Every reason of a denial that the service has, with its return code. A test compares them with the service's own. */
export const denyReasons = {
  address_malformed: 9,
  address_not_allowed: 10,
  address_not_allowed_for_key: 10,
  api_disabled: 11,
  api_disabled_for_user: 21,
  argument_not_allowed: 10,
  audit_unavailable: 13,
  command_malformed: 2,
  command_missing: 2,
  command_unknown: 10,
  credentials_malformed: 9,
  cross_site_request: 10,
  key_expired: 9,
  key_suspended: 9,
  key_unknown: 9,
  login_disabled: 9,
  not_root_user: 10,
  overloaded: 14,
  panel_unavailable: 15,
  passkey_cloned: 9,
  permission_missing: 10,
  quota_exceeded: 14,
  rate_limited: 14,
  read_only: 1,
  request_malformed: 2,
  request_too_large: 2,
  root_user_protected: 10,
  secret_mismatch: 9,
  secret_replaced: 9,
  session_ended: 9,
  sessions_disabled: 11,
  store_unavailable: 17,
  too_many_attempts: 9,
  too_many_failures: 14,
  user_argument_mismatch: 10,
  user_argument_undefined: 10,
  user_suspended: 9,
  user_unknown: 9,
} as const;

/** Denials that are made here, with the return code that fits. */
export const gatewayReasons = {
  /** The answer was no decision, or not one about this question. */
  gateway_bad_answer: 15,
  /** `close()` was called. */
  gateway_closed: 15,
  /** `maxWaiting` calls wait already. */
  gateway_overloaded: 14,
  /** The question is longer than the service takes. */
  gateway_question_too_large: 2,
  /** The service answers decisions to gateways alone, and this process is none to it (403). */
  gateway_refused: 15,
  /** No answer within `timeoutMs`. */
  gateway_timeout: 15,
  /** The service denies with a reason that this version does not know. */
  gateway_unknown_reason: 10,
  /** No connection, or it ended before the answer. */
  gateway_unreachable: 15,
} as const;

export type DenyReason = keyof typeof denyReasons;
export type GatewayReason = keyof typeof gatewayReasons;

/** The secret was right, and the key may run the command. */
export interface AllowedDecision {
  allowed: true;
  code: 0;
  reason: 'allowed';
  /** The key's owner. */
  user: string;
  isRootUser: boolean;
  permissions: readonly string[];
  /** Where `user` has to stand among the arguments, counted from 1; 0: nowhere. */
  userArgPosition: number;
  /** The same for a command with more than one such place. */
  userArgPositions: readonly number[];
}

export interface DeniedDecision {
  allowed: false;
  /** A return code of Hearthkey, never 0. */
  code: number;
  /** For the gateway's log. It tells an unknown key from a wrong secret, so the client must not see it. */
  reason: DenyReason | GatewayReason;
  /** The key's owner, once the secret was right. */
  user?: string;
  /** What went wrong here, in a few words without anything of the question: `ECONNREFUSED`, `status 500`. */
  detail?: string;
}

export type GateDecision = AllowedDecision | DeniedDecision;

export function denyHere(reason: GatewayReason, detail?: string): DeniedDecision {
  const denied: DeniedDecision = { allowed: false, code: gatewayReasons[reason], reason };
  return detail === undefined ? denied : { ...denied, detail };
}

export function isDenyReason(reason: string): reason is DenyReason {
  return Object.hasOwn(denyReasons, reason);
}
