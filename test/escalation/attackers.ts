/** Those who begin: each has one key that is not the root user's unrestricted one, or a session. */
import type { Random } from '../faults/random.js';
import { Person } from '../support/person.js';
import type { Credential } from './credentials.js';
import { Power } from './power.js';
import { administrator, rolesFor, rootUser, type KeyWish, type Stage } from './stage.js';

export interface Attacker {
  kind: string;
  credential: Credential;
  /** Of a key. */
  keyId: string | undefined;
  user: string;
  permissions: readonly string[];
  /** What the documents allow at the beginning. */
  power: Power;
}

const hourMs = 3_600_000;

export async function randomAttacker(stage: Stage, random: Random): Promise<Attacker> {
  const is = (share: number): boolean => random.next() < share;
  if (is(0.12)) return inSession(stage, random.pick(['alice', administrator]));
  const user = is(0.55) ? 'alice' : is(0.35) ? administrator : rootUser;
  const limits: Omit<KeyWish, 'user' | 'permissions'> = {
    ...(is(0.2) && { allowIp: ['127.0.0.2'] }),
    ...(is(0.2) && { expiresAtMs: Math.ceil(Date.now() / 1000) * 1000 + hourMs }),
    ...(is(0.2) && { only: { DOMAIN: ['x.example'] } }),
    ...(is(0.15) && { perMinute: 100_000 }),
    ...(is(0.1) && { quota: { count: 100_000, unit: 'day' as const, counted: {} } }),
  };
  const permissions = somePermissions(random, user);
  const made = await stage.makeKey({ user, permissions, ...limits });
  const isDerived = is(0.25);
  const key = isDerived ? await stage.derive(made, []) : made;
  const isLimited = Object.keys(limits).length > 0;
  const whose = user === rootUser ? 'the root user' : user === administrator ? 'an administrator' : 'a user';
  const kind = `${isDerived ? 'derived ' : isLimited ? 'limited ' : ''}key of ${whose}`;
  const power = Power.ofKey(stage, await stage.rows(), key.id).withLogins(stage);
  return { kind, credential: { kind: 'key', key }, keyId: key.id, user, permissions, power };
}

/** Mostly with the commands about keys, seldom with those about users: who may set a password may log in. */
function somePermissions(random: Random, user: string): string[] {
  const shares: Readonly<Record<string, number>> = {
    keys: 0.9,
    derive: 0.7,
    sites: 0.7,
    people: 0.2,
    'desk-keys': 0.4,
    whole: 0.6,
  };
  const some = rolesFor(user).filter((name) => random.next() < (shares[name] ?? 0.4));
  return some.length === 0 ? ['keys'] : some;
}

async function inSession(stage: Stage, user: string): Promise<Attacker> {
  const person = await new Person(stage.service).logInByLink(user);
  const kind = user === administrator ? 'session of an administrator' : 'session of a user';
  const power = Power.ofPerson(stage, user).withLogins(stage);
  return {
    kind,
    credential: { kind: 'session', user, person },
    keyId: undefined,
    user,
    permissions: rolesFor(user),
    power,
  };
}
