import type { CallOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';

/** `/v1/users` */
export class Users {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(options?: CallOptions): Promise<Schemas['UserList']> {
    return this.#http.send('get', '/v1/users', {}, options);
  }

  create(body: Schemas['NewUserInput'], options?: CallOptions): Promise<undefined> {
    return this.#http.send('post', '/v1/users', { body }, options);
  }

  read(user: string, options?: CallOptions): Promise<Schemas['User']> {
    return this.#http.send('get', '/v1/users/{user}', { parameters: { user } }, options);
  }

  delete(user: string, options?: CallOptions): Promise<undefined> {
    return this.#http.send('delete', '/v1/users/{user}', { parameters: { user } }, options);
  }

  /** Whether the user may log in. */
  changeLogin(user: string, body: Schemas['UserLoginInput'], options?: CallOptions): Promise<undefined> {
    return this.#http.send('put', '/v1/users/{user}/login', { parameters: { user }, body }, options);
  }

  changePassword(user: string, body: Schemas['PasswordInput'], options?: CallOptions): Promise<undefined> {
    return this.#http.send('put', '/v1/users/{user}/password', { parameters: { user }, body }, options);
  }

  /** Makes the user an administrator, or an ordinary user. */
  changeRole(user: string, body: Schemas['UserRoleInput'], options?: CallOptions): Promise<undefined> {
    return this.#http.send('put', '/v1/users/{user}/role', { parameters: { user }, body }, options);
  }

  suspend(user: string, options?: CallOptions): Promise<undefined> {
    return this.#http.send('post', '/v1/users/{user}/suspend', { parameters: { user } }, options);
  }

  unsuspend(user: string, options?: CallOptions): Promise<undefined> {
    return this.#http.send('post', '/v1/users/{user}/unsuspend', { parameters: { user } }, options);
  }
}
