import { READ_ONLY_MESSAGE, type DenyReason } from '../errors.js';
import { visible } from '../text/visible-text.js';
import type { Deny } from './access-request.js';

/** What one who was denied may read: Hestia's words where they give nothing away. */
const texts: Record<DenyReason, string> = {
  address_malformed: 'invalid IP format',
  address_not_allowed: 'IP is not allowed to connect with API',
  address_not_allowed_for_key: 'Key {key} can not be used from this IP',
  api_disabled: 'API has been disabled',
  api_disabled_for_user: 'API has been disabled',
  argument_not_allowed: 'Key {key} can not run the command {command} with these arguments',
  audit_unavailable: 'The decision could not be recorded, so nothing was done',
  command_missing: 'Command not provided',
  command_malformed: 'Command invalid',
  command_unknown: 'Command {command} not found',
  credentials_malformed: 'Invalid access key or secret',
  cross_site_request: 'The request does not come from a page of this service',
  key_expired: 'key {key} has expired',
  key_suspended: 'key {key} is suspended',
  key_unknown: 'Invalid access key or secret',
  login_disabled: 'authentication failed',
  not_root_user: 'authentication failed',
  overloaded: 'The server is too busy, try again',
  panel_unavailable: 'The panel can not be asked, try again later',
  passkey_cloned: 'The passkey was copied, or used before: log in another way and delete it',
  permission_missing: "Key {key} don't have permission to run the command {command}",
  quota_exceeded: 'The quota of key {key} is used up',
  rate_limited: 'Too many requests with key {key}, try again later',
  read_only: READ_ONLY_MESSAGE,
  root_user_protected: 'Key {key} can not run the command {command} on the root user',
  request_malformed: 'the request could not be read',
  request_too_large: 'the request could not be read',
  secret_mismatch: 'Invalid access key or secret',
  secret_replaced: 'Invalid access key or secret',
  session_ended: 'The session has ended, log in again',
  sessions_disabled: 'Sessions have been disabled',
  store_unavailable: 'Database server is not responding',
  too_many_attempts: 'Invalid access key or secret',
  too_many_failures: 'Too many failed attempts, try again later',
  user_argument_mismatch: 'Key {key} - the "user" argument doesn\'t match the key\'s user',
  user_argument_undefined:
    'Key {key} - the command {command} has no "user" argument that could hold it to its user',
  user_suspended: 'user {user} is suspended',
  user_unknown: "user {user} doesn't exist",
};

/** Where it is no key that was denied, but somebody who has logged in. */
const sessionTexts: Partial<Record<DenyReason, string>> = {
  address_not_allowed: 'Logging in is not allowed from this address',
  login_disabled: 'User {user} may not log in',
  permission_missing: 'User {user} may not do this ({command})',
  root_user_protected: 'This can not be done to the root user ({command})',
  user_argument_mismatch: 'User {user} may do this only for himself ({command})',
  user_argument_undefined: 'User {user} may not do this ({command})',
};

/** The text of a denial of a session. */
export function sessionDenyText({ reason, user = '' }: Deny, command: string): string {
  return (sessionTexts[reason] ?? texts[reason])
    .replace('{command}', () => visible(command))
    .replace('{user}', () => user);
}

/** The text of a denial, without `Error: ` before it. */
export function denyText(denial: Deny, request: { accessKeyId: string; command: string }): string {
  return texts[denial.reason]
    .replace('{key}', () => visible(request.accessKeyId))
    .replace('{command}', () => visible(request.command))
    .replace('{user}', () => denial.user ?? '');
}

/**
 * The reason as one who was denied may read it. Those that say which half of the credentials was wrong are one, as
 * they are in the text.
 */
export function shownReason(reason: DenyReason): DenyReason | 'credentials_refused' {
  return texts[reason] === texts.credentials_malformed ? 'credentials_refused' : reason;
}
