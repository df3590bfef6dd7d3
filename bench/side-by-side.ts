import { median } from './row.js';
import { runWrk, type WrkRequest, type WrkResult } from './wrk.js';

export interface Side {
  port: number;
  request: WrkRequest;
  /** Decisions, or whatever is compared, in one request; 1 unless it says otherwise. */
  perRequest?: number;
}

/**
 * Both sides in turns, so that whatever else the machine does hits both.
 *
 * @returns the median over the rounds of what the subject does for each that the yardstick does
 */
export async function sideBySide(subject: Side, yardstick: Side, isQuick: boolean): Promise<number> {
  const [rounds, seconds] = isQuick ? [3, 1] : [7, 4];
  const measure = async ({ port, request, perRequest = 1 }: Side, forSeconds: number): Promise<number> => {
    const result = checked(await runWrk(port, request, forSeconds));
    return result.requestsPerSecond * perRequest;
  };
  await measure(yardstick, seconds);
  await measure(subject, seconds);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = await measure(yardstick, seconds);
    const second = await measure(subject, seconds);
    ratios.push(second / first);
    process.stderr.write(
      `\r  round ${String(round + 1)} of ${String(rounds)}: ${second.toFixed(0)} / ${first.toFixed(0)} a second   `,
    );
  }
  process.stderr.write('\n');
  return median(ratios);
}

function checked(result: WrkResult): WrkResult {
  if (result.errors > 0) throw new Error(`${String(result.errors)} requests failed`);
  return result;
}
