import { describe, expect, it } from '@jest/globals';
import { judgeWait, usual } from './judge-bystander.js';

const judged = (p99Ms: number, byOthers = 0, isHeldUp = false) =>
  judgeWait('an attack', { p99Ms, byOthers }, { p99Ms: 4, byOthers: 0.1 }, isHeldUp).findings;

describe('a client that waits beside an attack', () => {
  it('waits at most one and a half times as long', () => {
    expect(judged(6)).toMatchObject({ wrong: [], slow: [] });
    expect(judged(6.1)).toMatchObject({
      wrong: [
        'an attack: 99 of 100 within 6.1 ms, without it 4.0 ms: 1.52 times (others used 0 % of the processors, without it 10 %)',
      ],
      slow: [],
    });
  });

  it('is not judged where others have the processors, or the machine held up everybody', () => {
    expect(judged(10, 0.2)).toMatchObject({ wrong: [expect.anything()], slow: [] });
    expect(judged(10, 0.21)).toMatchObject({ wrong: [], slow: [expect.anything()] });
    expect(judged(10, 0, true)).toMatchObject({ wrong: [], slow: [expect.anything()] });
  });

  it('is taken at its usual round', () => {
    const rounds = [9, 1, 4].map((p99Ms) => ({ p99Ms, byOthers: p99Ms / 10 }));
    expect(usual(rounds)).toEqual({ p99Ms: 4, byOthers: 0.4 });
  });
});
