/** A client of REST v1, as a program writes one. Each answer has to be as the OpenAPI document says. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Client, Key } from './client.js';
import { descriptionOf } from './described-answers.js';
import type { TestService } from './test-service.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: T;
}

/** Without a limit of its own a key has 120 requests a minute, which a fast machine comes to within one test file. */
const mostRequests = 110;

export class AdministrationClient {
  private requests = 0;

  constructor(
    private readonly service: Client,
    readonly key: Key,
    private readonly most = mostRequests,
  ) {}

  /** A client with a root user's key that may send as much as it likes; the limit keeps it from changing roles. */
  static async unlimited(service: TestService): Promise<AdministrationClient> {
    const key = await service.makeKey('admin', '');
    await service.ok('v-change-access-key', key.id, '--rate-limit', '1000000/s');
    return new AdministrationClient(service, key, Infinity);
  }

  get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.send('GET', path, undefined, headers);
  }

  post<T = Record<string, unknown>>(
    path: string,
    body: unknown = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.send('POST', path, body, headers);
  }

  patch<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.send('PATCH', path, body, { 'Content-Type': 'application/merge-patch+json', ...headers });
  }

  put<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.send('PUT', path, body, headers);
  }

  delete<T = Record<string, unknown>>(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** @param body - sent as it is where it is a text */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    this.requests += 1;
    if (this.requests > this.most) throw new Error(`${this.most} requests with one key: take another`);
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = await this.service.request(method, path, text, {
      headers: { Authorization: `Bearer ${this.key.pair}`, ...type, ...headers },
    });
    const difference = (await descriptionOf(this.service)).differenceOf(method, path, sent);
    if (difference !== undefined) throw new Error(`${method} ${path} is not as described: ${difference}`);
    const isJson = /^application\/(problem\+)?json/.test(sent.headers['content-type'] ?? '');
    const json = (isJson ? JSON.parse(sent.body) : undefined) as T;
    return { status: sent.status, headers: sent.headers, text: sent.body, json };
  }
}
