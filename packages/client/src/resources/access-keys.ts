import type { CallOptions, ChangeOptions, CreationOptions, Http } from '../http.js';
import { Listing } from '../listing.js';
import type { QueryOf, Schemas, Tagged } from '../operation-types.js';
import { randomId } from '../outgoing-request.js';

export type AccessKey = Schemas['AccessKey'];
export type NewAccessKey = Schemas['NewAccessKey'];
export type AccessKeyFilters = QueryOf<'/v1/access-keys'>;

/** `/v1/access-keys` */
export class AccessKeys {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list({ cursor, ...filters }: AccessKeyFilters = {}, options?: CallOptions): Listing<AccessKey> {
    const read = (cursor?: string) =>
      this.#http.send(
        'get',
        '/v1/access-keys',
        { query: { ...filters, ...(cursor !== undefined && { cursor }) } },
        options,
      );
    return new Listing(read, cursor);
  }

  /**
   * The answer is the only one that has the secret.
   *
   * @throws SecretLostError where the key was made and the answer was lost
   */
  create(
    body: Schemas['NewAccessKeyInput'],
    { idempotencyKey = randomId(), ...options }: CreationOptions = {},
  ): Promise<Tagged<NewAccessKey>> {
    return this.#http.send('post', '/v1/access-keys', { body, idempotencyKey }, options);
  }

  /**
   * Derives a key that can do no more than this one, and ends with it. A program derives from its own key.
   *
   * @throws SecretLostError where the key was made and the answer was lost
   */
  derive(
    accessKeyId: string,
    body: Schemas['DerivationInput'],
    { idempotencyKey = randomId(), ...options }: CreationOptions = {},
  ): Promise<NewAccessKey> {
    const input = { parameters: { accessKeyId }, body, idempotencyKey };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/derive', input, options);
  }

  read(accessKeyId: string, options?: CallOptions): Promise<Tagged<AccessKey>> {
    return this.#http.send('get', '/v1/access-keys/{accessKeyId}', { parameters: { accessKeyId } }, options);
  }

  /** Changes the fields that are given. */
  change(
    accessKeyId: string,
    body: Schemas['AccessKeyPatch'],
    { ifMatch, ...options }: ChangeOptions = {},
  ): Promise<Tagged<AccessKey>> {
    const input = { parameters: { accessKeyId }, body, ifMatch };
    return this.#http.send('patch', '/v1/access-keys/{accessKeyId}', input, options);
  }

  /** What is tried of the key, and what it would have denied so far. */
  readTrial(accessKeyId: string, options?: CallOptions): Promise<Schemas['Trial']> {
    const input = { parameters: { accessKeyId } };
    return this.#http.send('get', '/v1/access-keys/{accessKeyId}/trial', input, options);
  }

  /** Tries other permissions or limits: decisions stay as they are. */
  beginTrial(
    accessKeyId: string,
    body: Schemas['TrialInput'],
    { ifMatch, ...options }: ChangeOptions = {},
  ): Promise<undefined> {
    const input = { parameters: { accessKeyId }, body, ifMatch };
    return this.#http.send('put', '/v1/access-keys/{accessKeyId}/trial', input, options);
  }

  endTrial(accessKeyId: string, { ifMatch, ...options }: ChangeOptions = {}): Promise<undefined> {
    const input = { parameters: { accessKeyId }, ifMatch };
    return this.#http.send('delete', '/v1/access-keys/{accessKeyId}/trial', input, options);
  }

  /** How often it was used, by day, command and outcome, and how far its quota is used up. */
  readUsage(
    accessKeyId: string,
    query: QueryOf<'/v1/access-keys/{accessKeyId}/usage'> = {},
    options?: CallOptions,
  ): Promise<Schemas['KeyUsage']> {
    const input = { parameters: { accessKeyId }, query };
    return this.#http.send('get', '/v1/access-keys/{accessKeyId}/usage', input, options);
  }

  /** Makes real what is tried, and ends the trial. */
  enforceTrial(accessKeyId: string, { ifMatch, ...options }: ChangeOptions = {}): Promise<Tagged<AccessKey>> {
    const input = { parameters: { accessKeyId }, ifMatch };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/trial/enforce', input, options);
  }

  /** Deletes the keys that it made, too. */
  delete(accessKeyId: string, { ifMatch, ...options }: ChangeOptions = {}): Promise<undefined> {
    const input = { parameters: { accessKeyId }, ifMatch };
    return this.#http.send('delete', '/v1/access-keys/{accessKeyId}', input, options);
  }

  /** What a request with this key would get. */
  check(
    accessKeyId: string,
    body: Schemas['CheckInput'],
    options?: CallOptions,
  ): Promise<Schemas['CheckResult']> {
    const input = { parameters: { accessKeyId }, body };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/check', input, options);
  }

  /**
   * Gives it a new secret. With an `overlap` the old one counts for as long.
   *
   * @throws SecretLostError where it got one and the answer was lost
   */
  rotate(
    accessKeyId: string,
    body: Schemas['RotationInput'] = {},
    { idempotencyKey = randomId(), ...options }: CreationOptions = {},
  ): Promise<NewAccessKey> {
    const input = { parameters: { accessKeyId }, body, idempotencyKey };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/rotate', input, options);
  }

  suspend(accessKeyId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { accessKeyId } };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/suspend', input, options);
  }

  unsuspend(accessKeyId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { accessKeyId } };
    return this.#http.send('post', '/v1/access-keys/{accessKeyId}/unsuspend', input, options);
  }
}
