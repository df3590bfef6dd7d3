import type { ValidationError } from '@nestjs/common';
import type { CommandResult } from '../../commands/builtin-command.js';
import type { Deny } from '../../authorization/access-request.js';
import { denyText, shownReason } from '../../authorization/deny-text.js';
import type { AppError } from '../../errors.js';
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
  const status = denialStatuses[denial.reason];
  const headers = {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(status === 503 && { 'Retry-After': '1' }),
    ...rateHeaders(denial.rate),
  };
  const detail = denyText(denial, request);
  return new Problem({ status, reason: shownReason(denial.reason), detail, code: denial.code }, headers);
}

/** @param detail - what a use case refuses with */
export function problemOfRefusal({ code, message }: AppError): Problem {
  return new Problem({ status: statusOfCode(code), reason: reasonOfCode(code), detail: message, code });
}

const longestDetail = 500;

/** What a command that failed has printed, in one line. */
export function problemOfResult(command: string, { code, output, isMissing }: CommandResult): Problem {
  const said = output
    .replace(/^\s*error: /i, '')
    .replace(/(?:\s|[^ -~\u0080-\uffff])+/g, ' ')
    .trim()
    .slice(0, longestDetail);
  const detail = said === '' ? `${command} ended with code ${String(code)}` : said;
  if (isMissing === true) return new Problem({ status: 501, reason: 'command_missing_here', detail, code });
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
