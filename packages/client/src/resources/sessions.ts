import type { CallOptions, Http } from '../http.js';
import { Listing } from '../listing.js';
import type { QueryOf, Schemas } from '../operation-types.js';

export type Session = Schemas['Session'];
export type SessionFilters = QueryOf<'/v1/sessions'>;

/** `/v1/sessions`: people who have logged in. */
export class Sessions {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** With user and password, the token of a login link, or a passkey. The browser keeps the cookie of the answer. */
  logIn(body: Schemas['LoginInput'], options?: CallOptions): Promise<Schemas['CurrentSession']> {
    return this.#http.send('post', '/v1/sessions', { body }, options);
  }

  /** What the browser needs to log in with a passkey. */
  readLoginOptions(options?: CallOptions): Promise<Schemas['WebAuthnOptions']> {
    return this.#http.send('post', '/v1/sessions/options', {}, options);
  }

  /** The session of this browser, with its `csrfToken`. */
  readCurrent(options?: CallOptions): Promise<Schemas['CurrentSession']> {
    return this.#http.send('get', '/v1/sessions/current', {}, options);
  }

  logOut(options?: CallOptions): Promise<undefined> {
    return this.#http.send('delete', '/v1/sessions/current', {}, options);
  }

  list({ cursor, ...filters }: SessionFilters = {}, options?: CallOptions): Listing<Session> {
    const read = (cursor?: string) =>
      this.#http.send(
        'get',
        '/v1/sessions',
        { query: { ...filters, ...(cursor !== undefined && { cursor }) } },
        options,
      );
    return new Listing(read, cursor);
  }

  delete(sessionId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { sessionId } };
    return this.#http.send('delete', '/v1/sessions/{sessionId}', input, options);
  }
}
