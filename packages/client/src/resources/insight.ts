import type { CallOptions, Http } from '../http.js';
import type { QueryOf, Schemas } from '../operation-types.js';

/** What the service is and does, and why it decides as it does. */
export class Insight {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Who calls, and what he may do. */
  whoAmI(options?: CallOptions): Promise<Schemas['WhoAmI']> {
    return this.#http.send('get', '/v1/whoami', {}, options);
  }

  /** What a request would get, or why a recorded one got what it did. */
  explainAccess(body: Schemas['ExplanationInput'], options?: CallOptions): Promise<Schemas['Explanation']> {
    return this.#http.send('post', '/v1/explanations', { body }, options);
  }

  /** The smallest role of an access key, from what it has used. */
  suggestForKey(
    accessKeyId: string,
    query: QueryOf<'/v1/access-keys/{accessKeyId}/suggestion'> = {},
    options?: CallOptions,
  ): Promise<Schemas['Suggestion']> {
    const input = { parameters: { accessKeyId }, query };
    return this.#http.send('get', '/v1/access-keys/{accessKeyId}/suggestion', input, options);
  }

  /** The same for all keys of a user. */
  suggestForUser(
    user: string,
    query: QueryOf<'/v1/users/{user}/suggestion'> = {},
    options?: CallOptions,
  ): Promise<Schemas['Suggestion']> {
    return this.#http.send('get', '/v1/users/{user}/suggestion', { parameters: { user }, query }, options);
  }

  /** What an API role can do without. */
  suggestForApi(
    api: string,
    query: QueryOf<'/v1/apis/{api}/suggestion'> = {},
    options?: CallOptions,
  ): Promise<Schemas['Suggestion']> {
    return this.#http.send('get', '/v1/apis/{api}/suggestion', { parameters: { api }, query }, options);
  }

  /** What is tried of keys, and what it would have denied. */
  listTrials(query: QueryOf<'/v1/trials'> = {}, options?: CallOptions): Promise<Schemas['TrialList']> {
    return this.#http.send('get', '/v1/trials', { query }, options);
  }

  /** Commands that exist here. */
  listCommands(query: QueryOf<'/v1/commands'> = {}, options?: CallOptions): Promise<Schemas['CommandList']> {
    return this.#http.send('get', '/v1/commands', { query }, options);
  }

  listNodes(options?: CallOptions): Promise<Schemas['NodeList']> {
    return this.#http.send('get', '/v1/nodes', {}, options);
  }

  /** Who gets alerts, and whether they arrive. */
  listAlertReceivers(options?: CallOptions): Promise<Schemas['AlertReceiverList']> {
    return this.#http.send('get', '/v1/alert-receivers', {}, options);
  }

  /** Sends a test alert to each receiver. */
  testAlert(options?: CallOptions): Promise<Schemas['AlertTestList']> {
    return this.#http.send('post', '/v1/alert-tests', {}, options);
  }

  /** What `hearthkey doctor` finds. */
  listFindings(options?: CallOptions): Promise<Schemas['FindingList']> {
    return this.#http.send('get', '/v1/findings', {}, options);
  }
}
