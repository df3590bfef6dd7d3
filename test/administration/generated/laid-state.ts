/** What there is while generated requests come: users, roles, keys, and the way in. */
import type { Key } from '../../support/client.js';
import { TestService } from '../../support/test-service.js';
import { AdministrationClient, type Answer } from '../../support/administration.js';
import type { KnownValues } from './arbitrary-of.js';

const users = ['alice', 'bob'];
/** Of the role files that every service has. */
const apis = ['mail-accounts', 'billing', 'purge-nginx-cache'];

export const knownValues: KnownValues = {
  user: [...users, 'admin'],
  firstName: ['Alice', 'Zoë'],
  lastName: ['Miller', ''],
  permission: apis,
  permissions: [['mail-accounts'], ['billing', 'mail-accounts']],
  command: ['v-list-users', 'v-list-mail-domains', 'v-list-access-keys'],
  expiresAt: [null, '2090-01-31T12:00:00Z', '2099-12-31T23:59:59.999+02:00'],
  api: apis,
  allowedAddresses: ['127.0.0.1', '2001:db8::/32', '198.51.100.0/24', '::ffff:203.0.113.9'],
  address: ['198.51.100.7', '2001:db8:1::/48', '192.0.2.0/24'],
  clientAddress: ['127.0.0.1', '2001:db8::1'],
  only: ['DOMAIN=example.com', 'DOMAIN=*.example.org,example.com', 'RECORD=_acme-challenge'],
  secrets: ['Ab3dEf6hIj9kLm2nOp5rSt8uVw1xYz4CAb3dEf6h', 'Ab3dEf6hIj9kLm2nOp5rSt8uVw1xYz4C'],
  commands: ['v-list-users', 'v-list-mail-domains'],
  password: ['correct-horse-2', 'päßwörter'],
};

/** How many things of a collection are made for requests about one of them. */
const mostMade = 12;

export class LaidState {
  /** Paths of things that are there, by the path of the operations that are about one. */
  private readonly made = new Map<string, string[]>();
  private requests = 0;
  private readonly makings = new Map<string, number>();

  private constructor(
    readonly service: TestService,
    private key: Key,
  ) {}

  static async lay(): Promise<LaidState> {
    const service = await TestService.startOpen(users);
    const key = await service.makeKey('admin', '', 'generated');
    const state = new LaidState(service, key);
    await state.mend();
    return state;
  }

  /** Requests may close the way in that they come by. */
  async mend(): Promise<void> {
    this.makings.clear();
    const { service } = this;
    await service.run('v-change-sys-config-value', 'DEMO_MODE', 'no');
    await service.run('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.run('v-change-sys-config-value', 'API_ALLOWED_IP', '127.0.0.0/8');
    await this.replaceKey();
    for (const api of apis) {
      await service.run('v-add-api', api, 'user', 'v-list-user');
      await service.run('v-change-api', api, 'user', 'v-list-user');
    }
    for (const user of users) {
      await service.run('v-add-user', user, 'correct-horse-1', `${user}@example.com`);
      await service.run('v-unsuspend-user', user);
    }
  }

  /** A key without a limit of its own, which may run everything, has 120 requests a minute: then another one goes on. */
  async client(): Promise<AdministrationClient> {
    if (++this.requests > 100) await this.replaceKey();
    return new AdministrationClient(this.service, this.key);
  }

  private async replaceKey(): Promise<void> {
    await this.service.run('v-change-sys-config-value', 'DEMO_MODE', 'no');
    // The one before stays: with it would go the keys that it made.
    this.key = await this.service.makeKey('admin', '', 'generated');
    this.requests = 0;
  }

  /**
   * The segment for a variable of a path: of something that is there, as long as the collection can be asked to make it.
   *
   * @param collection - the path before the variable
   */
  async existing(
    collection: string,
    choice: number,
    create: () => Promise<Answer<unknown> | undefined>,
    list: () => Promise<string[]>,
  ): Promise<string | undefined> {
    const paths = this.made.get(collection) ?? [];
    const made = this.makings.get(collection) ?? 0;
    if (paths.length < 3 && made < mostMade) {
      this.makings.set(collection, made + 1);
      const answer = await create();
      const place = answer?.status === 201 ? answer.headers.location : undefined;
      // Of what was there before, this test's own key is one.
      if (answer === undefined) paths.push(...(await list()));
      else if (place !== undefined) paths.push(decodeURIComponent(place.split('/').at(-1) ?? ''));
      this.made.set(collection, paths);
    }
    return paths[choice % Math.max(paths.length, 1)];
  }

  /** What an operation ends has to be there: a suspension, a trial. */
  async layFor(method: string, path: string, id: string): Promise<void> {
    if (path === '/v1/users/{user}/unsuspend') await this.service.run('v-suspend-user', id);
    if (path === '/v1/access-keys/{accessKeyId}/unsuspend')
      await this.service.run('v-suspend-access-key', id);
    if (path.includes('/trial') && method !== 'put')
      await this.service.run('v-change-access-key', id, '--trial', 'mail-accounts');
  }

  /** It is no more: requests about it are about something else from now on. */
  forget(collection: string, id: string): void {
    const paths = this.made.get(collection) ?? [];
    this.made.set(
      collection,
      paths.filter((path) => path !== id),
    );
  }

  static collectionOf(path: string): string {
    return path.split('/{')[0] ?? '';
  }
}
