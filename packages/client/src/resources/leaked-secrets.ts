import type { CallOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';

/** `/v1/leaked-secrets`: secrets that were found where they should not be. */
export class LeakedSecrets {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Deletes the keys that they belong to, on every node.
   *
   * @param secrets - each a secret, `ID:SECRET` or a legacy key
   */
  revoke(secrets: readonly string[], options?: CallOptions): Promise<Schemas['LeakAnswers']> {
    return this.#http.send('post', '/v1/leaked-secrets', { body: { secrets: [...secrets] } }, options);
  }
}
