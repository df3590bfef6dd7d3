/** `/readyz`: what it tells to whom, and what it costs. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Apis } from '../../src/apis/apis.js';
import type { CallOptions } from '../support/client.js';
import { TestService } from '../support/test-service.js';
import { within } from '../support/waiting.js';

let service: TestService;
let looks = 0;

beforeAll(async () => {
  service = await TestService.start({ METRICS_FROM: '127.0.0.1' });
  // On the embedded database nothing can differ.
  service.part<Apis>(Apis).differences = () => {
    looks += 1;
    return Promise.resolve([
      { api: 'edited', problem: 'differs', file: undefined, shared: undefined, isShared: true },
    ]);
  };
});

async function readyz(options: CallOptions = {}): Promise<unknown> {
  const { status, body } = await service.request('GET', '/readyz', undefined, options);
  return { status, body: JSON.parse(body) as unknown };
}

describe('/readyz', () => {
  it('names the API roles that differ only to those who may see the metrics', async () => {
    const named = { status: 'ok', apiDifferences: ['edited'] };
    const counted = { status: 'ok', apiDifferenceCount: 1 };
    expect(await readyz()).toEqual({ status: 200, body: named });
    expect(await readyz({ from: '127.0.0.2' })).toEqual({ status: 200, body: counted });
    expect(await readyz({ forwardedFor: '127.0.0.1' })).toEqual({ status: 200, body: counted });
  });

  it('looks at most once a second, however many ask', async () => {
    const startedAt = performance.now();
    looks = 0;
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 20 }, () => readyz()));
    const seconds = (performance.now() - startedAt) / 1000;
    expect(looks).toBeLessThanOrEqual(1 + Math.ceil(seconds));
  });

  it('says 503 for a second at most after the store can be used again', async () => {
    const apis = service.part<Apis>(Apis);
    const differences = apis.differences.bind(apis);
    apis.differences = () => Promise.reject(new Error('gone'));
    await within(20_000, 'unavailable', async () => ((await readyz()) as { status: number }).status === 503);
    expect(await readyz()).toMatchObject({ body: { status: 'unavailable', reason: 'store_unavailable' } });
    apis.differences = differences;
    await within(20_000, 'ready', async () => ((await readyz()) as { status: number }).status === 200);
  });
});
