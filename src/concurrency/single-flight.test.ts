import { expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.js';

it('callers with the same key share a run, others have one of their own', async () => {
  const flights = new SingleFlight<number>();
  let runs = 0;
  const work = async (): Promise<number> => ++runs;
  const [one, two, other] = await Promise.all([
    flights.run('a', work),
    flights.run('a', work),
    flights.run('b', work),
  ]);
  expect([one, two, other]).toEqual([1, 1, 2]);
});

it('a run that has ended, well or not, is not shared with later callers', async () => {
  const flights = new SingleFlight<string>();
  const broken = flights.run('a', () => Promise.reject(new Error('broken')));
  await expect(broken).rejects.toThrow('broken');
  expect(await flights.run('a', async () => 'ran')).toBe('ran');
  expect(await flights.run('a', async () => 'ran again')).toBe('ran again');
});
