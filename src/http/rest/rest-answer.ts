import { maskSecrets } from './mask-secrets.js';
import type { CommandResult } from '../../commands/builtin-command.js';
import type { Deny } from '../../authorization/access-request.js';
import { rateHeaders } from '../rate-headers.js';
import { denialStatuses, statusOfCode } from '../error-statuses.js';

/** An answer of the REST dialect: JSON, and headers beside the usual ones. */
export interface RestAnswer {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** The body of every answer that is no success. */
export interface RestError {
  /** One word for each status: see `errorWords`. */
  error: string;
  /** For people; it may change. */
  message: string;
  /** The return code behind it, where there is one. */
  code?: number;
  /** The input that is wrong, where one is. */
  field?: string;
  /** Where an earlier step of the request was done: whether it was taken back. */
  undone?: boolean;
}

/** Every status of an error, with its word. */
export const errorWords = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  500: 'server_error',
  501: 'not_implemented',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'timeout',
} as const;

export type ErrorStatus = keyof typeof errorWords;

const retrySoon = { 'Retry-After': '1' };
const messageLength = 500;

export function answerError(
  status: ErrorStatus,
  message: string,
  more: Partial<RestError> = {},
  headers: Readonly<Record<string, string>> = {},
): RestAnswer {
  const usual: Record<string, string> =
    status === 401 ? { 'WWW-Authenticate': 'Bearer' } : status === 503 ? retrySoon : {};
  const body: RestError = { error: errorWords[status], message, ...more };
  return { status, body, headers: { ...usual, ...headers } };
}

/** The one place where a denial becomes a status and headers. */
export function answerRestDenial(denial: Deny, text: string): RestAnswer {
  return answerError(denialStatuses[denial.reason], text, { code: denial.code }, rateHeaders(denial.rate));
}

/** What a command that failed says; it is never told a secret that it may repeat. */
export function answerFailure(
  command: string,
  result: CommandResult,
  secrets: readonly string[],
  more: Partial<RestError> = {},
): RestAnswer {
  const status = result.isMissing === true ? 501 : statusOfCode(result.code);
  const said = maskSecrets(result.output, secrets)
    .replace(/^\s*error: /i, '')
    // One line for people; the second set is that of `asciiControlPattern`.
    .replace(/(?:\s|[^ -~\u0080-\uffff])+/g, ' ')
    .trim()
    .slice(0, messageLength);
  const message = said === '' ? `${command} ended with code ${String(result.code)}` : said;
  return answerError(status, message, { code: result.code, ...more });
}
