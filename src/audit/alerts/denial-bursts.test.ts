import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DenialBursts } from './denial-bursts.js';

const [minuteMs, quietMs] = [60_000, 600_000];

it('are told when there were so many within a minute, and again after ten minutes', () => {
  const bursts = new DenialBursts(3);
  expect([0, 30_000, minuteMs].map((atMs) => bursts.note('a', atMs, 1))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(bursts.note('a', minuteMs + 1000, 1)).toBe(3);
  expect(bursts.note('a', minuteMs + 2000, 1)).toBeUndefined();
  expect(bursts.note('b', minuteMs + 2000, 5)).toBe(5);
  expect(bursts.note('a', minuteMs + 1000 + quietMs, 3)).toBe(3);
});

it('are exactly those that a count of every denial finds, whenever it is written down and read again', () => {
  const steps = fc.array(fc.tuple(fc.nat(40_000), fc.integer({ min: 1, max: 3 }), fc.boolean()), {
    maxLength: 80,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 2, max: 6 }), (denials, least) => {
      let bursts = new DenialBursts(least);
      const all: [number, number][] = [];
      let [nowMs, toldAtMs] = [0, -Infinity];
      for (const [afterMs, count, isRestored] of denials) {
        nowMs += afterMs;
        // Denials of one second are counted together.
        const secondMs = Math.floor(nowMs / 1000) * 1000;
        all.push([secondMs, count]);
        const total = all
          .filter(([atMs]) => atMs > secondMs - minuteMs)
          .reduce((sum, [, each]) => sum + each, 0);
        const isTold = total >= least && secondMs >= toldAtMs + quietMs;
        if (isTold) toldAtMs = secondMs;
        expect(bursts.note('a', nowMs, count) !== undefined).toBe(isTold);
        if (!isRestored) continue;
        const written = JSON.stringify([...bursts.entries()]);
        bursts = new DenialBursts(least);
        for (const entry of JSON.parse(written) as Parameters<DenialBursts['restore']>[0][])
          bursts.restore(entry);
      }
    }),
  );
});
