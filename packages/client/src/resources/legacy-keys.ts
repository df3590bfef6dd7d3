import type { CallOptions, CreationOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';
import { randomId } from '../outgoing-request.js';

/** `/v1/legacy-keys`: API keys of before there were access keys. */
export class LegacyKeys {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(options?: CallOptions): Promise<Schemas['LegacyKeyList']> {
    return this.#http.send('get', '/v1/legacy-keys', {}, options);
  }

  /**
   * The answer is the only one that has the key.
   *
   * @throws SecretLostError where the key was made and the answer was lost
   */
  create({ idempotencyKey = randomId(), ...options }: CreationOptions = {}): Promise<
    Schemas['NewLegacyKey']
  > {
    return this.#http.send('post', '/v1/legacy-keys', { idempotencyKey }, options);
  }

  delete(legacyKeyId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { legacyKeyId } };
    return this.#http.send('delete', '/v1/legacy-keys/{legacyKeyId}', input, options);
  }
}
