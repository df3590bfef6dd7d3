import {
  HearthkeyError,
  SecretLostError,
  type CallDetails,
  type ErrorDetails,
  type Reason,
  type WrongField,
} from './hearthkey-error.js';
import { readRetryAfter } from './retry-delay.js';

/**
 * The object that the service answered, with its `ETag` where it has one; undefined for an empty answer.
 *
 * @throws HearthkeyError
 */
export async function readAnswer(response: Response, call: CallDetails): Promise<unknown> {
  const text = await response.text();
  if (text === '' && (response.status === 201 || response.status === 204)) return undefined;
  const json = typeOf(response) === 'application/json' ? parseObject(text) : undefined;
  if (json === undefined) throw badAnswer(response.status, call);
  const etag = response.headers.get('ETag');
  return etag === null ? json : { ...json, etag };
}

/** @throws HearthkeyError for an answer of another type */
export async function readStream(
  response: Response,
  type: string,
  call: CallDetails,
): Promise<ReadableStream<Uint8Array>> {
  if (typeOf(response) === type && response.body !== null) return response.body;
  await response.body?.cancel();
  throw badAnswer(response.status, call);
}

/** The error of an answer with another status than success. */
export async function readProblem(response: Response, call: CallDetails): Promise<HearthkeyError> {
  // A browser hides the status of what it was told not to follow.
  const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  const retryAfterMs = readRetryAfter(response.headers.get('Retry-After'));
  if (isRedirect) {
    await response.body?.cancel();
    const status = response.status || undefined;
    const message = 'the answer is a redirect, and credentials go to the given url alone';
    return new HearthkeyError(message, { status, reason: 'client_redirected', ...call });
  }
  const text = await response.text();
  const problem = typeOf(response) === 'application/problem+json' ? parseObject(text) : undefined;
  const { reason, detail, code, errors, id } = problem ?? {};
  if (typeof reason !== 'string' || typeof detail !== 'string')
    return badAnswer(response.status, call, retryAfterMs);
  const details: ErrorDetails & CallDetails = {
    status: response.status,
    reason: reason as Reason,
    code: typeof code === 'number' ? code : undefined,
    errors: Array.isArray(errors) ? (errors as WrongField[]) : [],
    id: typeof id === 'string' ? id : undefined,
    retryAfterMs,
    ...call,
  };
  return reason === 'already_created' && details.id !== undefined && call.attempts > 1
    ? new SecretLostError(details.id, details)
    : new HearthkeyError(detail, details);
}

/** Not from the service, but from a proxy or another server. */
function badAnswer(status: number, call: CallDetails, retryAfterMs?: number): HearthkeyError {
  const message = `the answer, with status ${status}, is none of Hearthkey's`;
  return new HearthkeyError(message, { status, reason: 'client_bad_answer', retryAfterMs, ...call });
}

function typeOf(response: Response): string {
  return (response.headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
