/** The same comparison of decisions alone: without HTTP around them a microsecond is seen on a busy machine, too. */
import { Authorizer } from '../../src/authorization/authorize.js';
import { parseAddress } from '../../src/network/address-range.js';
import type { Key } from '../support/client.js';
import type { TestService } from '../support/test-service.js';
import type { Random } from '../faults/random.js';
import { command } from './adapters.js';
import type { Alike } from './answers.js';
import { compareTimes, type Comparison } from './two-samples.js';

/** Of the whole: one digest that only one of the two makes is a third of it. */
export const mostShareApart = 0.1;

/** From an address that is let in, and from one that is not. */
export const addresses = ['127.0.0.1', '203.0.113.9'] as const;

export async function compareDecisions(
  service: TestService,
  { one, other }: Alike,
  address: string,
  pairs: number,
  random: Random,
): Promise<Comparison> {
  const authorizer = service.part(Authorizer);
  const client = { address: parseAddress(address), text: address };
  const times: [number[], number[]] = [[], []];
  const timeOf = async ({ id, secret }: Key): Promise<number> => {
    const key = { accessKeyId: id, secretAccessKey: secret };
    const beganMs = performance.now();
    await authorizer.authorize({ mode: 'enforce', client, ...key, command, args: ['alice'] });
    return performance.now() - beganMs;
  };
  for (let pair = 0; pair < pairs; pair++) {
    const asked = [one(), other()] as const;
    const order = random.next() < 0.5 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) times[which].push(await timeOf(asked[which]));
  }
  return compareTimes(...times);
}

export function isApart({ medianUs: [one, other] }: Comparison): boolean {
  return Math.abs(one - other) > mostShareApart * other;
}
