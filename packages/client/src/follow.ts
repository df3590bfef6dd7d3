import type { CallOptions, Http } from './http.js';
import { HearthkeyError } from './hearthkey-error.js';
import { linesOf } from './lines-of.js';
import type { Schemas } from './operation-types.js';
import { retryDelayMs } from './retry-delay.js';
import { serverSentEvents } from './server-sent-events.js';

type AuditEvent = Schemas['AuditEvent'];

/** An event; or a gap: there were events that the service doesn't send, because they were too many at once. */
export type Followed = { kind: 'event'; event: AuditEvent } | { kind: 'gap' };

const path = '/v1/audit-events';

/**
 * Audit events as they are recorded. A connection that ends is made again, with the number of the newest event that the
 * program got: so it gets each of them once.
 *
 * @param after - undefined: what is recorded from now on
 * @throws HearthkeyError where the service refuses to go on, such as 401 once the access key is suspended
 */
export async function* follow(
  http: Http,
  query: object,
  after: number | undefined,
  options: CallOptions = {},
): AsyncGenerator<Followed, void> {
  let last = after ?? (await newest(http, options));
  let waitMs = 3000;
  for (;;) {
    let delayMs = 0;
    try {
      const lastEventId = last === undefined ? undefined : String(last);
      const pieces = http.stream({ path, query, accept: 'text/event-stream', lastEventId }, options);
      for await (const message of serverSentEvents(linesOf(pieces), (ms) => (waitMs = ms))) {
        if (message.event === 'gap') {
          yield { kind: 'gap' };
          continue;
        }
        const event = JSON.parse(message.data) as AuditEvent;
        last = event.number;
        yield { kind: 'event', event };
      }
    } catch (error) {
      delayMs = delayAfter(error);
    }
    // What was recorded meanwhile nobody can ask for.
    if (last === undefined) yield { kind: 'gap' };
    await pause(Math.max(waitMs, delayMs), options.signal);
  }
}

/** The number that a broken connection goes on behind; undefined: there is no event that the caller may read. */
async function newest(http: Http, options: CallOptions): Promise<number | undefined> {
  const { items } = await http.send('get', path, { query: { limit: 1 } }, options);
  return items[0]?.number;
}

/** @throws what will be no better the next time */
function delayAfter(error: unknown): number {
  if (!(error instanceof HearthkeyError)) throw error;
  // Nothing came for so long, not even a sign of life: the connection is gone, and nobody said so.
  if (error.reason === 'client_timeout') return 0;
  const delayMs = retryDelayMs(error, Infinity);
  if (delayMs === undefined) throw error;
  return delayMs;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
