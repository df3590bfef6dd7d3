import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, formatStamp } from './times.js';

/** Times as they come: many in one millisecond and second, and now and then one from elsewhere. */
const times = fc
  .tuple(
    fc.integer({ min: 0, max: Date.UTC(9000, 0) }),
    fc.array(fc.oneof(fc.constantFrom(0, 0, 1, 0.5, 999, -1, 1000), fc.integer({ min: 0, max: 2e9 }))),
  )
  .map(([start, steps]) => {
    let timeMs = start;
    return steps.map((step) => (timeMs = Math.max(0, timeMs + step)));
  });

it('an instant is what the standard library makes of it, whatever was asked before', () => {
  fc.assert(
    fc.property(times, (each) => {
      for (const timeMs of each) expect(formatInstant(timeMs)).toBe(new Date(timeMs).toISOString());
    }),
  );
});

it('a stamp is the time of the clock on the wall, whatever was asked before', () => {
  fc.assert(
    fc.property(times, (each) => {
      for (const timeMs of each) {
        const clock = new Date(timeMs - new Date(timeMs).getTimezoneOffset() * 60_000);
        expect(formatStamp(timeMs)).toBe(clock.toISOString().slice(0, 19).replace('T', ' '));
      }
    }),
  );
});
