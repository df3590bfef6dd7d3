/** Wrong secrets of every kind, and right ones to compare with. */
import {
  generateAccessKeyId,
  generateLegacyKey,
  generateSecretAccessKey,
} from '../../src/secrets/generated-secret.js';
import { requestFor, requestWith } from './load.js';
import type { Random } from './random.js';
import type { SeededKey } from './seeded-keys.js';
import { mistyped } from './traffic.js';

/** What an attacker knows. */
export interface Targets {
  /** Keys in use. He has none of their secrets, but one that is mistyped looks like one. */
  hot: readonly SeededKey[];
  /** The IDs of keys that nobody has used yet. */
  cold: readonly string[];
}

export function wrongRequest({ hot, cold }: Targets, random: Random): Buffer {
  const used = random.pick(hot);
  const wrong = [
    () => requestFor(`${generateAccessKeyId()}:${used.secret}`),
    () => requestFor(`${used.id}:${mistyped(used.secret)}`),
    () => requestFor(`${used.id}:${generateSecretAccessKey()}`),
    () => requestFor(`${random.pick(cold)}:${generateSecretAccessKey()}`),
    () => requestFor(`${used.id}:short`),
    () => requestWith(`hash=${generateLegacyKey()}`),
  ];
  return random.pick(wrong)();
}

export function rightRequest({ hot }: Targets, random: Random): Buffer {
  const { id, secret } = random.pick(hot);
  return requestFor(`${id}:${secret}`);
}

export function wrongPassword(random: Random): Buffer {
  return requestWith(`user=admin&password=guess-${String(random.below(1e9))}`);
}
