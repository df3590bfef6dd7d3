import { describe, expect, it } from '@jest/globals';
import type { Answer } from './connections.js';
import { Judge } from './judge.js';
import { Machine } from './machine.js';
import type { Node } from './nodes.js';
import type { Asked } from './traffic.js';

const asked = (kind: Asked['kind'], code: Answer['code'], tookMs = 5, beganMs = 100_000): Asked => ({
  ...{ kind, beganMs, answer: { code, tookMs } },
  node: {} as Node,
});

function judged(machine: Machine, ...all: readonly Asked[]): { wrong: number; slow: number } {
  const judge = new Judge(() => 'Redis is up', machine);
  for (const each of all) judge.take(each);
  const { wrong, slow } = judge.findings();
  return { wrong: wrong.length, slow: slow.length };
}

const [quick, slow] = [() => new Machine(1), () => new Machine(30)];

describe('a judge', () => {
  it('has nothing to say about right answers in time', () => {
    expect(judged(quick(), asked('in use', 0), asked('first use', 0), asked('wrong', 9))).toEqual({
      ...{ wrong: 0, slow: 0 },
    });
  });

  it.each([
    asked('wrong', 0),
    asked('wrong', 10),
    asked('in use', 9),
    asked('first use', 10),
    asked('in use', 'cut'),
    asked('in use', NaN),
  ])('takes a wrong answer for wrong on every machine, however late: $kind $answer.code', (one) => {
    const late = { ...one, answer: { ...one.answer, tookMs: 60_000 } };
    for (const machine of [quick(), slow()]) expect(judged(machine, one)).toEqual({ wrong: 1, slow: 0 });
    expect(judged(slow(), late).wrong).toBe(1);
  });

  it('takes a long wait for slow, never for wrong', () => {
    expect(judged(quick(), asked('first use', 0, 5000))).toEqual({ wrong: 0, slow: 1 });
    expect(judged(quick(), asked('wrong', 9, 5000))).toEqual({ wrong: 0, slow: 1 });
  });

  it('says nothing of a wait that the measured machine explains', () => {
    expect(judged(slow(), asked('first use', 0, 5000))).toEqual({ wrong: 0, slow: 0 });
    // A key in use waits for nobody but its node: others waited for the machine, too.
    const heldUp = [asked('in use', 0, 1400), asked('first use', 0, 5000, 100_100)];
    expect(judged(quick(), ...heldUp)).toEqual({ wrong: 0, slow: 0 });
  });

  it.each([14, 17, 'no answer'] as const)(
    'takes %s, which decides nothing, for wrong unless the machine was held up',
    (code) => {
      const second = { ...asked('in use', code), second: { code, tookMs: 5 } };
      expect(judged(quick(), second)).toEqual({ wrong: 1, slow: 0 });
      expect(judged(slow(), second)).toEqual({ wrong: 0, slow: 1 });
      const heldUp = quick();
      heldUp.wasHeldUp(95_000, 99_000);
      expect(judged(heldUp, second)).toEqual({ wrong: 0, slow: 1 });
      const longAgo = quick();
      longAgo.wasHeldUp(20_000, 24_000);
      expect(judged(longAgo, second)).toEqual({ wrong: 1, slow: 0 });
    },
  );

  it('does not take a service that answers nobody for a machine that is held up', () => {
    const none = Array.from({ length: 5 }, () => asked('in use', 'no answer', 20_000));
    expect(judged(quick(), ...none)).toEqual({ wrong: 5, slow: 5 });
  });

  it('tells a service that waits for Redis to come back from a machine that is slow', () => {
    const during = (machine: Machine, ...uses: readonly [number, number][]) => {
      const judge = new Judge(() => 'Redis is paused', machine);
      judge.lasted('Redis is paused', 100_000, 104_000);
      for (const [beganMs, endedMs] of uses) judge.take(asked('first use', 0, endedMs - beganMs, beganMs));
      return judge.findings().wrong.length;
    };
    const waiting = [100_500, 101_000, 102_000].map((beganMs): [number, number] => [beganMs, 104_020]);
    expect(during(quick(), ...waiting)).toBe(1);
    expect(during(slow(), ...waiting)).toBe(0);
    expect(during(quick(), ...waiting, [101_500, 103_000])).toBe(0);
    expect(during(quick(), [103_900, 104_020])).toBe(0);
  });

  it('goes by the second answer where the first said "too busy"', () => {
    const second = { ...asked('first use', 14), second: { code: 0, tookMs: 5 } as const };
    expect(judged(quick(), second)).toEqual({ wrong: 0, slow: 0 });
  });
});

describe('a machine', () => {
  it('is measured before it is judged by', async () => {
    const lines: string[] = [];
    const machine = await Machine.measure((line) => lines.push(line));
    expect(machine.slowness).toBeGreaterThanOrEqual(1);
    expect(lines).toEqual([
      expect.stringMatching(/argon2 run \d+ ms.*Node\.js \d+ ms.*disk \d+ ms; limits of time/),
    ]);
  });

  it('that held up this process is known to have done so', async () => {
    const machine = await Machine.measure(() => undefined);
    const fromMs = performance.now();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(machine.heldUpMs(fromMs, performance.now())).toBeGreaterThan(500);
    expect(machine.mayRefuse(performance.now(), performance.now() + 1)).toBe(true);
  });
});
