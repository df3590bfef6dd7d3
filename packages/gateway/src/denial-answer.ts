import type { DeniedDecision } from './decision.js';

/** What the client gets: a problem report (RFC 9457) that says no more than the service's REST dialect does. */
export interface DenialAnswer {
  status: Status;
  headers: Readonly<Record<string, string>>;
  body: { type: 'about:blank'; title: string; status: Status; detail: string; code: number };
}

export type Status = keyof typeof texts;

/** By status alone: a client can't tell an unknown key from a wrong secret. */
const texts = {
  400: ['Bad Request', 'The request is malformed.'],
  401: ['Unauthorized', 'The access key is missing, wrong or not valid any more.'],
  403: ['Forbidden', 'The access key may not do this.'],
  413: ['Content Too Large', 'The request is too large.'],
  429: ['Too Many Requests', 'Too many requests: try again later.'],
  501: ['Not Implemented', 'There is no such command.'],
  503: ['Service Unavailable', 'No decision is possible now: try again later.'],
} as const;

/** As the service's REST dialect has them; a test compares. */
const statuses: Readonly<Record<DeniedDecision['reason'], Status>> = {
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
  read_only: 403,
  request_malformed: 400,
  request_too_large: 413,
  root_user_protected: 403,
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

  gateway_bad_answer: 503,
  gateway_closed: 503,
  gateway_overloaded: 503,
  gateway_question_too_large: 413,
  gateway_refused: 503,
  gateway_timeout: 503,
  gateway_unknown_reason: 403,
  gateway_unreachable: 503,
};

/** Of reasons that a newer service has: the code tells whose fault it is. Any other is 403. */
const statusesOfCodes: Readonly<Record<number, Status>> = { 9: 401, 13: 503, 14: 503, 17: 503 };

export function denialAnswer({ reason, code }: Pick<DeniedDecision, 'reason' | 'code'>): DenialAnswer {
  const byCode = reason === 'gateway_unknown_reason' ? statusesOfCodes[code] : undefined;
  return answer(byCode ?? statuses[reason], code);
}

/** For arguments that are no texts, and so no question. */
export const malformedAnswer: DenialAnswer = answer(400, 2);

/** For a route that says neither which command it is nor that it is public. */
export const undeclaredAnswer: DenialAnswer = answer(403, 10);

function answer(status: Status, code: number): DenialAnswer {
  const [title, detail] = texts[status];
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
  };
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer';
  if (status === 429 || status === 503) headers['Retry-After'] = '1';
  return { status, headers, body: { type: 'about:blank', title, status, detail, code } };
}
