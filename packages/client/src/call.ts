import type { CheckedOptions } from './client-options.js';
import { Deadline } from './deadline.js';
import { HearthkeyError, type CallDetails } from './hearthkey-error.js';
import { callerHeaders, headersOf, randomId, urlOf, type OutgoingRequest } from './outgoing-request.js';
import { readProblem } from './read-answer.js';
import { retryDelayMs } from './retry-delay.js';

/** What is made of an answer with a status of success. */
export type Read<T> = (response: Response, details: CallDetails) => Promise<T>;

/** One call of an operation: its request, sent as often as it has to be, and its end. */
export class Call {
  readonly #requestId = randomId();
  readonly #deadline: Deadline;
  #attempts = 0;

  /** `close` it when it has ended. */
  constructor(
    private readonly options: CheckedOptions,
    private readonly request: OutgoingRequest,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#deadline = new Deadline(options.timeoutMs, signal);
  }

  /** Sends until there is an answer, or until trying again is not safe or not worth it. */
  async exchange<T>(read: Read<T>): Promise<T> {
    const { request, options } = this;
    const url = urlOf(options.url, request);
    // Here, because fetch tells a network error and a header that it can't send in the same way.
    const headers = new Headers({
      ...headersOf(request, this.#requestId),
      ...(await this.#callerHeaders()),
    });
    for (;;) {
      this.#attempts++;
      try {
        return await this.#attempt(url, headers, read);
      } catch (cause) {
        const error = this.#failure(cause);
        const mayRepeat = isRepeatable(request) && this.#attempts <= options.retries;
        const delayMs = mayRepeat ? retryDelayMs(error, this.#deadline.remainingMs) : undefined;
        if (delayMs === undefined) throw error;
        await this.#deadline.wait(delayMs).catch((reason: unknown) => {
          throw this.#failure(reason);
        });
      }
    }
  }

  /** Reads what comes after the answer has begun: each wait has the whole time limit. */
  async next<T>(work: () => Promise<T>): Promise<T> {
    this.#deadline.restart();
    try {
      return await work();
    } catch (cause) {
      throw this.#failure(cause);
    } finally {
      this.#deadline.pause();
    }
  }

  close(): void {
    this.#deadline.close();
  }

  get #details(): CallDetails {
    return { requestId: this.#requestId, attempts: this.#attempts };
  }

  async #callerHeaders(): Promise<Record<string, string>> {
    try {
      return await this.#deadline.race(callerHeaders(this.options.caller, this.request.method));
    } catch (cause) {
      // What `credentials` throws is the program's own.
      throw this.#deadline.signal.aborted ? this.#failure(cause) : cause;
    }
  }

  async #attempt<T>(url: string, headers: Headers, read: Read<T>): Promise<T> {
    const { options, request } = this;
    const { fetch } = options;
    const response = await fetch(url, {
      method: request.method.toUpperCase(),
      headers,
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      // No cookies where an access key says who calls: one request has one caller.
      credentials: 'csrfToken' in options.caller ? 'same-origin' : 'omit',
      // Not followed, so that credentials don't travel; 'error' would look like a network error.
      redirect: 'manual',
      signal: this.#deadline.signal,
    });
    if (!response.ok) throw await readProblem(response, this.#details);
    return read(response, this.#details);
  }

  /** @throws the reason of the program's own signal */
  #failure(cause: unknown): HearthkeyError {
    this.signal?.throwIfAborted();
    if (this.#deadline.signal.aborted) {
      const message = `no answer within ${this.options.timeoutMs} ms`;
      return new HearthkeyError(message, { reason: 'client_timeout', cause, ...this.#details });
    }
    if (cause instanceof HearthkeyError) return cause;
    const message = 'the service cannot be reached, or the connection ended before its answer';
    return new HearthkeyError(message, { reason: 'client_unreachable', cause, ...this.#details });
  }
}

/** Whether the same request twice does what it does once: a POST does with an `Idempotency-Key` alone. */
function isRepeatable({ method, idempotencyKey }: OutgoingRequest): boolean {
  return method === 'get' || method === 'put' || method === 'delete' || idempotencyKey !== undefined;
}
