import type { Schemas } from './operation-types.js';

/** Why no answer of the service was read. */
export type ClientReason =
  'client_unreachable' | 'client_timeout' | 'client_redirected' | 'client_bad_answer';

/** The `reason` of a problem report, or why there is none. A newer service may have more of them. */
export type Reason = Schemas['Problem']['reason'] | ClientReason;

/** One of the wrong fields of an input. */
export type WrongField = Schemas['WrongField'];

export interface ErrorDetails {
  /** Undefined: there was no answer. */
  status?: number | undefined;
  reason: Reason;
  /** The return code of the command behind the operation. */
  code?: number | undefined;
  errors?: readonly WrongField[] | undefined;
  /** Of a repeated creation: the ID of what the first one made. */
  id?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** What the client knows of the call itself. */
export interface CallDetails {
  /** Sent as `X-Request-ID`: the service's log has it. */
  requestId: string;
  /** How often the request was sent. After the second, an answer may be about the first: 404 to a deletion. */
  attempts: number;
}

/** A call that failed. Neither its message nor its fields have the secret that it was sent with. */
export class HearthkeyError extends Error {
  override readonly name: string = 'HearthkeyError';
  readonly status: number | undefined;
  readonly reason: Reason;
  readonly code: number | undefined;
  readonly errors: readonly WrongField[];
  readonly id: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string;
  readonly attempts: number;

  constructor(message: string, details: ErrorDetails & CallDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.reason = details.reason;
    this.code = details.code;
    this.errors = details.errors ?? [];
    this.id = details.id;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.attempts = details.attempts;
  }
}

/**
 * A creation was sent again, because its answer was lost: the first request had made `id`, and nobody has its secret.
 * The service shows a secret once. Give an access key a new one (`accessKeys.rotate`), or delete what was made.
 */
export class SecretLostError extends HearthkeyError {
  override readonly name = 'SecretLostError';
  override readonly id: string;

  constructor(id: string, details: ErrorDetails & CallDetails) {
    super(`${id} was created, but the answer with its secret was lost: rotate or delete it`, details);
    this.id = id;
  }
}
