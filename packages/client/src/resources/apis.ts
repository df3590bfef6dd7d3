import type { CallOptions, ChangeOptions, Http } from '../http.js';
import type { Schemas, Tagged } from '../operation-types.js';

export type Api = Schemas['Api'];

/** `/v1/apis`: API role files. */
export class Apis {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Also those that are broken. */
  list(options?: CallOptions): Promise<Schemas['ApiList']> {
    return this.#http.send('get', '/v1/apis', {}, options);
  }

  create(body: Schemas['NewApiInput'], options?: CallOptions): Promise<Tagged<Api>> {
    return this.#http.send('post', '/v1/apis', { body }, options);
  }

  read(api: string, options?: CallOptions): Promise<Tagged<Api>> {
    return this.#http.send('get', '/v1/apis/{api}', { parameters: { api } }, options);
  }

  replace(
    api: string,
    body: Schemas['ApiInput'],
    { ifMatch, ...options }: ChangeOptions = {},
  ): Promise<Tagged<Api>> {
    const input = { parameters: { api }, body, ifMatch };
    return this.#http.send('put', '/v1/apis/{api}', input, options) as Promise<Tagged<Api>>;
  }

  /** Which keys would lose or gain what. Nothing changes; the `etag` is that of the file as it is. */
  previewReplacement(
    api: string,
    body: Schemas['ApiInput'],
    options?: CallOptions,
  ): Promise<Tagged<Schemas['ApiEffect']>> {
    const input = { parameters: { api }, query: { dryRun: true }, body };
    const answer = this.#http.send('put', '/v1/apis/{api}', input, options);
    return answer as Promise<Tagged<Schemas['ApiEffect']>>;
  }

  delete(api: string, { ifMatch, ...options }: ChangeOptions = {}): Promise<undefined> {
    return this.#http.send('delete', '/v1/apis/{api}', { parameters: { api }, ifMatch }, options);
  }
}
