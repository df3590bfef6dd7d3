import { visible, withShortWords } from './text/visible-text.js';

/**
 * Return codes and deny reasons: the two closed sets that every adapter speaks.
 *
 * Source of the codes: Hestia's table of return codes; 21 means that the API is off for non-root users.
 * This file knows no HTTP: `gateway/` maps codes to statuses.
 */

export const ReturnCode = {
  OK: 0,
  ARGS: 1,
  INVALID: 2,
  NOT_EXIST: 3,
  EXISTS: 4,
  SUSPENDED: 5,
  UNSUSPENDED: 6,
  LIMIT: 8,
  PASSWORD: 9,
  FORBIDDEN: 10,
  DISABLED: 11,
  PARSING: 12,
  DISK: 13,
  BUSY: 14,
  CONNECT: 15,
  DATABASE: 17,
  API_DISABLED_FOR_USER: 21,
} as const;

export type ReturnCode = (typeof ReturnCode)[keyof typeof ReturnCode];

/** Why a request was denied, with the return code that the caller sees. The audit keeps the exact reason. */
export const denyReasons = {
  address_malformed: ReturnCode.PASSWORD,
  address_not_allowed: ReturnCode.FORBIDDEN,
  address_not_allowed_for_key: ReturnCode.FORBIDDEN,
  api_disabled: ReturnCode.DISABLED,
  api_disabled_for_user: ReturnCode.API_DISABLED_FOR_USER,
  argument_not_allowed: ReturnCode.FORBIDDEN,
  audit_unavailable: ReturnCode.DISK,
  command_missing: ReturnCode.INVALID,
  command_malformed: ReturnCode.INVALID,
  command_unknown: ReturnCode.FORBIDDEN,
  credentials_malformed: ReturnCode.PASSWORD,
  cross_site_request: ReturnCode.FORBIDDEN,
  key_expired: ReturnCode.PASSWORD,
  key_suspended: ReturnCode.PASSWORD,
  key_unknown: ReturnCode.PASSWORD,
  overloaded: ReturnCode.BUSY,
  panel_unavailable: ReturnCode.CONNECT,
  passkey_cloned: ReturnCode.PASSWORD,
  permission_missing: ReturnCode.FORBIDDEN,
  quota_exceeded: ReturnCode.BUSY,
  rate_limited: ReturnCode.BUSY,
  read_only: ReturnCode.ARGS,
  root_user_protected: ReturnCode.FORBIDDEN,
  request_malformed: ReturnCode.INVALID,
  request_too_large: ReturnCode.INVALID,
  secret_mismatch: ReturnCode.PASSWORD,
  secret_replaced: ReturnCode.PASSWORD,
  session_ended: ReturnCode.PASSWORD,
  sessions_disabled: ReturnCode.DISABLED,
  store_unavailable: ReturnCode.DATABASE,
  too_many_attempts: ReturnCode.PASSWORD,
  too_many_failures: ReturnCode.BUSY,
  login_disabled: ReturnCode.PASSWORD,
  not_root_user: ReturnCode.FORBIDDEN,
  user_argument_mismatch: ReturnCode.FORBIDDEN,
  user_argument_undefined: ReturnCode.FORBIDDEN,
  user_suspended: ReturnCode.PASSWORD,
  user_unknown: ReturnCode.PASSWORD,
} as const satisfies Record<string, ReturnCode>;

export type DenyReason = keyof typeof denyReasons;

/**
 * A refusal that its receiver is meant to read: `message` may be shown to the caller as it is, so it holds no secret. It
 * may repeat what was sent, so it is one line without words that fill a screen, and shows what a terminal would obey. `usage` stands below it as it is.
 * Anything else that is thrown means that the service is broken, and its text stays in the log.
 */
export class AppError extends Error {
  constructor(
    readonly code: ReturnCode,
    message: string,
    options?: { cause?: unknown; usage?: string },
  ) {
    const line = withShortWords(visible(message));
    super(options?.usage === undefined ? line : `${line}\n${options.usage}`, options);
    this.name = 'AppError';
  }
}

/** Hestia's text for every change that read-only mode refuses. */
export const READ_ONLY_MESSAGE =
  'Unable to perform operation due to security restrictions that are in place.';

export function invalid(message: string): AppError {
  return new AppError(ReturnCode.INVALID, message);
}

/** Hestia's wording for an argument of the wrong form; the value is repeated, so never use it for secrets. */
export function invalidFormat(what: string, value: string): AppError {
  return invalid(`invalid ${what} format :: ${value}`);
}

export function notFound(what: string): AppError {
  return new AppError(ReturnCode.NOT_EXIST, `${what} doesn't exist`);
}
