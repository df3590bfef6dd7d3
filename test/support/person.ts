/** Somebody at a browser: keeps the cookie, and sends with each change what the service's own pages send. */
import type { Answer } from './administration.js';
import type { CallOptions, Client } from './client.js';

export interface ShownSession extends Record<string, unknown> {
  sessionId: string;
  user: string;
  isCurrent: boolean;
  isRootUser?: boolean;
  csrfToken?: string;
}

export type Credential = { user: string; password: string } | { token: string };

export class Person {
  cookie = '';
  csrfToken = '';
  sessionId = '';

  constructor(
    readonly service: Client,
    private readonly options: CallOptions = {},
  ) {}

  async logIn(credential: Credential): Promise<Answer<ShownSession>> {
    const answer = await this.send<ShownSession>('POST', '/v1/sessions', credential);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    if (answer.status !== 201) return answer;
    this.cookie = cookie.split(';', 1)[0] ?? '';
    this.csrfToken = answer.json.csrfToken ?? '';
    this.sessionId = answer.json.sessionId;
    return answer;
  }

  /** Logs in with a link that an operator makes for the user. */
  async logInByLink(user: string): Promise<this> {
    const answer = await this.logIn({ token: await linkToken(this.service, user) });
    if (answer.status !== 201) throw new Error(`no login: ${answer.text}`);
    return this;
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.send('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.send('POST', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Whether the session is accepted. */
  async isIn(): Promise<boolean> {
    return (await this.get('/v1/sessions/current')).status === 200;
  }

  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const own = {
      ...(text !== undefined && { 'Content-Type': 'application/json' }),
      ...(this.cookie !== '' && { Cookie: this.cookie }),
      ...(method !== 'GET' && { Origin: this.service.url }),
      ...(this.csrfToken !== '' && method !== 'GET' && { 'X-CSRF-Token': this.csrfToken }),
    };
    const all = { ...own, ...this.options.headers, ...headers };
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    const answer = await this.service.request(method, path, text, { ...this.options, headers: sent });
    const isJson = /^application\/(problem\+)?json/.test(answer.headers['content-type'] ?? '');
    const json = (isJson ? JSON.parse(answer.body) : undefined) as T;
    return { status: answer.status, headers: answer.headers, text: answer.body, json };
  }
}

/** The token of a new login link. */
export async function linkToken(service: Client, user: string, ...options: string[]): Promise<string> {
  // As the user himself, whose own link waits for nobody (HEARTHKEY_APPROVALS).
  const { code, stdout } = await service.ask({
    command: 'login-link',
    args: [user, ...options],
    sudoUser: user,
  });
  if (code !== 0) throw new Error(`login-link ${user}: ${String(code)} ${stdout}`);
  const url = stdout.trim();
  return new URL(url).hash.replace('#token=', '');
}
