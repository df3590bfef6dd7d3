import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import inject, { type Response } from 'light-my-request';
import { routes } from '../../routes.js';
import type { Language } from '../languages.js';
import { readPreferences } from '../preferences/preferences.js';
import { ApiProblem } from './api-problem.js';

/** What says who asks, from where, and from which page: REST v1 judges by these alone. */
const passedOn = [
  ...['host', 'cookie', 'origin', 'sec-fetch-site', 'user-agent', 'x-request-id'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip'],
];

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Operations that change nothing. */
export type ReadingPost = '/v1/explanations';

export interface ApiAnswer<T> {
  value: T;
  headers: Response['headers'];
}

/**
 * REST v1, as the pages of the console use it: within the process, as the browser that asks for the page. So a page can
 * do what its user can do over the API, and nothing else; each request is decided and recorded by the same code.
 */
@Injectable()
export class ConsoleApi {
  private server: FastifyInstance | undefined;

  /** Before the first request. */
  attach(server: FastifyInstance): void {
    this.server = server;
    // Nest knows a path without the slash at its end alone.
    server.get(routes.consoleStart.paths[1], (_request, reply) =>
      reply.redirect(routes.consoleStart.paths[0], 308),
    );
  }

  /** @param pageToken - what the page sent back as the sign that it is ours; GET needs none */
  as(browser: FastifyRequest, pageToken?: string): ApiCalls {
    if (this.server === undefined) throw new Error('the console was attached to no server');
    return new ApiCalls(this.server, browser, pageToken);
  }
}

/** The requests of one page. Each is answered as described in the OpenAPI document, or rejects with `ApiProblem`. */
export class ApiCalls {
  constructor(
    private readonly server: FastifyInstance,
    private readonly browser: FastifyRequest,
    private readonly pageToken: string | undefined,
  ) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.send<T>('GET', path + queryText(query))).value;
  }

  async post<T>(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<T> {
    return (await this.send<T>('POST', path, body, headers)).value;
  }

  /**
   * What REST v1 only reads, although it is asked by POST: a page needs it to be shown, and no form brought a token. So
   * the console itself says that the request comes from one of its pages. Never for an operation that changes something:
   * another site can have a browser open a page of ours.
   *
   * @param csrfToken - of the session that the page is shown to
   */
  async readByPost<T>(path: ReadingPost, body: object, csrfToken: string): Promise<T> {
    return this.post<T>(path, body, { 'x-csrf-token': csrfToken, 'sec-fetch-site': 'same-origin' });
  }

  /**
   * An answer that is passed on as it is read. The operation ends when the stream is destroyed, as it does when a client
   * hangs up, and goes on only as fast as the stream is read.
   */
  async stream(
    path: string,
    query: Query,
    accept: string,
    headers: Record<string, string> = {},
  ): Promise<Readable> {
    const { answer, response } = await this.dispatch({
      method: 'GET',
      url: path + queryText(query),
      headers: { ...this.headers(), ...headers, accept },
      payloadAsStream: true,
    });
    const body = answer.stream();
    if (answer.statusCode >= 400) throw new ApiProblem(answer.statusCode, await text(body), this.language);
    body.once('close', () => response.destroy());
    return body;
  }

  async patch<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    return (await this.send<T>('PATCH', path, body, headers)).value;
  }

  async put<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    return (await this.send<T>('PUT', path, body, headers)).value;
  }

  async delete(path: string, headers: Record<string, string> = {}): Promise<void> {
    await this.send('DELETE', path, undefined, headers);
  }

  /** @throws ApiProblem for every answer that is no success */
  async send<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const { answer: response } = await this.dispatch({
      method,
      url,
      headers: { ...this.headers(), ...(body && { 'content-type': type }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    if (response.statusCode >= 400) throw new ApiProblem(response.statusCode, response.body, this.language);
    const value = (response.body === '' ? undefined : JSON.parse(response.body)) as T;
    return { value, headers: response.headers };
  }

  private async dispatch(
    options: inject.InjectOptions & { url: string },
  ): Promise<{ answer: Response; response: ServerResponse }> {
    refuseOtherPath(options.url, this.language);
    const { socket } = this.browser;
    let dispatched: ServerResponse | undefined;
    const answer = await inject((request, response) => {
      dispatched = response;
      // Address and TLS are those of the browser's connection. The body is there as a whole.
      Object.assign(request, { socket, complete: true });
      this.server.routing(request, response);
    }, options);
    if (dispatched === undefined) throw new Error('a request was answered without having been sent');
    return { answer, response: dispatched };
  }

  private get language(): Language {
    return readPreferences(this.browser.headers).language;
  }

  private headers(): Record<string, string> {
    const { headers } = this.browser;
    const own = passedOn.flatMap((name): [string, string][] => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    });
    return {
      'x-request-id': this.browser.id,
      ...Object.fromEntries(own),
      accept: 'application/json',
      ...(this.pageToken !== undefined && { 'x-csrf-token': this.pageToken }),
    };
  }
}

/** Names in a path come from addresses of pages. A URL would take away dots, and be another operation's. */
function refuseOtherPath(url: string, language: Language): void {
  const segments = url.split('?', 1)[0]?.split('/').slice(1) ?? [];
  if (segments.some((segment) => ['', '.', '..'].includes(segment)))
    throw new ApiProblem(
      404,
      JSON.stringify({ reason: 'not_found', detail: 'There is no such path' }),
      language,
    );
}

function queryText(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
