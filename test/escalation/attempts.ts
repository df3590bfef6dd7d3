/** What an attacker tries: one change or use, in the words of the commands and as the other adapters have it. */
import type { Random } from '../faults/random.js';
import { newcomer, rolesFor, rootUser, users } from './stage.js';

export interface Attempt {
  /** What it does: the documents have to allow it to the key that the attacker began with. */
  command: string;
  args: readonly string[];
  /** As a request of REST v1 or of the REST dialect. */
  rest?: { method: string; path: string; body?: unknown };
  /** REST alone can say this. */
  isRestOnly?: true;
  /** Who has this password, where it succeeds. */
  login?: { user: string; password: string };
}

/** What an attacker can name. IDs of keys are no secret. */
export interface Known {
  random: Random;
  /** All keys that there are. */
  ids: readonly string[];
  /** Those that he has the secret of. */
  own: readonly string[];
  /** Of legacy keys. */
  legacyIds: readonly string[];
  /** Whose key he began with, and what it may. */
  user: string;
  permissions: readonly string[];
}

const password = 'a-new-one-1';
const comment = 'An attempt';
const apis = [...rolesFor(rootUser), 'read-only', 'mine', '*'];
const addresses = ['allow-all', '0.0.0.0/0', '127.0.0.0/8', '127.0.0.2', '203.0.113.9', '::/0'];
const commands = ['v-list-alphas', 'v-list-users', 'v-delete-user', 'v-list-gammas'];

type Make = (known: Known) => Attempt;

/** Most ways lead through these. */
const ofKeys: readonly Make[] = [
  (known) => {
    const [user, permissions] = [someUser(known), somePermissions(known)];
    const body = { user, permissions, ...someLimits(known) };
    return post('v-add-access-key', [user, permissions.join(), comment, 'plain'], '/v1/access-keys', body);
  },
  (known) => {
    const [id, permissions] = [someKey(known), somePermissions(known)];
    const rest = { method: 'PATCH', path: `/v1/access-keys/${id}`, body: { permissions } };
    return { command: 'v-change-access-key', args: [id, 'PERMISSIONS', permissions.join()], rest };
  },
  (known) => {
    const id = someKey(known);
    const body = { comment, ...someLimits(known) };
    const rest = { method: 'PATCH', path: `/v1/access-keys/${id}`, body };
    return { command: 'v-change-access-key', args: [id], rest, isRestOnly: true };
  },
  (known) => {
    const id = someKey(known);
    return post('v-rotate-access-key', [id, 'plain'], `/v1/access-keys/${id}/rotate`, {});
  },
  (known) => {
    const { random } = known;
    const [id, permissions] = [random.pick(known.own), random.next() < 0.5 ? [] : somePermissions(known)];
    const { allowedAddresses, only } = someLimits(known);
    const narrower = [permissions.join(), (allowedAddresses ?? []).join(), '', (only ?? []).join(' ')];
    const time = random.pick(['15m', '2h', '900d']);
    const body = {
      ...{ expiresIn: time },
      ...(permissions.length > 0 && { permissions }),
      ...(allowedAddresses && { allowedAddresses }),
      ...(only && { only }),
    };
    const args = [random.pick(['', id, someKey(known)]), time, 'plain', ...narrower];
    return post('v-derive-access-key', args, `/v1/access-keys/${args[0] || id}/derive`, body);
  },
  (known) => {
    const id = someKey(known);
    const body = { permissions: somePermissions(known), ...someLimits(known) };
    const rest = { method: 'PUT', path: `/v1/access-keys/${id}/trial`, body };
    return { command: 'v-change-access-key', args: [id], rest, isRestOnly: true };
  },
  (known) => {
    const id = someKey(known);
    const path = `/v1/access-keys/${id}/trial/enforce`;
    return {
      command: 'v-change-access-key',
      args: [id],
      rest: { method: 'POST', path, body: {} },
      isRestOnly: true,
    };
  },
  (known) => ofOneKey(known, 'v-unsuspend-access-key', 'unsuspend'),
];

/** Mostly keys of others, for whose own is gone tries nothing more. */
const endingKeys: readonly Make[] = [
  (known) => ofOneKey(known, 'v-suspend-access-key', 'suspend', someOther(known)),
  (known) => {
    const id = someOther(known);
    return { command: 'v-delete-access-key', args: [id], rest: remove(`/v1/access-keys/${id}`) };
  },
  (known) => ({ command: 'v-delete-access-keys', args: [someUser(known)] }),
];

const ofPeople: readonly Make[] = [
  (known) => {
    const name = known.random.pick([newcomer, newcomer, 'alice', rootUser]);
    const args = [name, password, 'm@example.com'];
    const body = { name, password, email: 'm@example.com' };
    return { ...post('v-add-user', args, '/v1/users', body), login: { user: name, password } };
  },
  (known) => {
    const user = someUser(known);
    const attempt = put('v-change-user-password', [user, password], `/v1/users/${user}/password`, {
      password,
    });
    return { ...attempt, login: { user, password } };
  },
  (known) => {
    const [user, role] = [someUser(known), known.random.pick(['admin', 'admin', 'user'])];
    return put('v-change-user-role', [user, role], `/v1/users/${user}/role`, { role });
  },
  (known) => {
    const [user, isDisabled] = [someUser(known), known.random.next() < 0.5];
    const args = [user, 'LOGIN_DISABLED', isDisabled ? 'yes' : 'no'];
    return put('v-change-user-config-value', args, `/v1/users/${user}/login`, { isDisabled });
  },
  (known) => ({ command: 'v-change-user-config-value', args: [someUser(known), 'ROLE', 'admin'] }),
  (known) => ofOneUser(known, 'v-suspend-user', 'suspend'),
  (known) => ofOneUser(known, 'v-unsuspend-user', 'unsuspend'),
  (known) => {
    const user = someUser(known);
    const path = known.random.pick([`/v1/users/${user}`, `/api/accounts/${user}`]);
    return { command: 'v-delete-user', args: [user], rest: remove(path) };
  },
];

const ofTheWhole: readonly Make[] = [
  ({ random }) => {
    const [name, role] = [random.pick(['mine', 'sites']), random.pick(['admin', 'user'] as const)];
    const body = { name, role, commands, safe: commands };
    return post('v-add-api', [name, role, commands.join(), commands.join()], '/v1/apis', body);
  },
  ({ random }) => {
    const [name, role] = [random.pick(apis.slice(0, -2)), random.pick(['admin', 'user'] as const)];
    const body = { role, commands, safe: commands, only: null };
    return put('v-change-api', [name, role, commands.join(), commands.join()], `/v1/apis/${name}`, body);
  },
  ({ random }) => {
    const name = random.pick(apis);
    return { command: 'v-delete-api', args: [name], rest: remove(`/v1/apis/${encodeURIComponent(name)}`) };
  },
  () => post('v-generate-api-key', [], '/v1/legacy-keys', {}),
  ({ random, legacyIds }) => {
    const id = random.pick(legacyIds);
    return { command: 'v-revoke-api-key', args: [id], rest: remove(`/v1/legacy-keys/${id}`) };
  },
  ({ random }) => {
    const [name, value, body] = random.pick([
      ['API', 'yes', { isLegacyApiOn: true }],
      ['API_SYSTEM', '0', { accessKeyApi: 'off' }],
      ['DEMO_MODE', 'yes', { isReadOnly: true }],
      ['ROOT_USER', 'alice', { rootUser: 'alice' }],
      ['API_ALLOWED_IP', 'allow-all', { isLegacyApiOn: true }],
    ] as const);
    const rest = { method: 'PATCH', path: '/v1/settings', body };
    return { command: 'v-change-sys-config-value', args: [name, value], rest };
  },
  ({ random }) => ({ command: 'v-change-sys-api', args: [random.pick(['enable', 'disable']), 'all'] }),
  ({ random }) => {
    const address = random.pick(addresses);
    return post('v-add-sys-api-ip', [address], '/v1/allowed-ips', { address });
  },
  ({ random }) => {
    const address = random.pick(addresses);
    const path = `/v1/allowed-ips/${encodeURIComponent(address)}`;
    return { command: 'v-delete-sys-api-ip', args: [address], rest: remove(path) };
  },
];

export function randomAttempt(known: Known): Attempt {
  const { random } = known;
  const share = random.next();
  const makes = share < 0.68 ? ofKeys : share < 0.76 ? endingKeys : share < 0.9 ? ofPeople : ofTheWhole;
  return random.pick(makes)(known);
}

function post(command: string, args: readonly string[], path: string, body: unknown): Attempt {
  return { command, args, rest: { method: 'POST', path, body } };
}

function put(command: string, args: readonly string[], path: string, body: unknown): Attempt {
  return { command, args, rest: { method: 'PUT', path, body } };
}

function remove(path: string): NonNullable<Attempt['rest']> {
  return { method: 'DELETE', path };
}

function ofOneKey(known: Known, command: string, verb: string, id = someKey(known)): Attempt {
  return post(command, [id], `/v1/access-keys/${id}/${verb}`, undefined);
}

/** The REST dialect has the same. */
function ofOneUser(known: Known, command: string, verb: string): Attempt {
  const user = someUser(known);
  const path = known.random.pick([`/v1/users/${user}/${verb}`, `/api/accounts/${user}/${verb}`]);
  return post(command, [user], path, undefined);
}

/** Half of the time what may come to something: from there the next step is tried. */
function someUser({ random, user }: Known): string {
  return random.next() < 0.5 ? user : random.pick([...users, rootUser, newcomer]);
}

function someKey({ random, ids, own }: Known): string {
  return random.next() < 0.5 ? random.pick(own) : random.pick(ids);
}

function someOther({ random, ids, own }: Known): string {
  const others = ids.filter((id) => !own.includes(id));
  return random.pick(random.next() < 0.9 && others.length > 0 ? others : ids);
}

function somePermissions({ random, permissions }: Known): string[] {
  if (random.next() < 0.5) return permissions.filter(() => random.next() < 0.8);
  return apis.filter((name) => random.next() < (name === 'sites' ? 0.6 : name === 'keys' ? 0.4 : 0.12));
}

/** As REST v1 has them; null takes a limit away. */
function someLimits({ random }: Known) {
  const is = (): boolean => random.next() < 0.15;
  return {
    ...(is() && { allowedAddresses: random.pick([null, ['127.0.0.2'], ['127.0.0.0/8'], ['0.0.0.0/0']]) }),
    ...(is() && { expiresAt: random.pick([null, '2099-01-01T00:00:00Z']) }),
    ...(is() && {
      only: random.pick([null, ['DOMAIN=x.example'], ['DOMAIN=*.example,x.example,y.example']]),
    }),
    ...(is() && { rateLimit: random.pick([null, '500/s', '1000000/min']) }),
    ...(is() && { quota: random.pick([null, '900000/day']) }),
  };
}
