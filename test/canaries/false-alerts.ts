/** Decisions that have nothing to do with the secret of a canary: none of them may be an alert. */
import { Authorizer } from '../../src/authorization/authorize.js';
import { parseAddress } from '../../src/network/address-range.js';
import { generateAccessKeyId, generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import type { Key } from '../support/client.js';
import type { TestService } from '../support/test-service.js';
import type { Random } from '../faults/random.js';
import { command } from './adapters.js';

const atOnce = 500;
const clients = ['127.0.0.1', '127.0.0.2', '203.0.113.9'];

/** Wrong secrets of canaries, secrets of one key with the ID of another, and keys that are used as they should be. */
export async function decideMany(
  service: TestService,
  keys: { canaries: readonly Key[]; others: readonly Key[] },
  count: number,
  random: Random,
): Promise<number> {
  const authorizer = service.part(Authorizer);
  const secretOfOthers = [...keys.canaries, ...keys.others].map(({ id, secret }) => ({ id, secret }));
  let allowed = 0;
  for (let done = 0; done < count; done += atOnce) {
    const requests = Array.from({ length: Math.min(atOnce, count - done) }, () => {
      const text = random.pick(clients);
      const kind = random.below(4);
      const { id } =
        kind === 0 ? { id: generateAccessKeyId() } : random.pick(kind === 1 ? keys.others : keys.canaries);
      const mixed = random.pick(secretOfOthers.filter((other) => other.id !== id)).secret;
      const own = keys.others.find((other) => other.id === id)?.secret;
      const secretAccessKey = kind === 1 ? (own ?? '') : kind === 2 ? mixed : generateSecretAccessKey();
      const client = { address: parseAddress(text), text };
      return { mode: 'enforce' as const, client, accessKeyId: id, secretAccessKey, command, args: ['alice'] };
    });
    const decisions = await Promise.all(requests.map((request) => authorizer.authorize(request)));
    allowed += decisions.filter(({ outcome }) => outcome === 'allow').length;
  }
  return allowed;
}
