import type { shownReason } from '../../authorization/deny-text.js';
import { denyReasons, ReturnCode, type DenyReason } from '../../errors.js';

/** Beside the deny reasons that a caller may read: what is wrong with a request that was not denied. */
const ownReasons = [
  'approval_required',
  ...(['already_exists', 'already_suspended', 'already_created', 'bad_gateway', 'body_too_large'] as const),
  ...(['changed_meanwhile', 'command_failed', 'command_missing_here', 'credentials_refused'] as const),
  ...(['forbidden', 'invalid_input', 'limit_reached', 'method_not_allowed', 'not_found'] as const),
  ...(['insecure_transport', 'not_suspended', 'role_file_broken', 'server_error'] as const),
  ...(['session_required', 'two_credentials', 'unreadable_request'] as const),
  ...(['unsupported_media_type', 'wrong_password'] as const),
] as const;

export type ProblemReason = (typeof ownReasons)[number] | ReturnType<typeof shownReason>;

/** Each of them, sorted: an enumeration of the OpenAPI document. A new one may join; none changes its meaning. */
export const problemReasons: readonly ProblemReason[] = [
  ...new Set<ProblemReason>([...ownReasons, ...(Object.keys(denyReasons) as DenyReason[])]),
].sort();

const ofCodes: Readonly<Record<number, ProblemReason>> = {
  [ReturnCode.ARGS]: 'invalid_input',
  [ReturnCode.INVALID]: 'invalid_input',
  [ReturnCode.NOT_EXIST]: 'not_found',
  [ReturnCode.EXISTS]: 'already_exists',
  [ReturnCode.SUSPENDED]: 'already_suspended',
  [ReturnCode.UNSUSPENDED]: 'not_suspended',
  [ReturnCode.LIMIT]: 'limit_reached',
  [ReturnCode.PASSWORD]: 'wrong_password',
  [ReturnCode.FORBIDDEN]: 'forbidden',
  [ReturnCode.PARSING]: 'role_file_broken',
  [ReturnCode.BUSY]: 'overloaded',
  [ReturnCode.CONNECT]: 'bad_gateway',
  [ReturnCode.DATABASE]: 'store_unavailable',
};

export function reasonOfCode(code: number): ProblemReason {
  return ofCodes[code] ?? 'command_failed';
}
