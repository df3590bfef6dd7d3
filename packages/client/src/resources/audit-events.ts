import { follow, type Followed } from '../follow.js';
import type { CallOptions, Http } from '../http.js';
import { linesOf } from '../lines-of.js';
import { Listing } from '../listing.js';
import type { QueryOf, Schemas } from '../operation-types.js';

export type AuditEvent = Schemas['AuditEvent'];
export type AuditEventFilters = QueryOf<'/v1/audit-events'>;
/** A stream has neither pages nor a limit. */
export type AuditStreamFilters = Omit<AuditEventFilters, 'cursor' | 'limit'>;

export type AuditFollowFilters = AuditStreamFilters & { after?: number | undefined };

const path = '/v1/audit-events';

/** `/v1/audit-events`: the record of the node that answers, the newest events first. */
export class AuditEvents {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list({ cursor, ...filters }: AuditEventFilters = {}, options?: CallOptions): Listing<AuditEvent> {
    const read = (cursor?: string) =>
      this.#http.send(
        'get',
        path,
        { query: { ...filters, ...(cursor !== undefined && { cursor }) } },
        options,
      );
    return new Listing(read, cursor);
  }

  /** @param number - its place in the record of the node that answers */
  read(number: number, options?: CallOptions): Promise<AuditEvent> {
    return this.#http.send('get', '/v1/audit-events/{number}', { parameters: { number } }, options);
  }

  /** All of them in one answer, each as it arrives. */
  async *stream(query: AuditStreamFilters = {}, options?: CallOptions): AsyncGenerator<AuditEvent, void> {
    const pieces = this.#http.stream({ path, query, accept: 'application/x-ndjson' }, options);
    for await (const line of linesOf(pieces)) yield JSON.parse(line) as AuditEvent;
  }

  /** The same as CSV: its text in pieces of any length, to be written to a file. */
  streamCsv(query: AuditStreamFilters = {}, options?: CallOptions): AsyncGenerator<string, void> {
    return this.#http.stream({ path, query, accept: 'text/csv' }, options);
  }

  /**
   * Events as they are recorded, until the program stops reading, or the service refuses to go on. They are of the node that
   * answers; behind a load balancer that spreads requests, those of each node have numbers of their own.
   *
   * @param after - the number of the newest event that the program knows, to go on behind it
   */
  follow(
    { after, ...query }: AuditFollowFilters = {},
    options?: CallOptions,
  ): AsyncGenerator<Followed, void> {
    return follow(this.#http, query, after, options);
  }

  count(query: QueryOf<'/v1/audit-events/counts'>, options?: CallOptions): Promise<Schemas['AuditCounts']> {
    return this.#http.send('get', '/v1/audit-events/counts', { query }, options);
  }

  /** What somebody with nothing but the node's public key needs to see that an event is in the record. */
  prove(number: number, options?: CallOptions): Promise<Schemas['AuditEventProof']> {
    return this.#http.send('get', '/v1/audit-events/{number}/proof', { parameters: { number } }, options);
  }

  /** What the last verification found, since the service was started. */
  lastVerification(options?: CallOptions): Promise<Schemas['PastVerifications']> {
    return this.#http.send('get', '/v1/audit-verifications', {}, options);
  }

  /** Whether the record is as it was written. */
  verify(body: Schemas['VerificationInput'] = {}, options?: CallOptions): Promise<Schemas['Verification']> {
    return this.#http.send('post', '/v1/audit-verifications', { body }, options);
  }
}
