import type { CallOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';

/** `/v1/settings`: the switches of the service. */
export class Settings {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  read(options?: CallOptions): Promise<Schemas['Settings']> {
    return this.#http.send('get', '/v1/settings', {}, options);
  }

  /** Changes the switches that are given. */
  change(body: Schemas['SettingsPatch'], options?: CallOptions): Promise<Schemas['Settings']> {
    return this.#http.send('patch', '/v1/settings', { body }, options);
  }
}
