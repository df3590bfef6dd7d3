import type { CallOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';

/** `/v1/allowed-ips`: addresses and ranges that API calls may come from. */
export class AllowedIps {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** With the address that this request was seen from. */
  list(options?: CallOptions): Promise<Schemas['AllowedIps']> {
    return this.#http.send('get', '/v1/allowed-ips', {}, options);
  }

  add(body: Schemas['AllowedIpInput'], options?: CallOptions): Promise<Schemas['AllowedIp']> {
    return this.#http.send('post', '/v1/allowed-ips', { body }, options);
  }

  /** @param address - as it is listed: `192.0.2.0/24` */
  delete(address: string, options?: CallOptions): Promise<undefined> {
    return this.#http.send('delete', '/v1/allowed-ips/{address}', { parameters: { address } }, options);
  }

  /** Addresses that were refused lately. */
  listRefused(options?: CallOptions): Promise<Schemas['RefusedAddresses']> {
    return this.#http.send('get', '/v1/allowed-ips/refused', {}, options);
  }
}
