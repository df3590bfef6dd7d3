/** Credentials that must not be told apart, neither by the bytes of an answer nor by its time. */
import { generateAccessKeyId } from '../../src/secrets/generated-secret.js';
import type { Client, Key } from '../support/client.js';
import { gatewayAdapters, publicAdapters, type Ask } from './adapters.js';
import { withWrongSecret, type Alike } from './answers.js';

export interface Pair {
  name: string;
  alike: Alike;
  adapters: Readonly<Record<string, Ask>>;
}

/** Other gateways are told the exact reason, which tells an unknown ID from a wrong secret (docs/integrations). */
const { 'forward-auth': forwardAuth } = gatewayAdapters;
const withoutReason: Pair['adapters'] = {
  ...publicAdapters,
  ...(forwardAuth !== undefined && { 'forward-auth': forwardAuth }),
};

/** Keys of alice, who is active, and of bob, who is suspended once he has one. */
export async function makePairs(service: Client): Promise<Pair[]> {
  const wrong = withWrongSecret(await makeKey(service, 'alice'));
  const canary = await makeKey(service, 'alice', '--canary');
  const ofSuspended = await makeKey(service, 'bob');
  await service.ok('v-suspend-user', 'bob');
  const suspended = await makeKey(service, 'alice');
  await service.ok('v-suspend-access-key', suspended.id);
  const inUse = await makeKey(service, 'alice');
  await gatewayAdapters['authorize']?.(service, inUse, '127.0.0.1');
  const pair = (name: string, one: () => Key, adapters = withoutReason): Pair => ({
    ...{ name, adapters, alike: { one, other: wrong } },
  });
  return [
    pair('a canary', () => canary, { ...publicAdapters, ...gatewayAdapters }),
    pair('an unknown ID', withWrongSecret({ id: generateAccessKeyId() })),
    pair('a key of a suspended user, with a wrong secret', withWrongSecret(ofSuspended)),
    pair('a key in use, with a wrong secret', withWrongSecret(inUse)),
    pair('a suspended key, with a wrong secret', withWrongSecret(suspended)),
    // So much do two differ that are alike.
    pair('another key, with a wrong secret', withWrongSecret(await makeKey(service, 'alice'))),
  ];
}

export async function makeKey(service: Client, user: string, ...options: string[]): Promise<Key> {
  const words = [user, 'mail-accounts', '', 'plain', ...options];
  const pair = (await service.ok('v-add-access-key', ...words)).trim();
  const [id = '', secret = ''] = pair.split(':');
  return { id, secret, pair };
}
