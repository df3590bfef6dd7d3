import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { DurationHistogram } from './duration-histogram.js';

const [name, help] = ['hearthkey_test_seconds', 'How long it took.'];
/** As the registry shows them: a bound, or a little beside it. */
const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];
const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 20_000, noNaN: true }),
    fc.tuple(fc.constantFrom(...bounds), fc.constantFrom(-0.001, 0, 0.001)).map(([ms, more]) => ms + more),
  ),
);

it('counts and shows durations as a histogram of the library does', async () => {
  await fc.assert(
    fc.asyncProperty(durations, async (each) => {
      const [own, librarys] = [new Registry(), new Registry()];
      const mine = new DurationHistogram(name, help, own);
      const buckets = bounds.map((ms) => ms / 1000);
      const theirs = new Histogram({ name, help, buckets, registers: [librarys] });
      for (const ms of each) {
        mine.observe(ms);
        theirs.observe(ms / 1000);
      }
      const [shown, expected] = [await own.metrics(), await librarys.metrics()];
      const withoutSum = (text: string): string => text.replace(/(_sum) .*/, '$1');
      expect(withoutSum(shown)).toBe(withoutSum(expected));
      const sumIn = (text: string): number => Number(/_sum (.*)/.exec(text)?.[1]);
      expect(sumIn(shown)).toBeCloseTo(sumIn(expected), 6);
    }),
  );
});
