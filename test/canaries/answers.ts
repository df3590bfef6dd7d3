/** Answers to a canary's secret beside answers to a wrong secret of a key like any other, one after the other. */
import { isDeepStrictEqual } from 'node:util';
import { generateSecretAccessKey } from '../../src/secrets/generated-secret.js';
import type { Client, Key } from '../support/client.js';
import type { Random } from '../faults/random.js';
import { seen, type Ask } from './adapters.js';
import { compareTimes, type Comparison } from './two-samples.js';

export interface Answers extends Comparison {
  /** Answers that are not the same bytes as the first one. */
  different: number;
}

/** Which of the two is asked first is drawn for each pair, so that nothing but the key differs. */
export async function compareAnswers(
  service: Client,
  ask: Ask,
  keys: { canary: Key; other: Key },
  pairs: number,
  random: Random,
): Promise<Answers> {
  const times: { canary: number[]; other: number[] } = { canary: [], other: [] };
  const expected = seen(await ask(service, withWrongSecret(keys.other), '127.0.0.1'));
  let different = 0;
  for (let pair = 0; pair < pairs; pair++) {
    // Before either is asked: the work of drawing one must not stand before one of the two alone.
    const asked = { canary: keys.canary, other: withWrongSecret(keys.other) };
    const names = random.next() < 0.5 ? (['canary', 'other'] as const) : (['other', 'canary'] as const);
    for (const name of names) {
      const beganMs = performance.now();
      const answer = await ask(service, asked[name], '127.0.0.1');
      times[name].push(performance.now() - beganMs);
      if (!isDeepStrictEqual(seen(answer), expected)) different++;
    }
  }
  return { ...compareTimes(times.canary, times.other), different };
}

/** Of the right form and with its checksum, as a secret of another key. */
function withWrongSecret({ id }: Key): Key {
  const secret = generateSecretAccessKey();
  return { id, secret, pair: `${id}:${secret}` };
}
