import { ReturnCode, type DenyReason } from '../errors.js';

/** The HTTP statuses of the REST adapters. Hestia's dialect has its own (hestia/hestia-answer.ts). */

/** Of denials: 401 is for credentials that do not count, 403 for those that do. */
export const denialStatuses = {
  address_malformed: 403,
  address_not_allowed: 403,
  address_not_allowed_for_key: 403,
  api_disabled: 403,
  api_disabled_for_user: 403,
  argument_not_allowed: 403,
  audit_unavailable: 503,
  command_malformed: 400,
  command_missing: 400,
  command_unknown: 501,
  credentials_malformed: 401,
  cross_site_request: 403,
  key_expired: 401,
  key_suspended: 401,
  key_unknown: 401,
  login_disabled: 401,
  not_root_user: 403,
  overloaded: 503,
  panel_unavailable: 503,
  passkey_cloned: 401,
  permission_missing: 403,
  quota_exceeded: 429,
  rate_limited: 429,
  root_user_protected: 403,
  read_only: 403,
  request_malformed: 400,
  request_too_large: 413,
  secret_mismatch: 401,
  secret_replaced: 401,
  session_ended: 401,
  sessions_disabled: 403,
  store_unavailable: 503,
  too_many_attempts: 401,
  too_many_failures: 429,
  user_argument_mismatch: 403,
  user_argument_undefined: 403,
  user_suspended: 401,
  user_unknown: 401,
} as const satisfies Record<DenyReason, number>;

const codeStatuses = {
  [ReturnCode.ARGS]: 400,
  [ReturnCode.INVALID]: 400,
  [ReturnCode.NOT_EXIST]: 404,
  [ReturnCode.EXISTS]: 409,
  [ReturnCode.SUSPENDED]: 409,
  [ReturnCode.UNSUSPENDED]: 409,
  [ReturnCode.LIMIT]: 409,
  [ReturnCode.PASSWORD]: 400,
  [ReturnCode.FORBIDDEN]: 403,
  [ReturnCode.DISABLED]: 501,
  [ReturnCode.BUSY]: 503,
  [ReturnCode.CONNECT]: 502,
  124: 504,
} as const;

/** Of a command that ran and failed, by its return code. */
export function statusOfCode(code: number): (typeof codeStatuses)[keyof typeof codeStatuses] | 500 {
  return code in codeStatuses ? codeStatuses[code as keyof typeof codeStatuses] : 500;
}
