/** docs/access-keys.md, "Derived keys": what a key can have that is derived from another one at that moment. */
import type { World, WorldKey } from '../world.js';
import { isAmong } from './addresses.js';
import { grantsOf } from './grants.js';
import { letsThrough } from './held.js';
import { mostIn } from './quotas.js';

const someClients = ['203.0.113.9', '203.0.113.200', '10.1.2.3', '2001:db8::7', '198.18.0.77'];

const someArguments = [
  ...['x.example', 'www.x.example', 'a.x.example', 'y.example', 'www.y.example', 'example'].map(
    (value) => ['DOMAIN', value] as const,
  ),
  ...['info', 'bob', 'other'].map((value) => ['ACCOUNT', value] as const),
  ...['alice', 'bob', 'admin', 'other'].map((value) => ['USER', value] as const),
];

/** What the child has that one of the keys above it lacks; undefined: nothing. */
export function excessOf(child: WorldKey, world: World): string | undefined {
  const above = [world.key!, ...world.makers];
  if (above.some(({ user }) => user !== child.user && user !== world.rootUser)) return 'another user';
  if (above.some(({ isSuspended, isCanary }) => isSuspended || isCanary === true))
    return 'it is there at all';
  if (above.some(({ expiresAtMs = Infinity }) => (child.expiresAtMs ?? Infinity) > expiresAtMs))
    return 'a later end';
  const reached = (key: WorldKey) =>
    someClients.filter((client) => key.allowIp === undefined || isAmong(key.allowIp, client));
  if (above.some((key) => reached(child).some((client) => !reached(key).includes(client))))
    return 'more addresses';
  if (above.some(({ perMinute = Infinity }) => (child.perMinute ?? Infinity) > perMinute))
    return 'more requests';
  // Those further above hold all the same: its requests count for them, too.
  const { quota } = above.find((key) => key.quota !== undefined) ?? {};
  if (quota !== undefined && (child.quota === undefined || mostIn(child.quota, quota.unit) > quota.count))
    return 'a larger quota';
  const [open] = someArguments.filter(
    ([name, value]) =>
      letsThrough(child.only, name, value) && !above.every(({ only }) => letsThrough(only, name, value)),
  );
  if (open !== undefined) return `more arguments (${open.join(' ')})`;
  const { permissions } = grantsOf(world);
  if (permissions === 'everything') return undefined;
  if (child.permissions.length === 0) return 'everything';
  return child.permissions.every((name) => permissions.has(name)) ? undefined : 'more permissions';
}
