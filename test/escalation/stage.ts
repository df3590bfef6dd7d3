/** What an operator has set up before an attacker begins: users, roles, commands, and keys that others have. */
import type { RoleText, World, WorldKey } from '../explain/world.js';
import type { Client, Key } from '../support/client.js';
import { commandsDirectory } from '../support/folders.js';
import { readKeyRows, type KeyRows } from './key-rows.js';

export const rootUser = 'admin';
/** Has ROLE='admin'. */
export const administrator = 'carol';
export const users: readonly string[] = ['alice', 'bob', administrator];
/** Nobody has this name until an attacker adds him. */
export const newcomer = 'mallory';

/** Commands of the panel. */
const panel: Readonly<Record<string, string>> = {
  'v-list-alphas': 'USER',
  'v-add-beta': 'USER DOMAIN',
  'v-list-gammas': '',
  'v-change-delta': 'DOMAIN [USER]',
  'v-get-epsilon': 'USER USER',
};
const ofKeys = [
  ...['v-add-access-key', 'v-change-access-key', 'v-rotate-access-key', 'v-delete-access-key'],
  ...['v-suspend-access-key', 'v-unsuspend-access-key', 'v-list-access-key', 'v-delete-access-keys'],
];
const ofPeople = [
  ...['v-add-user', 'v-delete-user', 'v-suspend-user', 'v-unsuspend-user', 'v-change-user-role'],
  ...['v-change-user-password', 'v-change-user-config-value'],
];
const ofTheWhole = [
  ...['v-add-api', 'v-change-api', 'v-delete-api', 'v-generate-api-key', 'v-revoke-api-key', 'v-list-apis'],
];
/** Here SAFE is how an operator allows them, so they are not in SAFE. */
const switches = [
  ...['v-change-sys-config-value', 'v-change-sys-api', 'v-add-sys-api-ip', 'v-delete-sys-api-ip'],
];

/** Whatever might make a key stronger is in SAFE, so that nothing but the rule itself stands in the way. */
const withSafe = (role: 'admin' | 'user', commands: readonly string[]): RoleText => ({
  ...{ role, commands, safe: commands },
});

export const roles: Readonly<Record<string, RoleText>> = {
  keys: withSafe('user', ofKeys),
  derive: withSafe('user', ['v-derive-access-key']),
  people: withSafe('user', ofPeople),
  whole: { role: 'user', commands: [...ofTheWhole, ...switches], safe: ofTheWhole },
  sites: { role: 'user', commands: ['v-list-alphas', 'v-add-beta'], safe: [] },
  held: { role: 'user', commands: ['v-add-beta'], safe: [], only: { DOMAIN: ['x.example'] } },
  few: { role: 'user', commands: ['v-get-epsilon', 'v-list-gammas'], safe: ['v-list-gammas'] },
  stronger: { role: 'user', commands: ['v-change-delta', 'v-list-user'], safe: [] },
  desk: { role: 'admin', commands: ['v-list-alphas', 'v-list-gammas', 'v-list-users'], safe: [] },
  'desk-keys': withSafe('admin', [...ofKeys, ...ofPeople]),
};

/** Names of roles that a key of this user may have. */
export function rolesFor(user: string): string[] {
  const isPlain = user !== rootUser && user !== administrator;
  return Object.keys(roles).filter((name) => !isPlain || roles[name]?.role === 'user');
}

export type KeyWish = Omit<WorldKey, 'id' | 'isSuspended'> & { isSuspended?: true };

/** Keys of others, some stronger than what attackers begin with, some as strong. */
const standing: readonly KeyWish[] = [
  { user: rootUser, permissions: [] },
  { user: rootUser, permissions: ['desk'] },
  { user: 'bob', permissions: ['sites', 'few'] },
  { user: administrator, permissions: ['desk', 'sites'] },
  { user: 'alice', permissions: ['stronger', 'sites'] },
  { user: 'alice', permissions: ['sites'] },
  { user: 'alice', permissions: ['sites'], isSuspended: true },
  { user: 'alice', permissions: ['sites'], only: { DOMAIN: ['x.example'] }, allowIp: ['127.0.0.2'] },
];

export class Stage {
  /** By their places in `standing`. */
  private readonly keys: (Key | undefined)[] = standing.map(() => undefined);

  private constructor(
    readonly service: Client,
    readonly commands: World['commands'],
  ) {}

  static settings(): Record<string, string> {
    const scripts = Object.entries(panel).map(
      ([name, options]): [string, { options: string; script: string }] => [
        name,
        { options, script: 'echo ran' },
      ],
    );
    return { COMMANDS_DIR: commandsDirectory(Object.fromEntries(scripts)), FAILURE_LIMIT: '0' };
  }

  /** @param service - a new one, started with `settings` */
  static async build(service: Client): Promise<Stage> {
    await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
    await service.ok('v-add-sys-api-ip', '127.0.0.0/8');
    for (const [name, { role = 'user', commands, safe, only }] of Object.entries(roles))
      await service.ok('v-add-api', name, role, commands.join(), safe.join(), ...heldBy({ only }));
    await service.ok('v-generate-api-key');
    const listed = JSON.parse(await service.ok('v-list-commands', '', 'json')) as Listed;
    return new Stage(
      service,
      new Map(Object.entries(listed).map(([name, { OPTIONS }]) => [name, OPTIONS ?? ''])),
    );
  }

  get standing(): readonly Key[] {
    return this.keys.filter((key) => key !== undefined);
  }

  rows(): Promise<KeyRows> {
    return readKeyRows(this.service);
  }

  /**
   * Everybody is there as before, with the keys of others; what attackers have made is gone.
   *
   * @param changed - IDs of keys that are no longer as they were made
   */
  async restore(changed: ReadonlySet<string>): Promise<void> {
    const { service, keys } = this;
    for (const user of users) {
      if ((await service.run('v-list-user', user, 'json')).code !== 0) await service.addUser(user);
      await service.run('v-unsuspend-user', user);
      await service.ok('v-change-user-config-value', user, 'LOGIN_DISABLED', 'no');
    }
    await service.ok('v-change-user-role', administrator, 'admin');
    await service.run('v-delete-user', newcomer);
    for (const [place, key] of keys.entries()) if (changed.has(key?.id ?? '')) keys[place] = undefined;
    const kept = new Set(keys.map((key) => key?.id));
    for (const id of (await this.rows()).keys())
      if (!kept.has(id)) await service.run('v-delete-access-key', id);
    for (const [place, wish] of standing.entries()) keys[place] ??= await this.makeKey(wish);
  }

  /** By an operator. */
  async makeKey(wish: KeyWish): Promise<Key> {
    const { user, permissions, isSuspended, expiresAtMs, allowIp, perMinute, quota } = wish;
    const options = [
      ...heldBy(wish),
      ...(expiresAtMs === undefined ? [] : ['--expires', new Date(expiresAtMs).toISOString()]),
      ...(allowIp === undefined ? [] : ['--allow-ip', allowIp.join()]),
      ...(perMinute === undefined ? [] : ['--rate-limit', `${String(perMinute)}/min`]),
      ...(quota === undefined ? [] : ['--quota', `${String(quota.count)}/${quota.unit}`]),
    ];
    const words = [user, permissions.join(), '', 'plain', ...options];
    const key = keyIn(await this.service.ok('v-add-access-key', ...words));
    if (isSuspended === true) await this.service.ok('v-suspend-access-key', key.id);
    return key;
  }

  /** By an operator. */
  async derive(parent: Key, permissions: readonly string[]): Promise<Key> {
    const narrower = permissions.length === 0 ? [] : ['--permissions', permissions.join()];
    const words = [parent.id, 'plain', '--for', '30m', ...narrower];
    return keyIn(await this.service.ok('v-derive-access-key', ...words));
  }

  /** What no attacker may change: roles, switches, addresses, legacy keys, who is an administrator. */
  async whole(): Promise<string> {
    const names = ['v-list-apis', 'v-list-sys-config', 'v-list-sys-api-ips', 'v-list-api-keys'];
    const texts: string[] = [];
    for (const name of names) texts.push(await this.service.ok(name, 'json'));
    const people = JSON.parse(await this.service.ok('v-list-users', 'json')) as Record<
      string,
      { ROLE: string }
    >;
    // Where attackers may delete the administrator, that is for others to judge.
    const isOne = (name: string): boolean => (people[name]?.ROLE ?? 'admin') === 'admin';
    const administrators = [...new Set([...Object.keys(people), administrator])].filter(isOne).sort();
    return [...texts, administrators.join()].join('\n');
  }

  /** What a user's entry says, without the time at which it was read; undefined: there is no such user. */
  async entriesOfUsers(): Promise<ReadonlyMap<string, string>> {
    const people = JSON.parse(await this.service.ok('v-list-users', 'json')) as Record<string, object>;
    return new Map(
      Object.entries(people).map(([name, entry]) => [name, JSON.stringify({ ...entry, TIME: '', DATE: '' })]),
    );
  }
}

type Listed = Record<string, { OPTIONS?: string }>;

function heldBy({ only }: Pick<WorldKey, 'only'> | { only: RoleText['only'] }): string[] {
  return Object.entries(only ?? {}).flatMap(([name, values]) => ['--only', `${name}=${values.join()}`]);
}

const pairPattern = /([0-9A-Za-z]{20}):([0-9A-Za-z_-]{40})(?![0-9A-Za-z_-])/;

function keyIn(text: string): Key {
  const [pair = '', id = '', secret = ''] = pairPattern.exec(text) ?? [];
  if (id === '') throw new Error(`no key: ${text}`);
  return { id, secret, pair };
}
