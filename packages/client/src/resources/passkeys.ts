import type { CallOptions, Http } from '../http.js';
import type { QueryOf, Schemas } from '../operation-types.js';

/** `/v1/passkeys` */
export class Passkeys {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(query: QueryOf<'/v1/passkeys'> = {}, options?: CallOptions): Promise<Schemas['PasskeyList']> {
    return this.#http.send('get', '/v1/passkeys', { query }, options);
  }

  /** What the browser needs to make a passkey for the user of this session. */
  readOptions(options?: CallOptions): Promise<Schemas['WebAuthnOptions']> {
    return this.#http.send('post', '/v1/passkeys/options', {}, options);
  }

  /** Enrols the passkey that the browser has made. */
  create(body: Schemas['NewPasskeyInput'], options?: CallOptions): Promise<Schemas['Passkey']> {
    return this.#http.send('post', '/v1/passkeys', { body }, options);
  }

  delete(passkeyId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { passkeyId } };
    return this.#http.send('delete', '/v1/passkeys/{passkeyId}', input, options);
  }
}
