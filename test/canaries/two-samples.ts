/** Whether two samples of times are of one kind: Mann-Whitney's test, which no single slow answer can decide. */
export interface Comparison {
  /** How far apart they are, in standard deviations of what chance does; negative: the first is faster. */
  z: number;
  /** The middle of each sample, in microseconds. */
  medianUs: readonly [number, number];
  /** How often an answer of the first is slower than one of the second: 0.5 says nothing. */
  slowerShare: number;
}

export function compareTimes(first: readonly number[], second: readonly number[]): Comparison {
  const all = [...first.map((ms) => ({ ms, of: 0 })), ...second.map((ms) => ({ ms, of: 1 }))];
  all.sort((one, other) => one.ms - other.ms);
  let rankSum = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (end < all.length && all[end]?.ms === all[start]?.ms) end++;
    // Those that took as long share their rank.
    const rank = (start + end + 1) / 2;
    for (let index = start; index < end; index++) if (all[index]?.of === 0) rankSum += rank;
    start = end;
  }
  const [n, m] = [first.length, second.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
  return {
    z: (u - (n * m) / 2) / deviation,
    medianUs: [medianOf(first) * 1000, medianOf(second) * 1000],
    slowerShare: u / (n * m),
  };
}

function medianOf(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}
