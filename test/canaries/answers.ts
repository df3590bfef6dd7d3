/** Answers to two credentials that must not be told apart, one after the other. */
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

/** Each is drawn anew for every answer. */
export interface Alike {
  one: () => Key;
  other: () => Key;
}

/** Which of the two is asked first is drawn for each pair, so that nothing but the credential differs. */
export async function compareAnswers(
  service: Client,
  ask: Ask,
  alike: Alike,
  pairs: number,
  random: Random,
): Promise<Answers> {
  const times: { one: number[]; other: number[] } = { one: [], other: [] };
  const expected = seen(await ask(service, alike.other(), '127.0.0.1'));
  let different = 0;
  for (let pair = 0; pair < pairs; pair++) {
    // Before either is asked: the work of drawing one must not stand before one of the two alone.
    const asked = { one: alike.one(), other: alike.other() };
    const names = random.next() < 0.5 ? (['one', 'other'] as const) : (['other', 'one'] as const);
    for (const name of names) {
      const beganMs = performance.now();
      const answer = await ask(service, asked[name], '127.0.0.1');
      times[name].push(performance.now() - beganMs);
      if (!isDeepStrictEqual(seen(answer), expected)) different++;
    }
  }
  return { ...compareTimes(times.one, times.other), different };
}

/** Of the right form and with its checksum, as a secret of another key. */
export function withWrongSecret({ id }: Pick<Key, 'id'>): () => Key {
  return () => {
    const secret = generateSecretAccessKey();
    return { id, secret, pair: `${id}:${secret}` };
  };
}
