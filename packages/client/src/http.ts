import { Call } from './call.js';
import type { CheckedOptions } from './client-options.js';
import type { Answer, Input, Method, PathOf } from './operation-types.js';
import { readAnswer, readStream } from './read-answer.js';

export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface ChangeOptions extends CallOptions {
  /** The `etag` of what was read: the change is refused with 412 where somebody else was faster. */
  ifMatch?: string | undefined;
}

export interface CreationOptions extends CallOptions {
  /** The service makes nothing twice for the same one. Without it, each call has one of its own. */
  idempotencyKey?: string | undefined;
}

export interface StreamRequest {
  path: PathOf<'get'>;
  query: object;
  accept: 'application/x-ndjson' | 'text/csv' | 'text/event-stream';
  /** Of server-sent events: behind which they go on. */
  lastEventId?: string | undefined;
}

/** Sends the requests of all operations. The types say what each takes and answers. */
export class Http {
  // Private to the language: a client that is logged doesn't show its secret.
  readonly #options: CheckedOptions;

  constructor(options: CheckedOptions) {
    this.#options = options;
  }

  async send<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    input: Input<P, M>,
    { signal }: CallOptions = {},
  ): Promise<Answer<P, M>> {
    const call = new Call(this.#options, { method, path, ...input, accept: 'application/json' }, signal);
    try {
      return (await call.exchange(readAnswer)) as Answer<P, M>;
    } finally {
      call.close();
    }
  }

  /** The text of a stream in pieces as they arrive. The next is read when the one before was taken. */
  async *stream(request: StreamRequest, { signal }: CallOptions = {}): AsyncGenerator<string, void> {
    const call = new Call(this.#options, { method: 'get', ...request }, signal);
    try {
      const body = await call.exchange((response, details) => readStream(response, request.accept, details));
      const reader = body.getReader();
      const decoder = new TextDecoder();
      try {
        for (;;) {
          const { done, value } = await call.next(() => reader.read());
          if (done) return;
          yield decoder.decode(value, { stream: true });
        }
      } finally {
        await reader.cancel().catch(() => undefined);
      }
    } finally {
      call.close();
    }
  }
}
