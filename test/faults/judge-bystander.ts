/** Whether a client that has nothing to do with an attack waited longer for it. */
import { Findings } from './findings.js';
import { mostByOthers } from './processors.js';

/** Of what 99 of 100 took, against what they took without the attack. */
export const mostRatio = 1.5;

/** A time, or several: then the median of each. */
export interface Waited {
  /** What 99 of 100 took, milliseconds. */
  p99Ms: number;
  /** Of the processors, which others used. */
  byOthers: number;
}

/** @param isHeldUp - the machine held up everybody meanwhile */
export function judgeWait(
  what: string,
  waited: Waited,
  without: Waited,
  isHeldUp: boolean,
): { ratio: number; findings: Findings } {
  const ratio = waited.p99Ms / without.p99Ms;
  const line =
    `${what}: 99 of 100 within ${waited.p99Ms.toFixed(1)} ms, without it ${without.p99Ms.toFixed(1)} ms: ` +
    `${ratio.toFixed(2)} times (others used ${percent(waited)} of the processors, without it ${percent(without)})`;
  const byOthers = Math.max(waited.byOthers, without.byOthers);
  const findings = new Findings();
  if (ratio > mostRatio) (isHeldUp || byOthers > mostByOthers ? findings.slow : findings.wrong).push(line);
  return { ratio, findings };
}

export function usual(all: readonly Waited[]): Waited {
  const median = (of: (one: Waited) => number): number => {
    const sorted = all.map(of).sort((one, other) => one - other);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  };
  return { p99Ms: median(({ p99Ms }) => p99Ms), byOthers: median(({ byOthers }) => byOthers) };
}

function percent({ byOthers }: Waited): string {
  return `${(100 * byOthers).toFixed(0)} %`;
}
