import type { ValidationError } from '@nestjs/common';
import type { CommandResult } from '../../commands/builtin-command.js';
import type { Deny } from '../../authorization/access-request.js';
import { denyText, sessionDenyText, shownReason } from '../../authorization/deny-text.js';
import type { AppError, DenyReason, ReturnCode } from '../../errors.js';
import { denialStatuses, statusOfCode } from '../error-statuses.js';
import { rateHeaders } from '../rate-headers.js';
import { reasonOfCode, type ProblemReason } from './problem-reasons.js';
import type { WrongField } from './problem.dto.js';

interface ProblemMembers {
  status: number;
  reason: ProblemReason;
  detail: string;
  code?: number;
  errors?: WrongField[];
  id?: string;
}

/** An answer of REST v1 that is no success; the filter sends it as it is. */
export class Problem extends Error {
  constructor(
    readonly members: ProblemMembers,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(members.detail);
  }
}

export function problemOfDenial(denial: Deny, request: { accessKeyId: string; command: string }): Problem {
  return denied(denial, shownReason(denial.reason), denyText(denial, request));
}

export function problemOfSessionDenial(denial: Deny, command: string): Problem {
  return denied(denial, denial.reason, sessionDenyText(denial, command));
}

/** Who can't prove who he is learns nothing about whom he claims to be. */
const refusedLogins: ReadonlySet<DenyReason> = new Set<DenyReason>(['secret_mismatch', 'login_disabled']);

export function problemOfLogin(denial: Deny): Problem {
  if (!refusedLogins.has(denial.reason)) return problemOfSessionDenial(denial, 'log-in');
  return denied(
    denial,
    'credentials_refused',
    'The user or the password is wrong, or the link has been used',
  );
}

function denied({ reason, code, rate }: Deny, shown: ProblemReason, detail: string): Problem {
  const status = denialStatuses[reason];
  const more = {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(status === 503 && { 'Retry-After': '1' }),
    ...rateHeaders(rate),
  };
  return new Problem({ status, reason: shown, detail, code }, more);
}

/** @param detail - what a use case refuses with */
export function problemOfRefusal({ code, message }: AppError): Problem {
  return new Problem({ status: statusOfCode(code), reason: reasonOfCode(code), detail: message, code });
}

/** A change that a second person has to approve; the same request counts then. */
export function problemOfApproval(
  id: string,
  { code, message }: Pick<AppError, 'code' | 'message'>,
): Problem {
  return new Problem({ status: statusOfCode(code), reason: 'approval_required', detail: message, code, id });
}

const longestDetail = 500;

/** What a command that failed has printed, in one line. */
export function problemOfResult(
  command: string,
  { code, output, isMissing, approvalId }: CommandResult,
): Problem {
  const said = output
    .replace(/^\s*error: /i, '')
    .replace(/(?:\s|[^ -~\u0080-\uffff])+/g, ' ')
    .trim()
    .slice(0, longestDetail);
  const detail = said === '' ? `${command} ended with code ${String(code)}` : said;
  if (isMissing === true) return new Problem({ status: 501, reason: 'command_missing_here', detail, code });
  if (approvalId !== undefined)
    return problemOfApproval(approvalId, { code: code as ReturnCode, message: detail });
  return new Problem({ status: statusOfCode(code), reason: reasonOfCode(code), detail, code });
}

/** One entry for each wrong field; what was sent is not repeated. */
export function problemOfInput(errors: readonly ValidationError[]): Problem {
  const fields = errors.flatMap((error) => wrongFields(error, ''));
  const detail = fields
    .map(({ field, message }) => `${field}: ${message}`)
    .join('; ')
    .slice(0, longestDetail);
  return new Problem({ status: 400, reason: 'invalid_input', detail, errors: fields });
}

function wrongFields(
  { property, constraints = {}, children = [] }: ValidationError,
  before: string,
): WrongField[] {
  const field = `${before}${property}`;
  return [
    ...Object.values(constraints).map((message) => ({ field, message: message.replace(`${property} `, '') })),
    ...children.flatMap((child) => wrongFields(child, `${field}.`)),
  ];
}
